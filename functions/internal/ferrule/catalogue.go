package ferrule

import "slices"

// A Product is one thing that the shop sells.
type Product struct {
	SKU         string // names it in addresses, forms and carts
	Name        string
	Price       Cents
	Tagline     string // one line for the catalogue
	Description string
	Details     []Detail
	Picture     string // file in assets
	PictureText string // what the picture shows, for those who do not see it
}

// A Detail is one row of a product's facts.
type Detail struct{ Name, Value string }

// Catalogue returns everything there is, in the order to show it in. Carts name
// products by SKU alone: a price in a session would be a price from the past.
func Catalogue() []Product { return slices.Clone(catalogue) }

var catalogue = []Product{
	{
		SKU: "round-pencils", Name: "Round pencils", Price: 900,
		Tagline: "Six in HB, cedar, with an eraser",
		Description: "Round, because it rolls better between the fingers than six edges do. " +
			"Californian cedar that sharpens in one long curl, and a brass ferrule that keeps its eraser to the end.",
		Details: []Detail{{"Contents", "6 pencils"}, {"Lead", "HB, 2.2 mm"}, {"Length", "190 mm"}},
		Picture: "pencils.svg", PictureText: "Three pencils side by side, each with a brass ferrule and a pink eraser",
	},
	{
		SKU: "pocket-notebook", Name: "Pocket notebook", Price: 1250,
		Tagline: "96 dotted pages, sewn to lie flat",
		Description: "Sewn in sections instead of glued, so that it lies flat on its first day and its last. " +
			"The paper takes a fountain pen without a shadow on the other side.",
		Details: []Detail{{"Pages", "96, 5 mm dots"}, {"Paper", "90 g/m², acid-free"}, {"Size", "90 × 140 mm"}},
		Picture: "notebook.svg", PictureText: "A green notebook with a label and an elastic band",
	},
	{
		SKU: "brass-ruler", Name: "Brass ruler", Price: 1800,
		Tagline: "Fifteen centimetres, engraved",
		Description: "Three millimetres of solid brass: heavy enough to stay where it is put. " +
			"The scale is engraved, not printed, and gets easier to read the darker the brass becomes.",
		Details: []Detail{{"Scale", "150 mm, in whole and half"}, {"Material", "Solid brass, uncoated"}, {"Weight", "94 g"}},
		Picture: "ruler.svg", PictureText: "A brass ruler lying at an angle",
	},
	{
		SKU: "reading-lamp", Name: "Reading lamp", Price: 8900,
		Tagline: "One cone of warm light",
		Description: "A spun aluminium shade on a single arm. It lights the page and leaves the rest of the room alone; " +
			"the dial on its foot goes from a candle to a workbench.",
		Details: []Detail{{"Light", "2700 K, 40 to 470 lm"}, {"Height", "410 mm"}, {"Cable", "Linen, 1.8 m"}},
		Picture: "lamp.svg", PictureText: "A desk lamp that throws a cone of light",
	},
	{
		SKU: "stoneware-mug", Name: "Stoneware mug", Price: 2200,
		Tagline: "Thrown by hand, glazed halfway",
		Description: "The upper half is glazed, the lower half is bare clay and pleasantly rough to hold. " +
			"No two are quite the same height. The dishwasher is fine.",
		Details: []Detail{{"Holds", "320 ml"}, {"Material", "Stoneware, lead-free glaze"}, {"Made in", "batches of forty"}},
		Picture: "mug.svg", PictureText: "A mug with a pale glaze on its upper half",
	},
	{
		SKU: "brass-clips", Name: "Brass clips", Price: 600,
		Tagline: "Forty that grip and do not rust",
		Description: "The familiar two loops, in brass wire thick enough to hold twenty sheets " +
			"and smooth enough to let go of them without a mark.",
		Details: []Detail{{"Contents", "40 clips"}, {"Wire", "1.2 mm brass"}, {"Holds", "20 sheets"}},
		Picture: "clips.svg", PictureText: "Three brass paper clips",
	},
	{
		SKU: "blue-black-ink", Name: "Blue-black ink", Price: 1400,
		Tagline: "Fifty millilitres of evening",
		Description: "Goes on blue and dries towards black. Made for fountain pens, permanent enough for a contract, " +
			"and washes out of a shirt if you are quick.",
		Details: []Detail{{"Contents", "50 ml"}, {"Type", "Iron gall, pH 2.4"}, {"Dries in", "12 seconds"}},
		Picture: "ink.svg", PictureText: "A square bottle of dark blue ink",
	},
	{
		SKU: "pen-tray", Name: "Pen tray", Price: 3400,
		Tagline: "Oiled oak, three compartments",
		Description: "Milled from one board, so that the grain runs through all three compartments. " +
			"The long one takes pens, the two short ones take everything that would otherwise be on the floor.",
		Details: []Detail{{"Size", "240 × 160 × 24 mm"}, {"Material", "Oak, linseed oil"}, {"Underside", "Cork"}},
		Picture: "tray.svg", PictureText: "A wooden tray with a pen, a clip and an eraser in its compartments",
	},
}

// FindProduct returns the product with that SKU.
func FindProduct(sku string) (Product, bool) {
	i := slices.IndexFunc(catalogue, func(p Product) bool { return p.SKU == sku })
	if i < 0 {
		return Product{}, false
	}
	return catalogue[i], true
}
