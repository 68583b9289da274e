package extract

import (
	"cmp"
	"iter"
	"math"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Folds are parts of a text that a page hides until somebody clicks: tabs, accordions, the rest below “Lire la suite”. What else it hides is none of the
// article: menus, windows, the same again for another screen.
type folds struct {
	*clearing
	language string
	openers  map[string]*html.Node // what opens something, by its selector: “#id” or “.class”
	seen     map[string]bool       // beginnings of paragraphs that are not hidden
	others   map[string]bool       // selectors of what is opened as something else than a text
	opened   map[*html.Node]bool
	beside   map[*html.Node][]*html.Node // what is shown next before and behind
	said     []string                    // paragraphs that were opened
}

// unfold shows what something in the article opens.
func (c *clearing) unfold(language string) *folds {
	f := &folds{clearing: c, language: language, openers: map[string]*html.Node{}, others: map[string]bool{}, seen: map[string]bool{}, opened: map[*html.Node]bool{}, beside: map[*html.Node][]*html.Node{}}
	for n := range c.body.Descendants() {
		switch {
		case n.Type != html.ElementNode:
		case c.leaf[n] && c.size[n] > longestDateline && !isOutOfSight(n):
			f.seen[beginningOf(words(n))] = true
		case opensSomething(n) && !isOutOfSight(n) && !isBesideArticle(n):
			f.note(n)
		}
	}
	for _, n := range slices.Collect(c.body.Descendants()) {
		if n.Type == html.ElementNode && isHidden(n) && !isOutOfSight(n.Parent) && f.isOfText(n) {
			if opener, ok := f.opener(n); ok {
				f.open(n, opener)
			}
		}
	}
	return f
}

// note remembers what a control opens.
func (f *folds) note(control *html.Node) {
	isOther := ofOtherThings().MatchString(words(control) + " " + attribute(control, "aria-label"))
	for _, selector := range opens(control) {
		if isOther {
			f.others[selector] = true
		} else {
			f.openers[selector] = control
		}
	}
}

func isOutOfSight(n *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if isHidden(n) {
			return true
		}
	}
	return false
}

// isBesideArticle reports what stands in a part of the page that is none of its article by its kind.
func isBesideArticle(n *html.Node) bool {
	for p := n; p != nil; p = p.Parent {
		if p.DataAtom != atom.Button && p.DataAtom != atom.Form && isFurniture(p) && !isHidden(p) {
			return true
		}
	}
	return false
}

// opensSomething reports what one may click.
func opensSomething(n *html.Node) bool {
	return n.DataAtom == atom.A || n.DataAtom == atom.Button || hasAttribute(n, "aria-controls") || hasAttribute(n, "data-target") || hasAttribute(n, "data-bs-target") || hasAttribute(n, "data-tab")
}

// opens are the selectors of what a control opens.
func opens(n *html.Node) (selectors []string) {
	for id := range strings.FieldsSeq(attribute(n, "aria-controls")) {
		selectors = append(selectors, "#"+id)
	}
	for _, name := range []string{"data-target", "data-bs-target", "data-tab", "data-toggle-target", "href"} {
		switch given := attribute(n, name); {
		case len(given) > 1 && (given[0] == '#' || given[0] == '.'):
			selectors = append(selectors, given)
		case given != "" && name != "href":
			selectors = append(selectors, "#"+given)
		}
	}
	return selectors
}

// foldedAway are words in the names of what pages hide that is none of a text.
const foldedAway = " menu navbar navigation popup modal dialog lightbox overlay offcanvas drawer cookie cookies consent gdpr rgpd share shares sharing partage partager social newsletter subscribe signup login connexion search recherche tooltip" +
	" lang language langue langues translation traduction toc sommaire author auteur bio print mobile desktop amp ad ads advert pub legal mentions conditions terms cgu charte privacy confidentialite caption credits alternate fallback placeholder template " +
	discussions + otherArticles

// ofOtherThings is what controls say that open something else.
var ofOtherThings = anyOf(`(?:^|[^\pL])%s`, `commentaires?`, `comments?`, `partager`, `share`, `newsletter`, `menu`, `recherche`, `search`, `connexion`, `se connecter`, `log ?in`, `sign in`, `langues?`, `language`, `english`, `français`, `deutsch`, `español`, `sommaire`, `cookies?`, `imprimer`, `print`, `auteur`, `author`)

// isOfText reports a hidden element that may be a part of the text: it says something, not all of it links, asks for nothing, and is not the same again.
func (f *folds) isOfText(n *html.Node) bool {
	if f.size[n] == 0 || isBesideArticle(n.Parent) || isFurniture(visibleCopy(n)) || hasNamePart(attribute(n, "class")+" "+attribute(n, "id"), foldedAway) || f.isInOtherLanguage(n) ||
		slices.ContainsFunc(selectorsOf(n), func(selector string) bool { return f.others[selector] }) {
		return false
	}
	linked, prose, again := 0, 0, 0
	for d := range n.Descendants() {
		switch {
		case d.DataAtom == atom.A:
			linked += f.size[d]
		case d.DataAtom == atom.Input && !slices.Contains([]string{"hidden", "checkbox", "radio"}, attribute(d, "type")), d.DataAtom == atom.Textarea:
			return false
		}
	}
	for d := range withItself(n) {
		if f.leaf[d] && f.size[d] > longestDateline {
			prose += f.size[d]
			if f.seen[beginningOf(words(d))] {
				again += f.size[d]
			}
		}
	}
	return linked*2 <= f.size[n] && again*2 <= prose
}

// withItself are an element and all that stands in it.
func withItself(n *html.Node) iter.Seq[*html.Node] {
	return func(yield func(*html.Node) bool) {
		if !yield(n) {
			return
		}
		n.Descendants()(yield)
	}
}

// visibleCopy is an element without its contents, as it would be if it were shown.
func visibleCopy(n *html.Node) *html.Node {
	shown := &html.Node{Type: n.Type, Data: n.Data, DataAtom: n.DataAtom, Attr: slices.Clone(n.Attr)}
	show(shown)
	return shown
}

// isInOtherLanguage reports what is marked as being in another language than the page.
func (f *folds) isInOtherLanguage(n *html.Node) bool {
	own, _, _ := strings.Cut(f.language, "-")
	given, _, _ := strings.Cut(attribute(n, "lang"), "-")
	return own != "" && given != "" && !strings.EqualFold(own, given)
}

// panels are words in the names of what one opens.
const panels = " tab tabs tabpanel pane panel accordion accordeon accordéon collapse collapsible faq toggle readmore spoiler expand expandable expander unfold reveal depliable "

// opener is what opens a hidden element: it names it, or stands beside it and says so. One that is named as such things are may be opened by a script alone.
func (f *folds) opener(n *html.Node) (control *html.Node, ok bool) {
	for _, selector := range selectorsOf(n) {
		if control := f.openers[selector]; control != nil {
			return control, true
		}
	}
	if control := f.readOn(n); control != nil {
		return control, true
	}
	if f.isOpened(n.Parent) { // which shows what stands in it
		return nil, true
	}
	return nil, attribute(n, "role") == "tabpanel" || hasNamePart(attribute(n, "class")+" "+attribute(n, "id"), panels)
}

func selectorsOf(n *html.Node) (selectors []string) {
	if id := attribute(n, "id"); id != "" {
		selectors = append(selectors, "#"+id)
	}
	for class := range strings.FieldsSeq(attribute(n, "class")) {
		selectors = append(selectors, "."+class)
	}
	return selectors
}

// toUnfold is all that a control says that shows the rest of a text.
var toUnfold = anyOf(`^[^\pL]*%s[^\pL]*$`,
	toTheRest, `(?:afficher|montrer|voir|dérouler|déplier|développer|ouvrir) (?:plus|la suite|tout(?: l’article| le texte)?|l’article(?: complet| entier)?|le reste|le texte(?: complet| entier)?)`, `(?:en )?(?:lire|savoir) plus`, `déplier`, `dérouler`, `développer`, `suite`, `la suite`, `plus`,
	`(?:show|see|view|display) (?:more|all|the (?:rest|full (?:article|story|text|post)))`, `expand`, `more`, `unfold`, `learn more`,
)

// readOn is the control that stands directly before or behind a hidden element, or behind others that are hidden, or around it.
func (f *folds) readOn(n *html.Node) *html.Node {
	for at, up := n, 0; at != f.body && up < 2; at, up = at.Parent, up+1 {
		if f.beside[at] == nil {
			f.noteBeside(at.Parent)
		}
		for _, s := range f.beside[at] {
			if control := f.controlIn(s); control != nil {
				return control
			}
		}
	}
	return nil
}

// noteBeside remembers what is shown next before each child of an element, and next behind it.
func (f *folds) noteBeside(parent *html.Node) {
	all := slices.Collect(parent.ChildNodes())
	for _, order := range []func([]*html.Node) iter.Seq2[int, *html.Node]{slices.All[[]*html.Node], slices.Backward[[]*html.Node]} {
		var shown *html.Node
		for _, child := range order(all) {
			f.beside[child] = append(f.beside[child], shown)
			if f.size[child] > 0 && !isHidden(child) && !f.opened[child] {
				shown = child
			}
		}
	}
}

// controlIn is an element that says no more than to show the rest, or the last link or button of a paragraph that does.
func (f *folds) controlIn(n *html.Node) *html.Node {
	if n == nil || n.Type != html.ElementNode {
		return nil
	}
	if f.size[n] <= longestLabel && toUnfold().MatchString(words(n)) {
		return n
	}
	var last *html.Node
	if f.leaf[n] {
		for d := range n.Descendants() {
			if d.DataAtom == atom.A || d.DataAtom == atom.Button || d.DataAtom == atom.Span {
				last = d
			}
		}
	}
	if last != nil && f.size[last] <= longestLabel && toUnfold().MatchString(words(last)) && strings.HasSuffix(words(n), words(last)) {
		return last
	}
	return nil
}

// open shows an element where it stands, and what opens it as far as that says something of the text: a question over its answer.
func (f *folds) open(n, opener *html.Node) {
	show(n)
	f.opened[n] = true
	switch {
	case opener == nil || !f.isThere(opener):
	case toUnfold().MatchString(words(opener)):
		f.remove(opener)
	case opener.DataAtom == atom.Button && attribute(opener, "role") != "tab":
		opener.DataAtom, opener.Data, opener.Attr = atom.Span, "span", nil
	}
}

// show takes off an element what hides it.
func show(n *html.Node) {
	n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool {
		return a.Key == "hidden" || a.Key == "aria-hidden" || a.Key == "style" && hiding().MatchString(a.Val)
	})
}

// stillHidden is the beginning of a text of considerable length that stands hidden amid that of the article, or beside it, and of which nothing tells whether it
// is a part.
func (f *folds) stillHidden() string {
	shown, held := f.shown()
	around := f.articleAround(held)
	size, said := 0, ""
	for hidden := range f.body.Descendants() {
		if hidden.Type != html.ElementNode || !isHidden(hidden) || !isIn(hidden.Parent, around) || !f.isOfText(hidden) || showsOthers(hidden) {
			continue
		}
		for n := range withItself(hidden) {
			if !f.leaf[n] || f.prose(n) == 0 || isWithin(n, atom.Figure) {
				continue
			}
			if text := words(n); !strings.Contains(shown, text) && !asksVisitors(text) && !invitation().MatchString(text) && !isCallToReaders(text) {
				size += f.size[n]
				said = cmp.Or(said, text)
			}
			if size >= minText {
				return said
			}
		}
	}
	return ""
}

// shown are the paragraphs that are not hidden, and how much of them elements hold. Designs show the best of a text twice, the second time to eyes alone.
func (f *folds) shown() (text string, held map[*html.Node]int) {
	var b strings.Builder
	held = map[*html.Node]int{}
	for _, n := range f.lines(math.MaxInt) {
		if f.prose(n) > 0 && !isOutOfSight(n) {
			b.WriteString(words(n) + "\n")
			for p := n.Parent; p != nil; p = p.Parent {
				held[p] += f.prose(n)
			}
		}
	}
	return b.String(), held
}

// articleAround is the element of the article, by how much of what is shown elements hold; where none is marked as that, the smallest with most of it, and
// what stands beside that one. Windows of a site stand in the body itself.
func (f *folds) articleAround(held map[*html.Node]int) *html.Node {
	smallest := f.body
	var marked *html.Node
	for n := range f.body.Descendants() {
		if held[n]*2 <= held[f.body] {
			continue
		}
		smallest = n
		if marksArticle(n) {
			marked = n
		}
	}
	switch {
	case marked != nil:
		return marked
	case smallest != f.body && smallest.Parent != f.body:
		return smallest.Parent
	}
	return smallest
}

// showsOthers reports an element with a heading that leads to another page.
func showsOthers(n *html.Node) bool {
	return isAny(n.Descendants(), func(d *html.Node) bool {
		return d.DataAtom == atom.A && !strings.HasPrefix(attribute(d, "href"), "#") && (isWithin(d, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6) || isAny(d.Descendants(), isHeading))
	})
}

// dropHidden takes out what is hidden, however much it says, unless that is all of the text: a script shows some pages.
func (f *folds) dropHidden() {
	size := 0
	for _, n := range f.lines(math.MaxInt) {
		if !isOutOfSight(n) {
			size += f.prose(n)
		}
	}
	if size >= minText {
		f.dropEach(f.body, isHidden)
	}
}

// remember notes the paragraphs that were opened and are left of them, before the text is looked for among all that is left.
func (f *folds) remember() {
	for _, n := range f.lines(math.MaxInt) {
		if f.prose(n) > 0 && !isWithin(n, atom.Table) && f.isOpened(n) {
			f.said = append(f.said, words(n))
		}
	}
}

// lacks is one of them that is not in the text that was taken; empty: all are.
func (f *folds) lacks(taken string) string {
	in := newFinder(taken)
	for _, text := range f.said {
		if !in.has(beginningOf(text)) {
			return text
		}
	}
	return ""
}

// isOpened reports what stands in an element that was opened.
func (f *folds) isOpened(n *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if f.opened[n] {
			return true
		}
	}
	return false
}
