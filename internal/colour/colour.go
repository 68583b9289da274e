// Package colour is what design needs to know of colours: how well one is read on another, and which one near by is read better.
package colour

import (
	"encoding/hex"
	"errors"
	"math"
	"strings"
)

// A Colour is one of sRGB, opaque.
type Colour struct{ Red, Green, Blue uint8 }

// Readable is the contrast from which on text of any size is read (WCAG 2.2, success criterion 1.4.3).
const Readable = 4.5

// Parse reads the one form that every mail program takes, such as "#a23d26".
func Parse(text string) (Colour, error) {
	digits, found := strings.CutPrefix(text, "#")
	octets, err := hex.DecodeString(digits)
	if !found || err != nil || len(octets) != 3 {
		return Colour{}, errors.New("not a colour such as #a23d26: a number sign and six hexadecimal digits")
	}
	return Colour{octets[0], octets[1], octets[2]}, nil
}

// String is the form that Parse reads, in small letters.
func (c Colour) String() string { return "#" + hex.EncodeToString([]byte{c.Red, c.Green, c.Blue}) }

// Contrast of two colours is from 1, the same, to 21, black and white (WCAG 2.2, "contrast ratio").
func Contrast(a, b Colour) float64 {
	light, dark := a.luminance(), b.luminance()
	return (max(light, dark) + 0.05) / (min(light, dark) + 0.05)
}

// Toward goes in small steps from c to another colour and returns the first on the way that is good enough; false where
// even the last is not.
func (c Colour) Toward(other Colour, enough func(Colour) bool) (Colour, bool) {
	const steps = 200
	for i := range steps + 1 {
		part := float64(i) / steps
		between := Colour{mix(c.Red, other.Red, part), mix(c.Green, other.Green, part), mix(c.Blue, other.Blue, part)}
		if enough(between) {
			return between, true
		}
	}
	return other, false
}

func mix(a, b uint8, part float64) uint8 {
	return uint8(math.Round(float64(a) + (float64(b)-float64(a))*part))
}

// luminance is from 0, black, to 1, white (WCAG 2.2, "relative luminance").
func (c Colour) luminance() float64 {
	return 0.2126*linear(c.Red) + 0.7152*linear(c.Green) + 0.0722*linear(c.Blue)
}

func linear(channel uint8) float64 {
	s := float64(channel) / 255
	if s <= 0.04045 {
		return s / 12.92
	}
	return math.Pow((s+0.055)/1.055, 2.4)
}

// Darker is the first colour on the way to black that is good enough.
func (c Colour) Darker(enough func(Colour) bool) (Colour, bool) { return c.Toward(Colour{}, enough) }

// Lighter is the first on the way to white.
func (c Colour) Lighter(enough func(Colour) bool) (Colour, bool) {
	return c.Toward(Colour{255, 255, 255}, enough)
}
