package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"time"

	"facteur/internal/render"
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

func loadAssets(files fs.FS, accents render.Accents) (assets, error) {
	a := assets{files: map[string][]byte{}}
	for _, f := range []struct {
		name, ext string
		path      *string
		dress     func([]byte, render.Accents) []byte
	}{{"style", ".css", &a.style, dressStyle}, {"icon", ".svg", &a.icon, dressIcon}} {
		content, err := fs.ReadFile(files, "web/"+f.name+f.ext)
		if err != nil {
			return assets{}, fmt.Errorf("file of the pages: %w", err)
		}
		content = f.dress(content, accents)
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

// dressStyle puts another accent after the style sheet's own.
func dressStyle(style []byte, accents render.Accents) []byte {
	if accents.Light == accents.Template {
		return style
	}
	return fmt.Appendf(slices.Clip(style), "\n:root { --accent: %s; }\n@media (prefers-color-scheme: dark) { :root { --accent: %s; } }\n", accents.Light, accents.Dark)
}

// dressIcon draws the icon in another accent, where it has the one that letters had.
func dressIcon(icon []byte, accents render.Accents) []byte {
	if accents.Template == "" {
		return icon
	}
	return bytes.ReplaceAll(icon, []byte(accents.Template), []byte(accents.Light))
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
