package newsletter

import (
	"strings"
	"testing"
)

func TestCanonicalURL(t *testing.T) {
	for raw, want := range map[string]string{
		"https://pandia.example/a":                                   "https://pandia.example/a",
		"  HTTPS://PandIA.Example:443/A?utm_source=x&b=1&UTM_Id=2#c": "https://pandia.example/A?b=1",
		"http://pandia.example:80":                                   "http://pandia.example/",
		"http://pandia.example:8080/a/../b/./c/":                     "http://pandia.example:8080/b/c/",
		"https://pandia.example/a%2Fb?q=%C3%A9":                      "https://pandia.example/a%2Fb?q=%C3%A9",
		"https://web.archive.org/web/2020/https://pandia.example/a":  "https://web.archive.org/web/2020/https://pandia.example/a",
		"https://café.example/é":                                     "https://xn--caf-dma.example/%C3%A9",
		"https://pandia.example/?b=2&a=1&b=1":                        "https://pandia.example/?b=2&a=1&b=1",
		"http://[2001:DB8::1]:80/a":                                  "http://[2001:db8::1]/a",
		"https://s.example/%d0%ba%D0%be%d1%82/":                      "https://s.example/%D0%BA%D0%BE%D1%82/",
		"https://s.example/кот/":                                     "https://s.example/%D0%BA%D0%BE%D1%82/",
		"https://s.example/%7ea%2db%2Ec%5F%41%39":                    "https://s.example/~a-b.c_A9",
		"https://s.example/é%2fb;c%3Bd":                              "https://s.example/%C3%A9%2Fb;c%3Bd",
		"https://s.example/a%2fb":                                    "https://s.example/a%2Fb",
		"https://s.example/a%20b%25":                                 "https://s.example/a%20b%25",
		"https://s.example/a/%2e%2E/b":                               "https://s.example/b",
		"https://s.example/?q=+1":                                    "https://s.example/?q=+1",
		"https://s.example/?q=%2b1":                                  "https://s.example/?q=%2B1",
		"https://s.example/?%71=%c3%a9t%C3%A9&%75tm_source=x":        "https://s.example/?q=%C3%A9t%C3%A9",
		"https://s.example/?q=été&f[x]=100%":                         "https://s.example/?q=%C3%A9t%C3%A9&f[x]=100%25",
		"https://s.example/?q=%%41%31":                               "https://s.example/?q=%25A1",
	} {
		got, err := CanonicalURL(raw)
		if err != nil || got != want {
			t.Errorf("CanonicalURL(%q) = %q, %v; want %q", raw, got, err, want)
			continue
		}
		if again, err := CanonicalURL(got); err != nil || again != got {
			t.Errorf("the canonical %q becomes %q, %v", got, again, err)
		}
	}
	for _, raw := range []string{
		"", " ", "pandia.example/a", "/a", "ftp://pandia.example/a", "javascript:alert(1)", "https:///a", "https://u:p@pandia.example/",
		"https://pandia.example/\x7f", "https://pan dia.example/", "https://" + strings.Repeat("a", 2000) + ".example/",
	} {
		if got, err := CanonicalURL(raw); err == nil {
			t.Errorf("CanonicalURL(%q) = %q, want an error", raw, got)
		}
	}
}

func FuzzCanonicalURL(f *testing.F) {
	f.Add("https://pandia.example/a?utm_source=x#b")
	f.Add("http://[::1]:80/%2e%2e//a")
	f.Add("https://s.example/é%2f%7e%%41?q=%2b%%41%31 é")
	f.Fuzz(func(t *testing.T, raw string) {
		got, err := CanonicalURL(raw)
		if err != nil {
			return
		}
		if again, err := CanonicalURL(got); err != nil || again != got {
			t.Errorf("CanonicalURL(%q) = %q, and of that %q, %v", raw, got, again, err)
		}
	})
}

func TestOriginalURL(t *testing.T) {
	const own = "https://pandia.example/actualites/a?p=1"
	for raw, want := range map[string]string{
		"": "", "  ": "", own + "&utm_source=x#b": "", "#b": "", "?p=2": "https://pandia.example/actualites/a?p=2",
		" HTTPS://Agence.example:443/a ": "https://agence.example/a", "/b": "https://pandia.example/b", "../b": "https://pandia.example/b", "//agence.example": "https://agence.example/",
	} {
		if got, err := OriginalURL(raw, own); err != nil || got != want {
			t.Errorf("%q is %q, %v, want %q", raw, got, err, want)
		}
	}
	for _, raw := range []string{"javascript:x", "ftp://pandia.example/a", "https://a:b@pandia.example/", "https://", "http://[", "mailto:a@b.example"} {
		if got, err := OriginalURL(raw, own); err == nil {
			t.Errorf("%q is %q", raw, got)
		}
	}
	if got, err := OriginalURL("https://pandia.example/b", ""); err != nil || got != "https://pandia.example/b" {
		t.Errorf("without an address of its own: %q, %v", got, err)
	}
}

// Of an article that an editor gave its section, its source says the same when it names the one that it named before.
func TestArticle_SaysTheSame_filed(t *testing.T) {
	a := Article{URL: "https://pandia.example/a", Section: "prompts", Filed: true, Sourced: "guides"}
	for section, want := range map[string]bool{"guides": true, "prompts": false, "": false} {
		if got := a.SaysTheSame(Article{URL: a.URL, Section: section}); got != want {
			t.Errorf("with section %q it says the same: %t", section, got)
		}
	}
}
