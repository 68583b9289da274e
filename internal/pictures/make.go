package pictures

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	_ "image/gif"  // formats that are read
	_ "image/jpeg" // are known by their first bytes
	_ "image/png"
	"net/http"

	_ "golang.org/x/image/webp"
)

const (
	mostBytes  = 10 << 20   // of a file
	mostPixels = 25_000_000 // of a picture; those of a hostile JPEG take up to 20 bytes each while they are unpacked
	leastSide  = 64         // px: what is smaller counts readers or is an ornament
	widest     = 6          // times as wide as high: on a phone a wider one is a line of 50 px
	highest    = 2          // times as high as wide: a higher one leaves a void beside it
	mostScans  = 200        // of a JPEG; usual are ten, and each is a walk over all pixels
)

// A made picture is one that letters may show.
type made struct {
	content       []byte
	kind          string // "jpg" or "png"
	width, height int    // px
}

// errPanicked is a fault in a decoder, which hostile bytes may find.
var errPanicked = errors.New("it cannot be read: give it as a plain JPEG or PNG")

// fit makes a picture of the bytes of a file. The same bytes give the same picture.
func fit(file []byte) (m made, err error) {
	defer func() {
		if cause := recover(); cause != nil { // what a stranger sends must not end the program
			m, err = made{}, fmt.Errorf("%w (%v)", errPanicked, cause)
		}
	}()
	config, format, err := image.DecodeConfig(bytes.NewReader(file))
	if err != nil {
		return made{}, unreadable(file, err)
	}
	turn := upright
	if format == "jpeg" {
		turn = orientation(file)
	}
	if err := bounded(config, format, file); err != nil {
		return made{}, err
	}
	if err := showable(shape(config.Width, config.Height, turn)); err != nil {
		return made{}, err
	}
	picture, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		return made{}, fmt.Errorf("it is broken or cut off (%w): save it anew", err)
	}
	return encode(onCanvas(picture, config), turn, format == "png" || format == "gif")
}

// bounded looks at what a file says of itself before anything is unpacked.
func bounded(config image.Config, format string, file []byte) error {
	w, h := config.Width, config.Height
	switch {
	case w < leastSide || h < leastSide:
		return fmt.Errorf("it has %d × %d pixels: give one of at least %d × %d", w, h, leastSide, leastSide)
	case w > mostPixels/h:
		return fmt.Errorf("it has %d × %d pixels: give one of at most %d million pixels", w, h, mostPixels/1_000_000)
	case format == "jpeg" && bytes.Count(file, []byte{0xFF, 0xDA}) > mostScans: // SOS, ITU-T T.81 B.1.1.3
		return fmt.Errorf("it is a JPEG in more than %d passes: save it anew", mostScans)
	}
	return nil
}

// showable looks at the proportions of an upright picture.
func showable(w, h int) error {
	switch {
	case w > widest*h:
		return fmt.Errorf("it has %d × %d pixels, and a letter would show a line: give one that is at most %d times as wide as it is high", w, h, widest)
	case h > highest*w:
		return fmt.Errorf("it has %d × %d pixels, and a letter would show a pole: give one that is at most %d times as high as it is wide", w, h, highest)
	}
	return nil
}

// unreadable says what a file is that is no picture.
func unreadable(file []byte, err error) error {
	if errors.Is(err, image.ErrFormat) {
		return fmt.Errorf("it is %s and no JPEG, PNG, GIF or WebP: give the address of a picture of these kinds", http.DetectContentType(file))
	}
	return fmt.Errorf("it is broken or cut off (%w): save it anew", err)
}

// onCanvas puts a first frame that does not fill its canvas in its place there.
func onCanvas(m image.Image, config image.Config) image.Image {
	canvas := image.Rect(0, 0, config.Width, config.Height)
	if m.Bounds() == canvas {
		return m
	}
	whole := image.NewRGBA(canvas)
	copyOnto(whole, m)
	return whole
}
