package pictures

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// quarters has a colour in each corner: red and green above, blue and white below.
func quarters(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.SetRGBA(x, y, corner(x < w/2, y < h/2))
		}
	}
	return m
}

func corner(left, above bool) color.RGBA {
	switch {
	case left && above:
		return color.RGBA{R: 255, A: 255}
	case above:
		return color.RGBA{G: 255, A: 255}
	case left:
		return color.RGBA{B: 255, A: 255}
	}
	return color.RGBA{R: 255, G: 255, B: 255, A: 255}
}

// noise is the hardest picture there is to make small.
func noise(w, h int, alpha bool) *image.NRGBA {
	random := rand.New(rand.NewPCG(1, 2))
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range m.Pix {
		m.Pix[i] = uint8(random.Uint32())
		if i%4 == 3 && !alpha {
			m.Pix[i] = 255
		}
	}
	return m
}

func asJPEG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func asPNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, m); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// withOrientation puts Exif into a JPEG as cameras do, in the order of bytes of which a cameras' makers write either.
func withOrientation(file []byte, turn uint16, order binary.AppendByteOrder) []byte {
	exif := []byte("Exif\x00\x00II")
	if order == binary.AppendByteOrder(binary.BigEndian) {
		exif = []byte("Exif\x00\x00MM")
	}
	exif = order.AppendUint16(exif, 42)
	exif = order.AppendUint32(exif, 8)
	exif = order.AppendUint16(exif, 2)
	for _, entry := range [][2]uint16{{271, 9}, {274, turn}} {
		exif = order.AppendUint16(exif, entry[0])
		exif = order.AppendUint16(exif, 3)
		exif = order.AppendUint32(exif, 1)
		exif = order.AppendUint16(exif, entry[1])
		exif = append(exif, 0, 0)
	}
	exif = append(exif, "lieu secret"...)
	out := append([]byte{}, file[:2]...)
	out = append(out, 0xFF, 0xE1)
	out = binary.BigEndian.AppendUint16(out, uint16(len(exif)+2))
	return append(append(out, exif...), file[2:]...)
}

// moving is a GIF of two frames that do not fill its canvas: the first is red, the second blue.
func moving(t testing.TB) []byte {
	t.Helper()
	frame := func(at image.Rectangle, c color.RGBA) *image.Paletted {
		m := image.NewPaletted(at, color.Palette{c})
		return m
	}
	g := gif.GIF{
		Image: []*image.Paletted{frame(image.Rect(20, 10, 120, 90), corner(true, true)), frame(image.Rect(0, 0, 160, 100), corner(true, false))},
		Delay: []int{10, 10}, Config: image.Config{Width: 160, Height: 100},
	}
	var out bytes.Buffer
	if err := gif.EncodeAll(&out, &g); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// hollow is a PNG that says how large it is and holds next to nothing.
func hollow(w, h uint32) []byte {
	out := []byte("\x89PNG\r\n\x1a\n")
	chunk := func(name string, content []byte) {
		out = binary.BigEndian.AppendUint32(out, uint32(len(content)))
		body := append([]byte(name), content...)
		out = append(out, body...)
		out = binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(body))
	}
	head := binary.BigEndian.AppendUint32(nil, w)
	head = binary.BigEndian.AppendUint32(head, h)
	chunk("IHDR", append(head, 8, 6, 0, 0, 0))
	chunk("IDAT", []byte("\x78\x9c\x03\x00\x00\x00\x00\x01"))
	chunk("IEND", nil)
	return out
}

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	file, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return file
}
