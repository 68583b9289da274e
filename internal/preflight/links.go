package preflight

import (
	"strings"

	"facteur/internal/token"
	"facteur/internal/typography"
)

// nothingSaid are texts of links that tell nothing to who goes from link to link, in French and English (WCAG 2.2, 2.4.4).
const nothingSaid = "|cliquezici|cliquerici|ici|parici|lien|celien|lelien|lirelasuite|lasuite|suite|ensavoirplus|savoirplus|plus|voir|voirplus|lire|lireplus|lirelarticle|" +
	"clickhere|here|link|thislink|readmore|more|learnmore|seemore|continue|continuereading|details|"

// links must say where they lead.
func links(n *notes, l Letter, p *page) {
	first := map[string]anchor{} // by what they say
	failed := map[string]Failure{}
	for address, f := range l.Links {
		failed[key(address)] = f
	}
	for _, a := range p.anchors {
		said := fold(a.text)
		switch at := p.at(a.node, a.text); {
		case a.text == "":
			at.Text = a.href
			n.blocks("link-empty", at, "the link says nothing: who listens hears its address, and who looks sees none (WCAG 2.2, 2.4.4)", wordless(l, a.href))
		case strings.Contains(nothingSaid, "|"+said+"|"):
			n.warns("link-text", at, "the words of the link do not say where it leads (WCAG 2.2, 2.4.4)", "name what is there, such as the title of the article")
		case bare(a):
			n.warns("link-bare-address", at, "the link shows an address, which is spelled out to who listens", "show the name of what is there")
		}
		if other, there := first[said]; !there {
			first[said] = a
		} else if said != "" && key(other.href) != key(a.href) {
			n.warns("link-same-text", p.at(a.node, a.text), "another link says the same and leads elsewhere: "+other.href, "let each link name its own target")
		}
		if f, there := failed[key(a.href)]; there {
			delete(failed, key(a.href)) // a story has several links to its page
			cure := "put the page back or offer the article under its right address, then look again; or hide it: facteur article hide"
			if f.Story == "" {
				cure = "give the word or the advertisement the right address: " + l.Newsletter.Command("digest word FILE") + ", " + l.Newsletter.Command("digest sponsor FILE")
			}
			n.warns("link-failed", p.at(a.node, a.href), "the link led nowhere when it was last looked at: "+l.met(f), cure)
		}
	}
}

// wordless says what to do about a link without words: those of a story are its title.
func wordless(l Letter, href string) string {
	for _, s := range l.Content.Stories() {
		if key(s.URL) == key(href) && typography.IsBlank(s.Title) {
			return "give the article a title that can be seen, or hide it: " + hide(s)
		}
	}
	return "give it words, or the picture in it an alt"
}

// bare reports a link that shows an address of the web. A mailbox is what it shows.
func bare(a anchor) bool {
	text := strings.ToLower(a.text)
	return !strings.Contains(text, " ") && (strings.HasPrefix(text, "http://") || strings.HasPrefix(text, "https://") || strings.HasPrefix(text, "www.")) &&
		!strings.Contains(a.href, token.TokenMark)
}
