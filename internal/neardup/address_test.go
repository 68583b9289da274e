package neardup

import (
	"strings"
	"testing"
	"unicode/utf8"

	"facteur/internal/newsletter"
)

func TestAddress(t *testing.T) {
	for raw, want := range map[string]string{
		"http://www.Pandia.example:80/a/?utm_source=x#y":        "https://pandia.example/a",
		"https://pandia.example/a/amp/":                         "https://pandia.example/a",
		"https://amp.www.pandia.example/a.amp":                  "https://pandia.example/a",
		"https://pandia.example/lire?b=2&a=1&fbclid=3&amp":      "https://pandia.example/lire?a=1&b=2",
		"https://pandia.example/amp":                            "https://pandia.example/amp",
		"https://pandia.example/":                               "https://pandia.example/",
		"https://www.fr/a":                                      "https://www.fr/a",
		"https://pandia.example/a%2Fb/":                         "https://pandia.example/a%2Fb",
		"https://pandia.example/a?ref=7":                        "https://pandia.example/a?ref=7",
		"https://pandia.example/?at_medium=rss&at_article=12":   "https://pandia.example/?at_article=12",
		"https://pandia.example/a?at_custom12=x&AT_Link=y":      "https://pandia.example/a",
		"https://pandia.example/a?at_custom_page=3&at_=4":       "https://pandia.example/a?at_=4&at_custom_page=3",
		"https://pandia.example/a?mtm_cid=x&mtm_page=2":         "https://pandia.example/a?mtm_page=2",
		"https://pandia.example/a?_hsenc=x&__hstc=y&_hs_id=2":   "https://pandia.example/a?_hs_id=2",
		"https://pandia.example/a?share=1&source=2&from=3&p=4":  "https://pandia.example/a?from=3&p=4&share=1&source=2",
		"https://pandia.example/a?s=1&cid=2&id=3&xtor2=4":       "https://pandia.example/a?cid=2&id=3&s=1&xtor2=4",
		"https://pandia.example/a?amp=2":                        "https://pandia.example/a?amp=2",
		"https://pandia.example/a?pk_article=12&pk_kwd=x":       "https://pandia.example/a?pk_article=12",
		"https://www.pandia.example/%d0%ba%7e/":                 "https://pandia.example/%D0%BA~",
		"https://pandia.example/a?q=%2b1&%66bclid=3":            "https://pandia.example/a?q=%2B1",
		"mailto:a@b.example":                                    "",
		"http://pandia.example:8080/a?at_medium=rss&xtor=RSS-2": "https://pandia.example:8080/a",
	} {
		if got := Address(raw); got != want {
			t.Errorf("Address(%q) = %q, want %q", raw, got, want)
		}
	}
}

// titleOf is the form in which two spellings of a title are equal.
func titleOf(title, address string) string {
	return Of(newsletter.Article{Title: title, URL: address}, "").title
}

func TestTitle(t *testing.T) {
	for _, c := range []struct{ title, address, want string }{
		{"L’Été de l’œuvre : « bilan »", "https://a.example/", "l ete de l oeuvre bilan"},
		{"Un bilan | Le Monde", "https://www.lemonde.fr/x", "un bilan"},
		{"Le Monde – Un bilan", "https://www.lemonde.fr/x", "un bilan"},
		{"Un bilan - Le Monde", "https://autre.example/x", "un bilan le monde"},
		{"Un bilan – Mistral", "https://pandia.example/x", "un bilan mistral"},
	} {
		if got := titleOf(c.title, c.address); got != c.want {
			t.Errorf("title of (%q, %q) = %q, want %q", c.title, c.address, got, c.want)
		}
	}
}

func FuzzAddress(f *testing.F) {
	f.Add("http://www.pandia.example/a/amp/?utm_source=x&b=2&a=1#b")
	f.Add("http://amp.www.[::1]:443/%2e%2e//a.amp.amp/")
	f.Fuzz(func(t *testing.T, raw string) {
		once := Address(raw)
		if again := Address(once); again != once {
			t.Errorf("Address(%q) = %q, and of that %q", raw, once, again)
		}
		if page := pageOf(raw); pageOf(page) != page || Address(page) != once {
			t.Errorf("the page of %q is %q, of which the address is %q, want %q", raw, page, Address(page), once)
		}
	})
}

func FuzzTitle(f *testing.F) {
	f.Add("L’Été — PandIA", "https://pandia.example/")
	f.Add("İ ẞ ﬁ ㏒", "x")
	f.Add("4   000", "x") // blanks that part no thousands
	f.Add("Marché : +5 %, marche −5 %, C++", "x")
	f.Fuzz(func(t *testing.T, title, address string) {
		once := titleOf(title, address)
		if again := titleOf(strings.ReplaceAll(once, " ", ", "), address); again != once || !utf8.ValidString(once) {
			t.Errorf("title of %q = %q, and of that %q", title, once, again)
		}
		if p := Of(newsletter.Article{Title: title, URL: address}, ""); !p.oneTitle(p) || !p.titledAs(p) {
			t.Errorf("%q is another title than itself", title)
		}
	})
}
