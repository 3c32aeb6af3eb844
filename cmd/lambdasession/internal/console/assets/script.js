// Keeps an open page up to date: rows, totals and builds come rendered, by
// server-sent events, and are put in their places. Without it the pages work
// by reloading.
"use strict";

const { page, after } = document.body.dataset;
const kept = 200; // rows, as the journal's

const source = new EventSource("/events?after=" + encodeURIComponent(after));
const live = document.getElementById("live");

live.hidden = false;
source.addEventListener("open", () => say("live", "Live"));
source.addEventListener("error", () => say("lost", "Not connected"));
source.addEventListener("restart", () => location.reload());

if (page === "requests") {
  source.addEventListener("requests", (event) => fragment(event).querySelectorAll(".request").forEach(show));
  source.addEventListener("totals", (event) => replace(fragment(event).firstElementChild));
  source.addEventListener("builds", (event) => replace(fragment(event).firstElementChild));
}
if (page === "sessions") {
  source.addEventListener("requests", (event) => {
    const stale = document.getElementById("stale");
    if (stale && fragment(event).querySelector("[data-wrote]")) stale.hidden = false;
  });
}

function say(state, text) {
  live.dataset.state = state;
  live.textContent = text;
}

function fragment(event) {
  const template = document.createElement("template");
  template.innerHTML = event.data;
  return template.content;
}

// replace puts a part of the page in the place of the one with its id, unless
// they are alike: what somebody has selected in it stays.
function replace(part) {
  const old = document.getElementById(part.id);
  if (old.outerHTML !== part.outerHTML) old.replaceWith(part);
}

// show puts a row where it belongs: on top, or in the place of what it was
// before, as open as that and with the focus.
function show(row) {
  const list = document.getElementById("requests");
  const old = document.getElementById(row.id);
  if (!old) {
    list.prepend(row);
    row.classList.add("new");
    if (list.children.length > kept) list.lastElementChild.remove();
  } else {
    const focused = old.contains(document.activeElement);
    row.firstElementChild.open = old.firstElementChild.open;
    old.replaceWith(row);
    if (focused) row.querySelector("summary").focus({ preventScroll: true });
  }
  if (row.dataset.state !== "running") announce(row);
}

// announce tells a screen reader of new requests, a few seconds' worth at once.
let heard = 0;
let waiting = false;

function announce(row) {
  heard++;
  if (waiting) return;
  waiting = true;
  setTimeout(() => {
    const text = heard === 1
      ? `${row.dataset.request}: status ${row.dataset.status}`
      : `${heard} new requests`;
    document.getElementById("news").textContent = text;
    heard = 0;
    waiting = false;
  }, 3000);
}
