package newsletter

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"
)

// A Picture is one that Facteur keeps, scaled and the same for every reader.
type Picture struct {
	Name   string `json:"name"`   // of its file, by its content: the last part of its address, see [Picture.Path]
	Width  int    `json:"width"`  // px
	Height int    `json:"height"` // px
	Alt    string `json:"alt"`    // what it says to who does not see it; empty: it only decorates
}

// PicturePath is below which path the public pages show the kept pictures.
const PicturePath = "/i/"

// Path is where the public pages show the picture. It stands in letters, so it never changes.
func (p Picture) Path() string { return PicturePath + p.Name }

var pictureName = regexp.MustCompile(`^[0-9a-f]{32}\.(jpg|png)$`)

// ValidPictureName reports whether a kept picture may have this name.
func ValidPictureName(name string) bool { return pictureName.MatchString(name) }

// PictureState is how far a picture is that an article names.
type PictureState string

const (
	// PictureWaiting: it is to be fetched, or to be fetched once more; editions leave without it. The job of pictures moves it
	// on. A crash changes nothing.
	PictureWaiting PictureState = "waiting"
	// PictureKept: it is in the folder, and editions frozen from then on show it. `article fetch` may put another in its place. A
	// crash changes nothing.
	PictureKept PictureState = "kept"
	// PictureFailed: it was tried several times; the reason is recorded. It is tried again when its article changes, or by
	// `article fetch`. A crash changes nothing.
	PictureFailed PictureState = "failed"
)

// keptHere begins the address of a picture that came from a file instead of the web: its name follows.
const keptHere = "file:"

// Address stands in an article for a picture that was kept already, and is fetched from nowhere.
func (p Picture) Address() string { return keptHere + p.Name }

// PictureKeptHere finds the name of a picture that was kept already; false for one that is on the web.
func PictureKeptHere(address string) (name string, here bool) {
	name, here = strings.CutPrefix(address, keptHere)
	return name, here && ValidPictureName(name)
}

// PictureURL brings the address of a picture into one form: scheme and host in small letters, no fragment. All else means
// what its server makes of it.
func PictureURL(raw string) (string, error) {
	raw = strings.TrimSpace(raw)
	if _, here := PictureKeptHere(raw); here || raw == "" {
		return raw, nil
	}
	if len(raw) > maxURL {
		return "", fmt.Errorf("picture has %d bytes: shorten its address to %d", len(raw), maxURL)
	}
	u, err := url.Parse(raw)
	if err != nil || !utf8.ValidString(raw) {
		return "", fmt.Errorf("picture %q cannot be read: give a full address such as https://example.org/picture.jpg", raw)
	}
	host, ok := canonicalHost(u)
	if !ok || (u.Scheme != "http" && u.Scheme != "https") || u.User != nil {
		return "", fmt.Errorf("picture %q is not a web address: give one such as https://example.org/picture.jpg", raw)
	}
	u.Host = host
	u.Fragment, u.RawFragment = "", ""
	return u.String(), nil
}
