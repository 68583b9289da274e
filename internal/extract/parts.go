package extract

import (
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"facteur/internal/newsletter"
)

// A sequel is where a page leads to more of its article.
type sequel struct {
	label   string // what its link says
	address string // empty: a script brings the rest
	before  string // the end of what stands before it, as a key
}

// sequels are the other pages of the article, by their addresses or by what leads to them.
func (r pageReader) sequels(c *clearing) (all []sequel) {
	prose := c.proseOf()
	for n := range root(c.body).Descendants() {
		next := sequel{label: words(n)}
		isOne := false
		switch {
		case n.DataAtom == atom.Link && hasWord(attribute(n, "rel"), "next"):
			next = sequel{label: "rel=next", address: Absolute(r.head.base, attribute(n, "href"))}
			isOne = r.isPageOf(next.address, path.Ext(next.address) != "")
		case n.DataAtom == atom.A:
			next.address = Absolute(r.head.base, attribute(n, "href"))
			isOne = r.leadsToPage(n, next) && !c.isPagerOfOthers(n, prose)
		case c.leaf[n] && c.size[n] <= longestLabel:
			pages := pageOfPages().FindStringSubmatch(next.label)
			isOne = pages != nil && pages[2] != "1" && pages[2] != "0" && !c.isPagerOfOthers(n, prose)
		}
		if isOne {
			all = append(all, next)
		}
	}
	return all
}

// leadsToPage reports a link to another page of the article: its address says so, or else what it says.
func (r pageReader) leadsToPage(n *html.Node, to sequel) bool {
	if !strings.HasPrefix(to.address, "http") || !SameSite(to.address, r.head.address.String()) || r.isHere(to.address) {
		return false
	}
	if toNextPage().MatchString(to.label) || r.isFirstPage(n, to) {
		return true
	}
	number, _ := strconv.Atoi(to.label)
	_, page := unpaged(to.address, true)
	isNumber := number > 1 && number == page
	return r.isPageOf(to.address, isNumber || hasWord(attribute(n, "rel"), "next") && path.Ext(to.address) != "")
}

// isHere reports the address of the page itself.
func (r pageReader) isHere(address string) bool {
	here, err := newsletter.CanonicalURL(r.head.address.String())
	other, otherErr := newsletter.CanonicalURL(address)
	return err == nil && otherErr == nil && bare(here) == bare(other)
}

// isFirstPage reports a link by which one of the other pages of an article leads to its first.
func (r pageReader) isFirstPage(n *html.Node, to sequel) bool {
	first, page := unpaged(r.head.address.String(), false)
	other, none := unpaged(to.address, false)
	isBack := to.label == "1" || hasWord(attribute(n, "rel"), "prev") || toFirstPage().MatchString(to.label)
	return page > 1 && none == 0 && first == other && isBack
}

func root(n *html.Node) *html.Node {
	for n.Parent != nil {
		n = n.Parent
	}
	return n
}

// bare is an address without what its spellings differ by.
func bare(address string) string {
	_, address, _ = strings.Cut(address, "://")
	before, query, found := strings.Cut(strings.TrimPrefix(address, "www."), "?")
	before = strings.TrimSuffix(before, "/")
	if found {
		return before + "?" + query
	}
	return before
}

// isPageOf reports the address of another page of the article, for certain or where something else tells that its number is one of a page.
func (r pageReader) isPageOf(address string, told bool) bool {
	first, page := unpaged(address, told)
	if page == 0 || r.isHere(address) {
		return false
	}
	for _, given := range []string{r.head.address.String(), r.head.own} {
		if known, err := newsletter.CanonicalURL(given); err == nil && bare(known) == first {
			return true
		}
	}
	return false
}

// The numbers of pages in addresses: behind the path of the first or within it, for certain and where something else tells that it is one, and as parameters.
var (
	pageInPath  = expression(`(?i)^(.+?)(?:/|[-_.,/](?:page|partie|part|p)[-_/]?)([0-9]{1,2})((?:\.[a-z]{3,5})?)$`)
	pageAtEnd   = expression(`(?i)^(.+?)[-_,]?([0-9]{1,2})((?:\.[a-z]{3,5})?)$`)
	pageByQuery = expression(`(?i)^(?:page|p|pg|pn|paged|artpage|var_page|page_?(?:no|num|number|id)?|pag|part|partie|start|limitstart|offset|debut_[a-z_]+)$`)
	pageNumber  = expression(`^[0-9]{1,3}(?:[-,][0-9]{1,3})?$`)
)

// unpaged parts the address of a page of an article into that of the first and its number; 0: it has none.
func unpaged(address string, told bool) (first string, page int) {
	canonical, err := newsletter.CanonicalURL(address)
	if err != nil {
		return "", 0
	}
	u, err := url.Parse(canonical)
	if err != nil {
		return "", 0
	}
	query := u.Query()
	var kept []string
	for pair := range strings.SplitSeq(u.RawQuery, "&") {
		name, value, _ := strings.Cut(pair, "=")
		isPost := strings.EqualFold(name, "p") && strings.Trim(u.Path, "/") == "" || strings.EqualFold(name, "page_id")
		if pageByQuery().MatchString(name) && pageNumber().MatchString(value) && !isPost {
			number, _, _ := strings.Cut(strings.ReplaceAll(query.Get(name), ",", "-"), "-")
			page, _ = strconv.Atoi(number)
			page = max(1, page)
		} else if pair != "" {
			kept = append(kept, pair)
		}
	}
	u.RawQuery = strings.Join(kept, "&")
	clean := strings.TrimSuffix(u.Path, "/")
	for _, form := range pagesInPaths(told) {
		if at := form.FindStringSubmatch(clean); page == 0 && at != nil && path.Base(at[1]) != "comment" {
			if page, _ = strconv.Atoi(at[2]); page > 0 {
				u.Path, u.RawPath = at[1]+at[3], ""
			}
		}
	}
	return bare(u.String()), page
}

func pagesInPaths(told bool) []*regexp.Regexp {
	if told {
		return []*regexp.Regexp{pageInPath(), pageAtEnd()}
	}
	return []*regexp.Regexp{pageInPath()}
}

// What leads from a page of an article to the others.
var (
	toNextPage = anyOf(`^[^\pL]*%s[^\pL]*$`,
		`page suivante`, `next page`, `(?:aller (?:à|en) la |go to )page [2-9]`, `(?:(?:lire|voir) )?(?:la )?suite,? (?:de (?:l’|cet )article,? )?(?:(?:à la|en|sur la|:)? ?page [2-9]|à la page suivante)`, `(?:lire |voir )?la suite de (?:l’|cet )article`, `page [2-9](?:\s?[:–-]\s?.{1,80})?`, `(?:read on|continue|continued|more)(?: reading)? on (?:the next page|page [2-9])`,
	)
	toFirstPage = anyOf(`^[^\pL]*%s[^\pL]*$`, `page précédente`, `previous page`, `première page`, `first page`, `page 1`, `précédente?`, `previous`)
	pageOfPages = expression(`(?i)^(?:page|partie|part)\s*:?\s*([0-9]{1,2})\s*(?:/|sur|de|of|–|-)\s*([0-9]{1,2})(?:[^\pL]*(?:page|suiv|préc|next|prev|›|»).{0,20})?\s*$`)
	toWhole     = anyOf(`^[^\pL]*%s[^\pL]*$`,
		`(?:voir |afficher |lire )?(?:toutes les pages|l’article (?:sur une (?:seule )?page|en une (?:seule )?page|complet|entier|en entier))`, `(?:tout )?(?:afficher|lire|voir)(?: tout)?(?: sur)? (?:une|1) (?:seule )?page`, `(?:sur )?une seule page`, `tout (?:afficher|lire)`, `version (?:imprimable|à imprimer|pour impression)`, `imprimer(?: (?:cet |l’)article)?`,
		`(?:view|show|read)?(?: all| as| on)*(?: a| one)? ?single page`, `(?:view|show|read) all(?: pages)?`, `print(?:er-friendly)?(?: version)?`, `all pages`,
	)
)

// isPagerOfOthers reports a link or a line that leads through comments or other articles, and not through the text: the first element around it that holds
// prose has little of what the page has.
func (c *clearing) isPagerOfOthers(n *html.Node, prose map[*html.Node]int) bool {
	for p := n; p != nil; p = p.Parent {
		if hasNamePart(attribute(p, "class")+" "+attribute(p, "id"), discussions+otherArticles) || isHidden(p) {
			return true
		}
		if prose[p] > 0 {
			return prose[p]*2 <= prose[c.body]
		}
	}
	return true
}

// wholePage is the page that shows all of the article, as one of its pages names it; empty: none is named.
func (r pageReader) wholePage(c *clearing) string {
	for n := range c.body.Descendants() {
		if n.DataAtom == atom.A && c.size[n] <= longestLabel && toWhole().MatchString(words(n)) {
			if address := Absolute(r.head.base, attribute(n, "href")); strings.HasPrefix(address, "http") && !r.isHere(address) {
				return address
			}
		}
	}
	return ""
}

// severalPages says that a page holds a part of its article only; nil: nothing says so.
func severalPages(pages []sequel, whole string) error {
	if len(pages) == 0 {
		return nil
	}
	do := "give the address of a page that shows all of it, such as one to print, or " + ByHand
	if whole != "" {
		do = "give the address of the page that shows all of it, which may be " + whole + ", or " + ByHand
	}
	said := "“" + Cut(pages[0].label, maxTag) + "”"
	if pages[0].address != "" {
		said += ", which leads to " + Cut(pages[0].address, maxTag)
	}
	return Wall{"it is one of several pages of its article: it says " + said, do}
}
