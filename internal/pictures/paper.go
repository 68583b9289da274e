package pictures

import (
	"image"
	"image/color"
	stddraw "image/draw"

	"facteur/internal/colour"
)

// onPaper takes a picture's transparency: ink that was drawn for white paper cannot be read on the ground that the dark puts below it,
// nor ink that was drawn for the dark on white.
func onPaper(src *image.RGBA) *image.RGBA {
	paper := color.Gray{Y: 0xFF}
	if pale(src) {
		paper = color.Gray{Y: 0x1C}
	}
	dst := image.NewRGBA(src.Bounds())
	stddraw.Draw(dst, dst.Bounds(), image.NewUniform(paper), image.Point{}, stddraw.Src)
	stddraw.Draw(dst, dst.Bounds(), src, src.Bounds().Min, stddraw.Over)
	return dst
}

const (
	// faint is the contrast with white below which ink can hardly be seen on it: half of what graphics need (WCAG 2.2 §1.4.11).
	faint = 1.5
	// looked is about how many pixels are looked at to judge a picture.
	looked = 20_000
)

// pale reports that less than a twentieth of a picture's ink would be seen on white.
func pale(m *image.RGBA) bool {
	white := colour.Colour{Red: 0xFF, Green: 0xFF, Blue: 0xFF}
	ink, seen := 0, 0
	// A step that no side is likely to be a multiple of, so that the pixels do not stand in columns.
	step := 4 * (len(m.Pix)/4/looked | 1)
	for i := 0; i+3 < len(m.Pix); i += step {
		alpha := int(m.Pix[i+3])
		if alpha == 0 {
			continue
		}
		ink += alpha
		if colour.Contrast(ink8(m.Pix[i:i+3], alpha), white) >= faint {
			seen += alpha
		}
	}
	return ink > 0 && 20*seen < ink
}

// ink8 is the colour of a pixel without its transparency ([image.RGBA] holds it multiplied).
func ink8(pix []uint8, alpha int) colour.Colour {
	plain := func(c uint8) uint8 { return uint8(min(0xFF, int(c)*0xFF/alpha)) }
	return colour.Colour{Red: plain(pix[0]), Green: plain(pix[1]), Blue: plain(pix[2])}
}
