package web

import (
	"bytes"
	"errors"
	"net/http"
	"path"
	"time"

	"facteur/internal/newsletter"
)

// Pictures are those that letters show.
type Pictures interface {
	// Read gives the bytes of a picture by its name, or is newsletter.ErrNotFound.
	Read(name string) ([]byte, error)
}

// picture answers with one. Its name tells its content, so who has it need never ask again.
func (s *site) picture(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("name")
	content, err := s.Pictures.Read(name)
	if errors.Is(err, newsletter.ErrNotFound) {
		return errNowhere
	}
	if err != nil {
		return err
	}
	kind := "image/jpeg"
	if path.Ext(name) == ".png" {
		kind = "image/png"
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("ETag", `"`+name+`"`)
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
	return nil
}
