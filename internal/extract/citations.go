package extract

import (
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// What archives and journals put below a text for who cites it: a line, and under it references to the text, which begin with a name and hold a year.
var (
	toCite   = anyOf(`^[^\pL]*%s[^\pL]*$`, `(?:(?:pour|comment) )?citer(?: (?:ce(?:t|tte)? |l’|le |la )(?:article|document|texte|publication|ouvrage|page|contribution))?`, `(?:how to )?cite(?: (?:this|the) (?:article|paper|document|work|page|publication)| as| this)?`, `(?:suggested|recommended) citation`, `référence électronique`)
	citation = expression(`(?s)^(?:\p{Lu}[\pL’'.-]*,? ){1,4}\p{Lu}[\pL’'-]*\.?[,.(].*\b(?:1[89]|20)[0-9]{2}\b`)
)

// dropCitations takes out a heading that says so, with all that stands beside it as far as the next. It reports whether nothing else stood there.
func (c *clearing) dropCitations(heading *html.Node) bool {
	all := []*html.Node{heading}
	for s := range behindOf(heading) {
		if isHeading(s) || s.DataAtom == atom.Hr {
			break
		}
		if c.size[s] == 0 {
			continue
		}
		if !c.leaf[s] || c.size[s] > largestBox || !citation().MatchString(words(s)) {
			return false
		}
		all = append(all, s)
	}
	if len(all) == 1 || !isHeading(heading) {
		return false
	}
	for _, n := range all {
		c.remove(n)
	}
	return true
}
