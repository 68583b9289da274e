package colour_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"facteur/internal/colour"
)

func parsed(t *testing.T, text string) colour.Colour {
	t.Helper()
	c, err := colour.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestParse(t *testing.T) {
	for given, want := range map[string]string{"#a23d26": "#a23d26", "#A23D26": "#a23d26", "#000000": "#000000"} {
		if got := parsed(t, given).String(); got != want {
			t.Errorf("%s is read as %s", given, got)
		}
	}
	for _, wrong := range []string{"", "#", "a23d26", "#a23", "#a23d2", "#a23d266", "#a23d2g", " #a23d26", "red", "rgb(1,2,3)"} {
		if c, err := colour.Parse(wrong); err == nil {
			t.Errorf("%q is read as %s", wrong, c)
		}
	}
}

// The figures are those of WebAIM's contrast checker, which cuts them off after two digits.
func TestContrast(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want float64
	}{
		{"#000000", "#ffffff", 21}, {"#777777", "#777777", 1}, {"#777777", "#ffffff", 4.47}, {"#767676", "#ffffff", 4.54},
		{"#ff0000", "#ffffff", 3.99}, {"#0000ff", "#ffffff", 8.59}, {"#00ff00", "#000000", 15.30},
	} {
		a, b := parsed(t, test.a), parsed(t, test.b)
		if got := colour.Contrast(a, b); math.Abs(got-test.want) > 0.01 || got != colour.Contrast(b, a) {
			t.Errorf("%s on %s has %.4f, want %.2f", a, b, got, test.want)
		}
	}
}

func TestToward(t *testing.T) {
	onWhite := func(c colour.Colour) bool {
		return colour.Contrast(c, colour.Colour{Red: 255, Green: 255, Blue: 255}) >= colour.Readable
	}
	gold := parsed(t, "#ffcc00")
	if c, ok := gold.Darker(onWhite); !ok || !onWhite(c) || c == (colour.Colour{}) {
		t.Errorf("darker than %s: %s, %v", gold, c, ok)
	}
	if c, ok := gold.Lighter(onWhite); ok || c.String() != "#ffffff" {
		t.Errorf("lighter than %s: %s, %v", gold, c, ok)
	}
	rapid.Check(t, func(t *rapid.T) {
		octet := rapid.Uint8()
		c := colour.Colour{Red: octet.Draw(t, "red"), Green: octet.Draw(t, "green"), Blue: octet.Draw(t, "blue")}
		found, ok := c.Darker(onWhite)
		if !ok || !onWhite(found) {
			t.Fatalf("nothing darker than %s is read on white: %s", c, found)
		}
		if onWhite(c) && found != c {
			t.Fatalf("%s is read as it is, and became %s", c, found)
		}
	})
}
