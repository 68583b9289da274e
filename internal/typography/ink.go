package typography

import (
	"strings"
	"unicode"
)

// IsBlank reports a text in which there is nothing to see: white space, and what [IsInkless] knows.
func IsBlank(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsSpace(r) && !IsInkless(r) })
}

// IsInkless reports a character that shows nothing and is no white space: controls, joiners, marks of direction, selectors of a shape, fillers of
// other scripts (Default_Ignorable_Code_Point, UAX #44), and the Braille cell without dots.
func IsInkless(r rune) bool {
	const noDots = '\u2800'
	return isHidden(r) && !unicode.IsSpace(r) || r == noDots || unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}
