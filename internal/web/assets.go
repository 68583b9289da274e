package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"time"
)

// assets are the files that pages load. Their addresses hold a hash of their content, the scripts' excepted, so that
// they may be cached for ever.
type assets struct {
	style, icon string            // paths
	files       map[string][]byte // by the last part of the path
}

// The files whose names never change: other sites' pages load the first, and it the second.
const (
	scriptName = "inscription.js"
	workName   = "travail.js" // what a form costs
)

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
	for _, name := range []string{scriptName, workName} {
		script, err := fs.ReadFile(files, "web/"+name)
		if err != nil {
			return assets{}, fmt.Errorf("file of the pages: %w", err)
		}
		a.files[name] = script
	}
	return a, nil
}

func (s *site) static(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("name")
	content, ok := s.assets.files[name]
	if !ok {
		return errNowhere
	}
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	if name == scriptName || name == workName {
		w.Header().Set("Cache-Control", "public, max-age=3600") // seconds
		w.Header().Set("Access-Control-Allow-Origin", "*")      // a module is loaded by no page that may not read it (HTML §8.1.4.2)
	}
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
	return nil
}
