package pictures

import (
	"bytes"
	"image"
	stddraw "image/draw"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/draw"
)

// budget is how many bytes a picture takes at most where quality can reach it.
const budget = 200_000

// sides are the most pixels of a side, the best first; the sheet of a letter is 600 px wide, and screens have up to two for each.
func sides() []int { return []int{1200, 900, 600} }

// tall is the most pixels of the height of a picture that is more than half as high again as it is wide. One that is just so fills
// the 544 px between the edges of a sheet and is 816 px high; so none stands higher.
const tall = 816

// qualities are those of a JPEG, the best first; below the last, its blocks can be seen.
func qualities() []int { return []int{82, 74, 66} }

// encode finds the best form that keeps to the budget, or the smallest where none does. plain is one whose file lost nothing:
// a drawing, for which PNG is often smaller than JPEG, and crisp. So is what was cut out of its ground.
func encode(src image.Image, turn int, plain bool) (made, error) {
	m, err := encodeJPEG(src, turn)
	if err != nil || !plain && opaque(src) {
		return m, err
	}
	drawing, err := pngOf(turned(scaled(src, worthwhile(src, turn)[0]), turn))
	if err == nil && len(drawing.content) <= len(m.content) {
		return drawing, nil
	}
	return m, err
}

func encodeJPEG(src image.Image, turn int) (m made, err error) {
	for _, side := range worthwhile(src, turn) {
		picture := turned(scaled(src, side), turn)
		for _, quality := range qualities() {
			if m, err = jpegOf(picture, quality); err != nil || len(m.content) <= budget {
				return m, err
			}
		}
	}
	return m, err
}

// worthwhile leaves out the sides that would give the same picture again.
func worthwhile(src image.Image, turn int) (all []int) {
	w, h := shape(src.Bounds().Dx(), src.Bounds().Dy(), turn)
	for i, side := range sides() {
		if 2*h > 3*w {
			side = min(side, tall)
		}
		if i == 0 || side < max(w, h) && side < all[len(all)-1] {
			all = append(all, side)
		}
	}
	return all
}

// shape is the size of a picture once it is turned.
func shape(w, h, turn int) (upWidth, upHeight int) {
	if turn >= 5 {
		return h, w
	}
	return w, h
}

func pngOf(m *image.RGBA) (made, error) {
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	err := encoder.Encode(&out, m)
	return made{out.Bytes(), "png", m.Bounds().Dx(), m.Bounds().Dy()}, err
}

func jpegOf(m *image.RGBA, quality int) (made, error) {
	var out bytes.Buffer
	err := jpeg.Encode(&out, m, &jpeg.Options{Quality: quality})
	return made{out.Bytes(), "jpg", m.Bounds().Dx(), m.Bounds().Dy()}, err
}

// scaled gives a picture whose longer side is at most side. None is enlarged, and what was nothing is paper.
func scaled(src image.Image, side int) *image.RGBA {
	w, h := src.Bounds().Dx(), src.Bounds().Dy()
	if longest := max(w, h); longest > side {
		w, h = max(1, (w*side+longest/2)/longest), max(1, (h*side+longest/2)/longest)
	}
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	if dst.Bounds().Size() == src.Bounds().Size() {
		copyOnto(dst, src)
	} else {
		draw.CatmullRom.Scale(dst, dst.Bounds(), src, src.Bounds(), draw.Src, nil)
	}
	if !opaque(src) {
		return onPaper(dst)
	}
	for i := 3; i < len(dst.Pix); i += 4 { // exactly, whatever the rounding
		dst.Pix[i] = 0xFF
	}
	return dst
}

// turned makes a picture upright.
func turned(src *image.RGBA, turn int) *image.RGBA {
	if turn == upright {
		return src
	}
	w, h := src.Bounds().Dx(), src.Bounds().Dy()
	upWidth, upHeight := shape(w, h, turn)
	size := image.Rect(0, 0, upWidth, upHeight)
	dst := image.NewRGBA(size)
	for y := range size.Dy() {
		for x := range size.Dx() {
			fromX, fromY := origin(x, y, w, h, turn)
			dst.SetRGBA(x, y, src.RGBAAt(fromX, fromY))
		}
	}
	return dst
}

// origin tells where a pixel of the upright picture stands in one of w × h (Exif 2.32 §4.6.4, tag 274).
func origin(x, y, w, h, turn int) (fromX, fromY int) {
	switch turn {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return y, h - 1 - x
	case 7:
		return w - 1 - y, h - 1 - x
	case 8:
		return w - 1 - y, x
	}
	return x, y
}

func opaque(m image.Image) bool {
	o, ok := m.(interface{ Opaque() bool })
	return ok && o.Opaque()
}

// copyOnto draws a picture in its place, and where it is of the same size, over all.
func copyOnto(dst *image.RGBA, src image.Image) {
	at := src.Bounds()
	if at.Size() == dst.Bounds().Size() {
		at = dst.Bounds()
	}
	stddraw.Draw(dst, at, src, src.Bounds().Min, stddraw.Src)
}
