package address

import (
	"slices"
	"testing"
)

func TestSuggest(t *testing.T) {
	for typed, want := range map[string]string{
		"Jean.Dupont@gmial.com": "Jean.Dupont@gmail.com", // two letters changed places; the local part stays as typed
		"a@gmail.con":           "a@gmail.com",
		"a@gmail.cm":            "a@gmail.com",
		"a@gmaill.comm":         "a@gmail.com",
		"a@gmail.fr":            "a@gmail.com",
		"a@hotmial.fr":          "a@hotmail.fr",
		"a@hotmaill.com":        "a@hotmail.com",
		"a@oragne.fr":           "a@orange.fr",
		"a@orange.f":            "a@orange.fr",
		"a@orange.fe":           "a@orange.fr",
		"a@wanado.fr":           "a@wanadoo.fr",
		"a@wanadoo.com":         "a@wanadoo.fr",
		"a@laposte.com":         "a@laposte.net",
		"a@la-poste.net":        "a@laposte.net",
		"a@yaho.fr":             "a@yahoo.fr",
		"a@fre.fr":              "a@free.fr",
		"a@sfr.ft":              "a@sfr.fr",
		"a@iclod.com":           "a@icloud.com",
		"a@outlok.fr":           "a@outlook.fr",

		// Real providers, however near.
		"a@gmail.com": "", "a@gmx.fr": "", "a@ymail.com": "", "a@mail.com": "", "a@neuf.fr": "", "a@hotmail.de": "", "a@live.be": "",
		"a@laposte.fr": "", "a@proton.me": "", "a@googlemail.com": "", "a@email.com": "", "a@me.com": "",

		"a@yopmail.com": "", "a@yopmail.fr": "", "a@ikmail.com": "", "a@orange.be": "", "a@yahoo.co.jp": "",

		// Two slips, which lead to some other real domain as likely as not.
		"a@topmail.com": "", "a@ukmail.com": "", "a@orange.lu": "", "a@yahoo.co.nz": "", "a@hotmail.pl": "", "a@protonmial.cm": "a@protonmail.com",

		// Other domains.
		"a@pandia.example": "", "a@sncf.fr": "", "a@srf.ch": "", "a@ffr.fr": "", "a@mairie-orange.fr": "", "a@free-avocats.fr": "",
		"a@mailo.com": "", "a@mozmail.com": "", "a@privaterelay.appleid.com": "", "a@gmail.univ-lyon.fr": "", "a@maisons-laffitte.fr": "",
	} {
		a, err := Parse(typed)
		if err != nil {
			t.Errorf("%s: %v", typed, err)
			continue
		}
		if got, ok := a.Suggest(); got != want || ok != (want != "") {
			t.Errorf("%s suggests %q, %v, want %q", typed, got, ok, want)
		}
	}
	if got, ok := (Address{}).Suggest(); ok {
		t.Errorf("no address suggests %q", got)
	}
}

// Every provider that is suggested is one, spelled once, and suggests no other.
func TestSuggest_Providers(t *testing.T) {
	all := append(frequentDomains(), nearbyDomains()...)
	for i, domain := range all {
		a, err := Parse("a@" + domain)
		if err != nil || a.Domain() != domain {
			t.Errorf("%s: parsed as %q, %v", domain, a.Domain(), err)
		}
		if got, ok := a.Suggest(); ok {
			t.Errorf("%s suggests %q", domain, got)
		}
		if slices.Contains(all[:i], domain) {
			t.Errorf("%s stands twice", domain)
		}
	}
}

func TestSlips(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"abc", "abc", 0}, {"abc", "abd", 1}, {"abc", "acb", 1}, {"abc", "ab", 1}, {"ab", "abc", 1},
		{"gmial.com", "gmail.com", 1}, {"hotmail.fr", "hotmail.com", 3}, {"kitten", "sitting", 3},
	} {
		if got := Slips([]rune(test.a), []rune(test.b)); got != test.want {
			t.Errorf("from %q to %q are %d slips, want %d", test.a, test.b, got, test.want)
		}
	}
}

func FuzzSuggest(f *testing.F) {
	f.Add("a@gmial.com")
	f.Add("jean+x@orange.fr")
	f.Fuzz(func(t *testing.T, text string) {
		a, err := Parse(text)
		if err != nil {
			return
		}
		suggested, ok := a.Suggest()
		if !ok {
			return
		}
		b, err := Parse(suggested)
		if err != nil || b.Local() != a.Local() || b.Domain() == a.Domain() {
			t.Errorf("%q suggests %q, %v", text, suggested, err)
		}
	})
}
