package pictures

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"runtime"
	"strings"
	"testing"
)

// made pictures are read back by what mail programs have.
func read(t testing.TB, m made) image.Image {
	t.Helper()
	picture, format, err := image.Decode(bytes.NewReader(m.content))
	if err != nil {
		t.Fatal(err)
	}
	if size := picture.Bounds().Size(); size.X != m.width || size.Y != m.height {
		t.Errorf("the picture has %v, and is said to have %d × %d", size, m.width, m.height)
	}
	if want := map[string]string{"jpg": "jpeg", "png": "png"}[m.kind]; format != want {
		t.Errorf("the picture is %s, and is said to be %s", format, m.kind)
	}
	return picture
}

func TestFit(t *testing.T) {
	palette := image.NewPaletted(image.Rect(0, 0, 400, 300), color.Palette{color.White, color.Black})
	glass := image.NewNRGBA(image.Rect(0, 0, 300, 200))
	for i := range glass.Pix {
		glass.Pix[i] = 0x80
	}
	// A square below on the left, and all else transparent, though a border around it may be less so.
	ink := func(c, border color.NRGBA) []byte {
		m := image.NewNRGBA(image.Rect(0, 0, 300, 200))
		for y := 100; y < 200; y++ {
			for x := range 110 {
				if m.SetNRGBA(x, y, c); x >= 100 {
					m.SetNRGBA(x, y, border)
				}
			}
		}
		return asPNG(t, m)
	}
	black, white := color.NRGBA{A: 255}, color.NRGBA{R: 255, G: 255, B: 255, A: 255}
	for name, test := range map[string]struct {
		file   []byte
		kind   string
		w, h   int
		pixels string // of the corners, as at names them; empty: not looked at
	}{
		"a small JPEG":         {asJPEG(t, quarters(400, 300)), "jpg", 400, 300, "rgbw"},
		"a large JPEG":         {asJPEG(t, quarters(1500, 1000)), "jpg", 1200, 800, "rgbw"},
		"a tall JPEG":          {asJPEG(t, quarters(1000, 1500)), "jpg", 800, 1200, "rgbw"},
		"one from a phone":     {asJPEG(t, quarters(1080, 1920)), "jpg", 459, 816, "rgbw"},
		"lying, and tall":      {withOrientation(asJPEG(t, quarters(1920, 1080)), 6, binary.BigEndian), "jpg", 459, 816, "brwg"},
		"as tall as can be":    {asJPEG(t, quarters(600, 1200)), "jpg", 408, 816, "rgbw"},
		"as wide as can be":    {asJPEG(t, quarters(1800, 300)), "jpg", 1200, 200, "rgbw"},
		"grey":                 {asJPEG(t, image.NewGray(image.Rect(0, 0, 200, 100))), "jpg", 200, 100, ""},
		"a drawing":            {asPNG(t, palette), "png", 400, 300, "wwww"},
		"a photograph as PNG":  {asPNG(t, noise(200, 200, false)), "jpg", 200, 200, ""},
		"sixteen bits":         {asPNG(t, image.NewRGBA64(image.Rect(0, 0, 100, 100))), "png", 100, 100, "wwww"},
		"glass":                {asPNG(t, glass), "png", 300, 200, "wwww"},
		"large glass":          {asPNG(t, image.NewNRGBA(image.Rect(0, 0, 1400, 700))), "png", 1200, 600, "wwww"},
		"ink on nothing":       {ink(black, black), "png", 300, 200, "wwkw"},
		"pale ink on nothing":  {ink(white, white), "png", 300, 200, "kkwk"},
		"pale with a shade":    {ink(white, color.NRGBA{A: 30}), "png", 300, 200, "kkwk"},
		"pale with a border":   {ink(white, black), "png", 300, 200, "wwww"},
		"a GIF that moves":     {moving(t), "png", 160, 100, "wwww"}, // its first frame leaves the edge free
		"WebP":                 {fixture(t, "lossy.webp"), "jpg", 150, 103, ""},
		"WebP with a channel":  {fixture(t, "alpha.webp"), "jpg", 400, 301, ""},
		"bytes behind the end": {append(asJPEG(t, quarters(400, 300)), "<script>"...), "jpg", 400, 300, "rgbw"},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := fit(test.file)
			if err != nil {
				t.Fatal(err)
			}
			picture := read(t, m)
			if m.kind != test.kind || m.width != test.w || m.height != test.h {
				t.Errorf("it became %s, %d × %d; want %s, %d × %d", m.kind, m.width, m.height, test.kind, test.w, test.h)
			}
			if got := corners(picture); test.pixels != "" && got != test.pixels {
				t.Errorf("its corners are %s, want %s", got, test.pixels)
			}
			again, err := fit(test.file)
			if err != nil || !bytes.Equal(again.content, m.content) {
				t.Errorf("the same file gives another picture (%v)", err)
			}
			if len(m.content) > budget {
				t.Errorf("it has %d bytes", len(m.content))
			}
		})
	}
}

// corners names the colours in the four corners, those above first.
func corners(m image.Image) string {
	b := m.Bounds()
	at := func(x, y int) string {
		c := color.NRGBAModel.Convert(m.At(b.Min.X+x*(b.Dx()-1), b.Min.Y+y*(b.Dy()-1))).(color.NRGBA)
		high := func(v uint8) bool { return v > 150 }
		switch {
		case c.A < 255:
			return "~"
		case high(c.R) && high(c.G) && high(c.B):
			return "w"
		case high(c.R):
			return "r"
		case high(c.G):
			return "g"
		case high(c.B):
			return "b"
		}
		return "k"
	}
	return at(0, 0) + at(1, 0) + at(0, 1) + at(1, 1)
}

// A picture is shown as it was held when it was taken, and nothing of where that was stays in it.
func TestFit_turnsUpright(t *testing.T) {
	plain := asJPEG(t, quarters(400, 200))
	for turn, want := range []string{1: "rgbw", 2: "grwb", 3: "wbgr", 4: "bwrg", 5: "rbgw", 6: "brwg", 7: "wgbr", 8: "gwrb", 9: "rgbw"} {
		for name, order := range map[string]binary.AppendByteOrder{"II": binary.LittleEndian, "MM": binary.BigEndian} {
			m, err := fit(withOrientation(plain, uint16(turn), order))
			if turn == 0 {
				want = "rgbw"
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := corners(read(t, m)); got != want {
				t.Errorf("orientation %d %s: %s, want %s", turn, name, got, want)
			}
			if sideways := turn >= 5 && turn <= 8; sideways != (m.height == 400) {
				t.Errorf("orientation %d: %d × %d", turn, m.width, m.height)
			}
			if bytes.Contains(m.content, []byte("Exif")) || bytes.Contains(m.content, []byte("secret")) {
				t.Error("what the camera wrote is still in it")
			}
		}
	}
}

// What could not be small is made small, with fewer pixels if need be.
func TestFit_keepsToTheBudget(t *testing.T) {
	for name, file := range map[string][]byte{
		"noise": asPNG(t, noise(700, 700, false)), "noise with holes": asPNG(t, noise(700, 700, true)), "noise as JPEG": asJPEG(t, noise(700, 700, false)),
	} {
		m, err := fit(file)
		if err != nil || len(m.content) > budget || m.width < 600 {
			t.Errorf("%s became %d × %d in %d bytes, %v", name, m.width, m.height, len(m.content), err)
		}
	}
}

func TestFit_refuses(t *testing.T) {
	whole := asJPEG(t, quarters(400, 300))
	passes := append(bytes.Clone(whole), bytes.Repeat([]byte{0xFF, 0xDA}, mostScans)...)
	for name, test := range map[string]struct {
		file []byte
		says string
	}{
		"nothing":      {nil, "it is text/plain"},
		"HTML":         {[]byte("<!DOCTYPE html><title>404</title>"), "it is text/html; charset=utf-8 and no JPEG, PNG, GIF or WebP"},
		"SVG":          {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), "and no JPEG, PNG, GIF or WebP"},
		"cut off":      {whole[:len(whole)/2], "it is broken or cut off"},
		"only a head":  {whole[:12], "it is broken or cut off"},
		"a PNG bomb":   {hollow(50_000, 50_000), "it has 50000 × 50000 pixels: give one of at most 25 million"},
		"over 32 bits": {hollow(1<<31-1, 1<<31-1), "it"},
		"hollow":       {hollow(1000, 1000), "it is broken or cut off"},
		"a counter":    {asPNG(t, quarters(1, 1)), "it has 1 × 1 pixels: give one of at least 64 × 64"},
		"a line":       {asPNG(t, image.NewGray(image.Rect(0, 0, 20_000, 64))), "it has 20000 × 64 pixels, and a letter would show a line: give one that is at most 6 times as wide as it is high"},
		"a pole":       {asPNG(t, image.NewGray(image.Rect(0, 0, 64, 20_000))), "it has 64 × 20000 pixels, and a letter would show a pole: give one that is at most 2 times as high as it is wide"},
		"a pole lying": {withOrientation(asJPEG(t, quarters(400, 100)), 8, binary.LittleEndian), "it has 100 × 400 pixels, and a letter would show a pole"},
		"many passes":  {passes, "it is a JPEG in more than 200 passes"},
	} {
		t.Run(name, func(t *testing.T) {
			if m, err := fit(test.file); err == nil || !strings.Contains(err.Error(), test.says) || m.content != nil {
				t.Errorf("it says %v, want %q", err, test.says)
			}
		})
	}
}

// A bomb is refused before anything is unpacked.
func TestFit_takesNoMemoryForABomb(t *testing.T) {
	bomb := hollow(50_000, 50_000)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := fit(bomb)
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; err == nil || took > 1<<20 {
		t.Errorf("it took %d bytes, %v", took, err)
	}
}

// FuzzFit: whatever the bytes are, there is a picture or a reason, and a picture is one that mail programs read.
func FuzzFit(f *testing.F) {
	small := quarters(80, 70)
	f.Add(asJPEG(f, small))
	f.Add(asPNG(f, small))
	f.Add(asPNG(f, noise(64, 64, true)))
	f.Add(moving(f))
	f.Add(fixture(f, "lossy.webp"))
	f.Add(fixture(f, "alpha.webp"))
	f.Add(hollow(50_000, 50_000))
	f.Add(withOrientation(asJPEG(f, small), 6, binary.LittleEndian))
	f.Fuzz(func(t *testing.T, file []byte) {
		if config, _, err := image.DecodeConfig(bytes.NewReader(file)); err == nil && config.Width > 0 && config.Height > 1_000_000/config.Width {
			return // slow, and nothing but large
		}
		m, err := fit(file)
		if errors.Is(err, errPanicked) {
			t.Fatal(err)
		}
		if err != nil {
			return
		}
		picture := read(t, m)
		if size := picture.Bounds().Size(); max(size.X, size.Y) > sides()[0] || len(m.content) > budget {
			t.Errorf("%v in %d bytes", size, len(m.content))
		}
	})
}

// FuzzOrientation: no Exif reads outside of its bytes.
func FuzzOrientation(f *testing.F) {
	whole := withOrientation(asJPEG(f, quarters(64, 64)), 6, binary.BigEndian)
	f.Add(whole[:120])
	f.Add(whole[:30])
	f.Add([]byte{0xFF, 0xD8, 0xFF, 0xE1, 0, 8, 'E', 'x', 'i', 'f', 0, 0})
	f.Fuzz(func(t *testing.T, file []byte) {
		if turn := orientation(file); turn < 1 || turn > 8 {
			t.Errorf("orientation %d", turn)
		}
	})
}

func BenchmarkFit(b *testing.B) {
	for _, side := range []int{1200, 4000} {
		file := asJPEG(b, quarters(side, side*3/4))
		b.Run(fmt.Sprint(side), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := fit(file); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
