// Puts things into the cart without leaving the page. The forms do without it,
// and do so wherever anything is off: no such API here, no network, an answer
// that is none. A form that reached the cart after all counts once.

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.getAttribute("action") !== "/cart/add") return;
  event.preventDefault();
  try {
    const fields = new FormData(form);
    const cart = await add(fields);
    const line = cart.lines.find((line) => line.sku === fields.get("sku"));
    showCount(cart.items);
    say(`${line.name}: ${line.quantity} in your cart.`);
    // From now on a click counts again. Until now, a second one was the same form.
    form.elements.namedItem("form").value = crypto.randomUUID();
  } catch {
    form.submit();
  }
});

async function add(fields) {
  const answer = await fetch("/api/cart", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      sku: fields.get("sku"),
      quantity: Number(fields.get("quantity")),
      form: fields.get("form"),
    }),
    signal: AbortSignal.timeout(5000),
  });
  if (!answer.ok) throw new Error(`the API answered ${answer.status}`);
  return answer.json();
}

function showCount(items) {
  const unseen = document.createElement("span");
  unseen.className = "unseen";
  unseen.textContent = " in it";
  document.getElementById("count").replaceChildren(String(items), unseen);
}

// say shows the message for some seconds, and has it read out: its place is in
// the page from the start, as a live region must be.
function say(message) {
  const said = document.createElement("p");
  said.className = "flash passing";
  said.textContent = message;
  document.getElementById("news").replaceChildren(said);
}

// A page that comes back by the back button may be from before what was done
// since, such as signing out.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
