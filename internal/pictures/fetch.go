package pictures

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"

	"facteur/internal/newsletter"
)

// A Web fetches files of strangers. Of one that has more bytes than most, it gives one more than these. An error is for people,
// unless it is that of ctx.
type Web interface {
	Get(ctx context.Context, address, accept string, most int64) ([]byte, error)
}

// kinds are what servers are asked for.
const kinds = "image/jpeg, image/png, image/webp, image/gif;q=0.9"

// A Gallery fetches pictures and keeps them in a folder.
type Gallery struct {
	Folder
	web Web
}

// New makes a gallery.
func New(folder Folder, web Web) *Gallery { return &Gallery{folder, web} }

// Fetch fetches a picture, makes it fit for letters and keeps it. Its error is for people, unless it is that of ctx.
func (g *Gallery) Fetch(ctx context.Context, source string) (newsletter.Picture, error) {
	if name, here := newsletter.PictureKeptHere(source); here {
		return g.look(name)
	}
	file, err := g.web.Get(ctx, source, kinds, mostBytes)
	if err != nil {
		return newsletter.Picture{}, err
	}
	return g.Keep(file)
}

// Keep makes the bytes of a file fit for letters and keeps them.
func (g *Gallery) Keep(file []byte) (newsletter.Picture, error) {
	m, err := g.fit(file)
	if err != nil {
		return newsletter.Picture{}, err
	}
	return g.keep(m)
}

// Try is Keep, but for the keeping.
func (g *Gallery) Try(file []byte) error {
	_, err := g.fit(file)
	return err
}

func (g *Gallery) fit(file []byte) (made, error) {
	if len(file) > mostBytes {
		return made{}, fmt.Errorf("it is larger than %d MiB: give a smaller one", mostBytes>>20)
	}
	return fit(file)
}

// look finds a picture that is kept.
func (g *Gallery) look(name string) (newsletter.Picture, error) {
	content, err := g.Read(name)
	if errors.Is(err, newsletter.ErrNotFound) {
		return newsletter.Picture{}, errors.New("its file is not kept any more: add the article once more")
	}
	if err != nil {
		return newsletter.Picture{}, err
	}
	config, _, err := image.DecodeConfig(bytes.NewReader(content))
	return newsletter.Picture{Name: name, Width: config.Width, Height: config.Height}, err
}
