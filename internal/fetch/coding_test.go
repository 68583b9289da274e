package fetch_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"

	"facteur/internal/fetch"
)

func packed(t *testing.T, content string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Servers pack what nobody asked them to pack. It counts unpacked, and what cannot be unpacked is said.
func TestGetChanged_packed(t *testing.T) {
	whole := packed(t, "Bonjour.")
	for name, c := range map[string]struct {
		coding, sent string
		want, says   string
	}{
		"as it is":     {"", "Bonjour.", "Bonjour.", ""},
		"identity":     {"identity", "Bonjour.", "Bonjour.", ""},
		"gzip":         {"gzip", whole, "Bonjour.", ""},
		"an old name":  {"X-Gzip", whole, "Bonjour.", ""},
		"nothing":      {"gzip", "", "", ""},
		"in two parts": {"gzip", whole + packed(t, " Salut."), "Bonjour. Salut.", ""},
		"a bomb":       {"gzip", packed(t, strings.Repeat("x", 50<<20)), strings.Repeat("x", 101), ""},
		"twice":        {"gzip, gzip", packed(t, whole), "", "packs it more than once"},
		"not packed":   {"gzip", "Bonjour, bonjour.", "", "says that it is packed with gzip, and it is not"},
		"damaged":      {"gzip", whole[:15] + "?????" + whole[20:], "", "or is damaged"},
		"cut":          {"gzip", whole[:len(whole)-6], "", "it ends before its time"},
		"brotli":       {"br", "Bonjour.", "", `packs it with "br", which is not read`},
	} {
		s := site(t, func(w http.ResponseWriter, _ *http.Request) {
			if c.coding != "" {
				w.Header().Set("Content-Encoding", c.coding)
			}
			_, _ = io.WriteString(w, c.sent)
		})
		f, err := client().GetChanged(t.Context(), s.URL, "*/*", fetch.Known{}, 100)
		if string(f.Body) != c.want || (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %d bytes, %v; want %d, %q", name, len(f.Body), err, len(c.want), c.says)
		}
		if body, again := client().Get(t.Context(), s.URL, "*/*", 100); string(body) != c.want || (again == nil) != (err == nil) {
			t.Errorf("%s, by Get: %d bytes, %v", name, len(body), again)
		}
	}
}
