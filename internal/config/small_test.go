package config

import (
	"slices"
	"testing"
	"time"

	"facteur/internal/address"
)

func TestDuration(t *testing.T) {
	for text, want := range map[string]struct {
		d     time.Duration
		shown string
	}{
		"30d":     {30 * day, "30d"},
		"48h":     {2 * day, "2d"},
		"1d12h":   {36 * time.Hour, "1d12h"},
		"36h":     {36 * time.Hour, "1d12h"},
		"90s":     {90 * time.Second, "1m30s"},
		"5m":      {5 * time.Minute, "5m"},
		"1h0m30s": {time.Hour + 30*time.Second, "1h0m30s"},
		"250ms":   {250 * time.Millisecond, "250ms"},
		"0s":      {0, "0s"},
		"0d":      {0, "0s"},
		"106751d": {106751 * day, "106751d"},
	} {
		d, err := ParseDuration(text)
		if err != nil || time.Duration(d) != want.d || d.String() != want.shown {
			t.Errorf("%s = %v, shown as %s, err %v", text, time.Duration(d), d, err)
		}
	}
	for _, text := range []string{"", "d", "30", "-1h", "1d-1h", "+1h", "-1d", "1.5d", "106752d", "106751d24h", "99999999999999d", "1w", "1h1d", "30 d", "a"} {
		if d, err := ParseDuration(text); err == nil {
			t.Errorf("%q was read as %s", text, d)
		}
	}
}

func FuzzParseDuration(f *testing.F) {
	for _, seed := range []string{"30d", "1d12h", "5m", "106751d23h47m16.854775807s"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := ParseDuration(text)
		if err != nil {
			return
		}
		if again, err := ParseDuration(d.String()); err != nil || again != d || d < 0 {
			t.Errorf("%q is %s, read again %s, %v", text, d, again, err)
		}
	})
}

func TestDistance(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"url", "ulr", 1}, {"url", "url", 0}, {"", "abc", 3}, {"horizon", "horzion", 1}, {"smtp", "site", 2}, {"é", "e", 1}, {"kitten", "sitting", 3}} {
		if got := address.Slips([]rune(test.a), []rune(test.b)); got != test.want || address.Slips([]rune(test.b), []rune(test.a)) != got {
			t.Errorf("distance(%q, %q) = %d, want %d", test.a, test.b, got, test.want)
		}
	}
}

func TestEnvName(t *testing.T) {
	if got := EnvName("newsletters.le-soir.late_window"); got != "FACTEUR_NEWSLETTERS_LE_SOIR_LATE_WINDOW" {
		t.Error(got)
	}
}

func TestSenderID(t *testing.T) {
	for domain, want := range map[string]string{"pandia.example": "pandiaexample", "a.fr": "afrfacteur", "lettre.un-tres-long-nom.fr": "lettreuntreslon", "xn--pandi-fsa.fr": "xnpandifsafr"} {
		if got := senderID(domain); got != want {
			t.Errorf("%s: %s, want %s", domain, got, want)
		}
	}
}

func TestValues_StandInTheOrderOfTheStructs(t *testing.T) {
	var keys []string
	for _, v := range Default().Values() {
		keys = append(keys, v.Key)
	}
	if keys[0] != "data" || slices.Index(keys, "site.name") > slices.Index(keys, "smtp.url") || keys[len(keys)-1] != "newsletters.hebdo.sections" {
		t.Errorf("%v", keys)
	}
}

// FuzzDocument looks for a file that makes the reader panic, or that is taken but shows as something else.
func FuzzDocument(f *testing.F) {
	for _, seed := range []string{
		"", "\ufeff", "[site]\nname = \"PandIA\"\n", "newsletters.hebdo.sections = [{name=\"a\",title=\"A\",quota=1}]",
		"[[newsletters.hebdo.sections]]\nname=\"a\"\n[newsletters]\n\"a.b\" = {x.y=[{}, [1]]}", "smtp = [[{a=1}]]\n[a.b]\n[[a.c]]\n[a.c.d]\n", "a=\"\xff\"",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		l := newLoader()
		l.path = "facteur.toml"
		if err := l.document(raw); err != nil {
			return
		}
		l.validate()
		if len(l.problems) == 0 {
			l.derive()
		}
		if len(l.problems) > 0 {
			return
		}
		again := newLoader()
		if err := again.document(show(t, l.cfg)); err != nil || len(again.problems) > 0 {
			t.Errorf("what was shown cannot be read: %v %v\n%s", err, again.problems, show(t, l.cfg))
		}
	})
}
