package storetest_test

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"testing"

	"facteur/internal/storetest"
)

// A search that finds nothing proves nothing unless it finds what is there.
func TestTracesFinds(t *testing.T) {
	const who = "Zoé.Quichotte@exämple.org"
	coded := base64.StdEncoding
	for name, content := range map[string]string{
		"plain":                    "To: <zoé.quichotte@exämple.org>",
		"in capitals":              "ZOÉ.QUICHOTTE@EXÄMPLE.ORG",
		"as A-label":               "Zoé.Quichotte@xn--exmple-cua.org",
		"quoted-printable":         "Zo=C3=A9.Quichotte@xn--exmple-cua.org",
		"broken, quoted-printable": "Zo=C3=A9.Quich=\r\notte=40ex=C3=A4mple.org",
		"percent-encoded":          "mailto:Zo%C3%A9.Quichotte%40ex%C3%A4mple.org",
		"base64":                   coded.EncodeToString([]byte("<" + who + ">")),
		"base64, one further":      coded.EncodeToString([]byte("a " + who + " b")),
		"base64, two further":      coded.EncodeToString([]byte("a, " + who)),
		"base64 broken":            coded.EncodeToString([]byte("a" + who))[:20] + "\r\n" + coded.EncodeToString([]byte("a" + who))[20:],
		"among zeros":              "\x00\x00\xff" + who + "\x00",
	} {
		folder := t.TempDir()
		if err := os.WriteFile(filepath.Join(folder, "a"), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if len(storetest.Traces(t, folder, who)) == 0 {
			t.Errorf("%s was not found", name)
		}
		if found := storetest.Traces(t, folder, "zoe@example.org"); len(found) != 0 {
			t.Errorf("%s: another one was found: %q", name, found)
		}
	}
}
