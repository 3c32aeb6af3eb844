package e2e

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

func TestEveryPageOfTheShopIsForEverybody(t *testing.T) {
	t.Parallel()
	shop := startShop(t)
	b := openBrowser(t, shop.url)
	look, judge := b.forEverybody()
	b.tour(look)
	judge()
}

func TestEveryPageOfTheReportIsForEverybody(t *testing.T) {
	t.Parallel()
	report := startShop(t, "--function", "ReportFunction")
	b := openBrowser(t, report.url)
	look, judge := b.forEverybody()
	b.open("/")
	look("the report's sign-in")
	const name, password = "[name=name]", "[name=password]"
	b.expect(422, typed(name, "ada"), typed(password, "nanosecond"), press("form"))
	look("the report's sign-in after a mistake")
	b.goTo(typed(name, "ada"), typed(password, "analytical-engine"), press("form"))
	look("the report")
	judge()
}

// forEverybody returns how to look at pages: each must be accessible by day and
// by night, on wide and narrow screens, and fit the narrowest without scrolling
// sideways (WCAG 2.2, 1.4.10: 320 pixels). Judge, in the end, wants all of them
// to be valid HTML that does nothing which its own policy forbids.
func (b *browser) forEverybody() (look func(what string), judge func()) {
	b.t.Helper()
	source, sources := b.sources(), map[string]string{}
	look = func(what string) {
		b.t.Helper()
		sources[what] = source()
		for _, scheme := range []string{"light", "dark"} {
			b.prefer(scheme)
			for _, width := range []int64{1280, 400} {
				b.do(chromedp.EmulateViewport(width, 800))
				b.wantAccessible(what + ", " + scheme)
			}
		}
		b.do(chromedp.EmulateViewport(320, 800))
		b.wantNothingSideways(what)
	}
	return look, func() {
		b.t.Helper()
		wantValid(b.t, sources)
		b.wantPolicyKept()
	}
}

// prefer makes the browser one whose user prefers light or dark pages.
func (b *browser) prefer(scheme string) {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

// wantNothingSideways checks that the page is no wider than the window.
func (b *browser) wantNothingSideways(what string) {
	b.t.Helper()
	width := evaluate[int](b, `innerWidth`)
	if most := evaluate[int](b, `document.documentElement.scrollWidth`); most > width {
		b.t.Errorf("%s is %d pixels wide in a window of %d: %q", what, most, width, evaluate[[]string](b, `
			Array.from(document.querySelectorAll("body *"))
				.filter(e => e.getBoundingClientRect().right > innerWidth)
				.map(e => e.outerHTML.slice(0, 120))`))
	}
}
