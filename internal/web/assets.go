package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"time"

	"facteur/internal/newsletter"
)

// assets are the files that pages load. Their addresses hold a hash of their content, the script's excepted, so that
// they may be cached for ever.
type assets struct {
	style, icon string            // paths
	files       map[string][]byte // by the last part of the path
}

// scriptName is the one file whose name never changes: other sites' pages load it.
const scriptName = "inscription.js"

func loadAssets(files fs.FS) (assets, error) {
	a := assets{files: map[string][]byte{}}
	for _, f := range []struct {
		name, ext string
		path      *string
	}{{"style", ".css", &a.style}, {"icon", ".svg", &a.icon}} {
		content, err := fs.ReadFile(files, "web/"+f.name+f.ext)
		if err != nil {
			return assets{}, fmt.Errorf("file of the pages: %w", err)
		}
		hash := sha256.Sum256(content)
		name := f.name + "." + hex.EncodeToString(hash[:8]) + f.ext
		a.files[name] = content
		*f.path = "/static/" + name
	}
	script, err := fs.ReadFile(files, "web/"+scriptName)
	if err != nil {
		return assets{}, fmt.Errorf("file of the pages: %w", err)
	}
	a.files[scriptName] = script
	return a, nil
}

func (s *site) static(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("name")
	content, ok := s.assets.files[name]
	if !ok {
		return newsletter.ErrNotFound
	}
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	if name == scriptName {
		w.Header().Set("Cache-Control", "public, max-age=3600") // seconds
	}
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
	return nil
}
