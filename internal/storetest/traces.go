package storetest

import (
	"bytes"
	"encoding/base64"
	"io/fs"
	"mime/quotedprintable"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"facteur/internal/address"
)

// Traces looks through every file under a folder for addresses, in any capitals and however mail and databases write
// them: plain, with the domain as A-label and in its own script, base64 in each of its three alignments,
// quoted-printable and percent-encoded, broken over lines or not. It tells what it found where.
func Traces(t *testing.T, folder string, addresses ...string) (found []string) {
	t.Helper()
	var forms []form
	for _, text := range addresses {
		a, err := address.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		for _, plain := range []string{text, a.String(), a.Display(), a.Key()} {
			forms = append(forms, formsOf(plain)...)
		}
	}
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		// Lines of base64, and of quoted-printable with its soft line breaks (RFC 2045 §6.7, §6.8), are joined.
		joined := bytes.ReplaceAll(bytes.ReplaceAll(content, []byte("=\r\n"), nil), []byte("\r\n"), nil)
		for _, f := range forms {
			if f.in(content) || f.in(joined) {
				found = append(found, filepath.Base(path)+": "+f.what+" "+f.text)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// A form is one way in which a text may be written.
type form struct {
	what, text string
	exact      bool // capitals make a difference
}

func (f form) in(content []byte) bool {
	if f.exact {
		return bytes.Contains(content, []byte(f.text))
	}
	return bytes.Contains(bytes.ToLower(content), bytes.ToLower([]byte(f.text)))
}

func formsOf(plain string) []form {
	forms := []form{{what: "plain", text: plain}, {what: "percent-encoded", text: url.QueryEscape(plain)}}
	var quoted strings.Builder
	w := quotedprintable.NewWriter(&quoted)
	_, _ = w.Write([]byte(plain)) // a builder takes everything
	_ = w.Close()
	forms = append(forms, form{what: "quoted-printable", text: quoted.String()}, form{what: "quoted-printable", text: strings.ReplaceAll(quoted.String(), "@", "=40")})
	for _, capitals := range []string{plain, strings.ToLower(plain), strings.ToUpper(plain)} {
		for before := range 3 {
			coded := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("x", before) + capitals))
			inner := coded[[]int{0, 2, 3}[before] : len(coded)-1] // the first and the last character hold bits of their neighbours
			forms = append(forms, form{"base64", inner, true}, form{"base64url", strings.NewReplacer("+", "-", "/", "_").Replace(inner), true})
		}
	}
	return forms
}
