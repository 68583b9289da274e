package render_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"facteur/internal/render"
)

func TestHTML(t *testing.T) {
	const rel = ` rel="noopener noreferrer"`
	for _, test := range []struct{ name, markdown, want string }{
		{"nothing", "", ""},
		{"headings below that of the page", "# Un\n\n### Deux\n\n# Trois", "<h2>Un</h2>\n<h4>Deux</h4>\n<h2>Trois</h2>\n"},
		{"headings that begin low", "### Un\n\n###### Deux", "<h2>Un</h2>\n<h5>Deux</h5>\n"},
		{"headings that end low", "# Un\n\n###### Deux", "<h2>Un</h2>\n<h6>Deux</h6>\n"},
		{"words", "*a* **b** ~~c~~ `d`", "<p><em>a</em> <strong>b</strong> <del>c</del> <code>d</code></p>\n"},
		{"link", "[a](https://example.org/x?y=1&z \"titre\")", `<p><a href="https://example.org/x?y=1&amp;z"` + rel + `>a</a></p>` + "\n"},
		{"bare address", "Voir https://example.org/x : là", `<p>Voir <a href="https://example.org/x"` + rel + `>https://example.org/x</a>` + "\u00a0: là</p>\n"},
		{"mailbox", "[a](mailto:a@example.org)", "<p><a href=\"mailto:a@example.org\">a</a></p>\n"},
		{"list", "3. a\n4. b", "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>\n"},
		{"quotation", "> a", "<blockquote>\n<p>a</p>\n</blockquote>\n"},
		{"code", "```sh\na <b> : ?\n```", "<pre><code>a &lt;b&gt; : ?\n</code></pre>\n"},
		{"table", "| a |\n|--:|\n| b |", "<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n\n<tbody>\n<tr>\n<td>b</td>\n</tr>\n</tbody>\n</table>\n"},
		{"French", "« Oui » ; *non* !", "<p>«\u00a0Oui\u00a0»\u00a0; <em>non</em>\u00a0!</p>\n"},
		{"ordinal", "le 1<sup class=\"x\">er</sup>", "<p>le 1<sup>er</sup></p>\n"},
		{"picture", "![a](https://example.org/x.png) b", "<p> b</p>\n"},
		{"HTML", "<p class=\"x\" style=\"color:red\">Un <b>mot</b> <em id=\"y\">là</em>.</p>", "<p>Un mot <em>là</em>.</p>\n"},
		{"link as HTML", "<a href=\"https://example.org/\" rel=\"x\" target=\"_blank\" onclick=\"y\">a</a>", `<p><a href="https://example.org/"` + rel + `>a</a></p>` + "\n"},
		{"script", "a\n\n<script>alert(1)</script>\n\n<svg onload=alert(1)></svg>", "<p>a</p>\n\n<p></p>\n"},
		{"script in a link", "[a](javascript:alert(1)) [b](data:text/html,x) [c](//example.org/) [d](/x)", "<p>a b c d</p>\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := string(render.HTML(test.markdown, "fr")); got != test.want {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
}

func TestHTMLFollowsTheLanguage(t *testing.T) {
	for lang, want := range map[string]string{
		"fr": "<p>L’un\u00a0: «\u00a0So\u00a0!\u00a0»</p>\n", "en": "<p>L’un : “So!”</p>\n", "de": "<p>L&#39;un : &#34;So!&#34;</p>\n",
	} {
		if got := string(render.HTML("L'un : \"So!\"", lang)); got != want {
			t.Errorf("%s: got %q, want %q", lang, got, want)
		}
	}
}

// Whatever an article says, its markup is a few elements with fewer attributes.
func FuzzHTML(f *testing.F) {
	for _, seed := range []string{
		"# a\n\n> b\n\n- c\n\n| d |\n|---|\n| e |\n\n```f\ng\n```", "[a](javascript:b) [c](JaVa&#115;cript:d) <javascript:e>",
		"<a href=\"&#x6A;avascript:x\" onclick=y>z</a>", "<img src=x onerror=y><svg><script>z</script></svg>",
		"<h1 id=x>a</h1><iframe srcdoc='<script>b</script>'></iframe><style>c", "<<script>script>a</</script>script>",
		"[a]: <https://example.org/\"onclick=b>\n\n[c][a]", "<noscript><p title=\"</noscript><img src=x onerror=y>\">",
		"<!--><script>a</script>-->", "<https:>0 <http:a> [b](https:///c)", "<p style=x class=y id=z>", "\x00<\x00script>\xff", strings.Repeat("> ", 200) + strings.Repeat("[", 200),
	} {
		f.Add(seed)
	}
	elements := strings.Fields("p br hr h2 h3 h4 h5 h6 strong em del ul ol li blockquote code pre sup table thead tbody tr th td a")
	f.Fuzz(func(t *testing.T, markdown string) {
		page := string(render.HTML(markdown, "fr"))
		tokens := html.NewTokenizer(strings.NewReader(page))
		for tokens.Next() != html.ErrorToken {
			token := tokens.Token()
			switch token.Type {
			case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
				if !slices.Contains(elements, token.Data) {
					t.Errorf("%q became %q, with <%s>", markdown, page, token.Data)
				}
			case html.CommentToken, html.DoctypeToken:
				t.Errorf("%q became %q, with %q", markdown, page, token.String())
			}
			for _, a := range token.Attr {
				if !mayStand(token.Data, a) {
					t.Errorf("%q became %q, with %s=%q", markdown, page, a.Key, a.Val)
				}
			}
		}
	})
}

func mayStand(element string, a html.Attribute) bool {
	switch element + " " + a.Key {
	case "a href":
		u, err := url.Parse(a.Val)
		return err == nil && (u.Scheme == "mailto" || (u.Scheme == "http" || u.Scheme == "https") && u.Host != "")
	case "a rel":
		return a.Val == "noopener noreferrer"
	case "ol start":
		return strings.Trim(a.Val, "0123456789") == ""
	}
	return false
}
