package extract

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"facteur/internal/render"
)

// rests are links and buttons that lead from the end of a text to more of it, with what stands before each. Where one leads has another name on the page, as
// other articles have, it is none.
func (r pageReader) rests(c *clearing) (all []sequel) {
	box, titles := c.textBox(), r.titles(c)
	before := "" // the last paragraph, or what may be a short one
	var at *html.Node
	for n := range c.body.Descendants() {
		text := ""
		if c.leaf[n] {
			text = words(n)
		}
		switch {
		case isHeading(n):
			before = ""
		case c.size[n] > longestDateline && text != "" && !isIn(n, box):
			before = ""
		case c.size[n] > longestDateline && text != "", before != "" && isShortSaying(text) && !saysOnlyLinks(n):
			before, at = text, n
		}
		if before == "" || !c.mayLeadOn(n) {
			continue
		}
		address := Absolute(r.head.base, attribute(n, "href"))
		isHere := address == "" || r.isHere(address)
		isElsewhere := !isHere && !titles[address]
		label, leadsOn := r.leadsOn(c, n, address)
		if leadsOn && (isElsewhere || isHere && !isClipped(at, n)) {
			all = append(all, sequel{label, address, endOf(strings.TrimSuffix(before, label))})
		}
	}
	return all
}

// isShortSaying reports a short paragraph of a text, and neither a label nor what a page says of itself.
func isShortSaying(text string) bool {
	last := lastSentence(text)
	isLed := sentenceGap().MatchString(text) && toMore().MatchString(last) && strings.ContainsFunc(strings.TrimSuffix(text, last), unicode.IsLetter)
	return sentenceEnd().MatchString(text) && !isRemnant(text) && !toMore().MatchString(text) || isLed
}

// lastSentence is what a text says behind its last whole sentence.
func lastSentence(text string) string {
	all := sentenceGap().Split(text, -1)
	return all[len(all)-1]
}

// isClickable reports what one may click.
func isClickable(n *html.Node) bool {
	return n.DataAtom == atom.A || n.DataAtom == atom.Button || attribute(n, "role") == "button"
}

// mayLeadOn reports a control, or a line that may be set as one, with no more to say than such have.
func (c *clearing) mayLeadOn(n *html.Node) bool {
	return c.size[n] > 0 && (isClickable(n) && c.size[n] <= shortLine || c.leaf[n] && c.size[n] <= longestLabel && !hasLink(n) && !holds(n, atom.Button))
}

// leadsOn reports a control that says no more than that the text goes on elsewhere, and what it says. Where its line says more, it says what else is read
// there: “Read more about the strike”, “À lire : la suite de notre enquête”.
func (r pageReader) leadsOn(c *clearing, n *html.Node, address string) (label string, leads bool) {
	label = words(n)
	if isMoreLink(n) {
		return label, true
	}
	if isToAll := n.DataAtom == atom.Button && toAll().MatchString(label); !isToAll && !beginsRest().MatchString(label) {
		return "", false
	}
	before, behind := c.besideControl(n)
	if isUnended := strings.ContainsFunc(before, unicode.IsLetter) && !sentenceEnd().MatchString(before); isUnended {
		first, _ := utf8.DecodeRuneInString(strings.TrimLeft(label, "→»> "))
		if unicode.IsLower(first) || pointerWithin().MatchString("\x00"+before) {
			return "", false
		}
	}
	said := label
	if runsOn().MatchString(behind) {
		said += " " + behind
	}
	switch {
	case toAll().MatchString(said):
		return label, n.DataAtom == atom.Button && c.followsText(n)
	case toMore().MatchString(said):
		return label, isClickable(n) || hasAttribute(n, "class") || hasAttribute(n, "onclick") || holds(n, atom.Span) || !standsAboveLinks(n)
	}
	return label, hasNamePart(attribute(n, "class")+" "+attribute(n.Parent, "class"), readMore) || r.namesThis(said, address)
}

// readMore are words in the names of what programs put where a text was cut.
const readMore = " readmore "

// isMoreLink reports the link that WordPress puts where a text was cut, whatever it says.
func isMoreLink(n *html.Node) bool {
	return n.DataAtom == atom.A && (hasWord(attribute(n, "class"), "more-link") || moreAnchor().MatchString(attribute(n, "href")))
}

var moreAnchor = expression(`#more-[0-9]+$`)

// besideControl is what the line of a control says before it and behind it, as far as the next of them.
func (c *clearing) besideControl(n *html.Node) (before, behind string) {
	line := n
	for line != c.body && !c.leaf[line] {
		line = line.Parent
	}
	if line == c.body || line == n || c.size[line] > mostShown {
		return "", ""
	}
	passed := false
	for d := range line.Descendants() {
		switch {
		case d == n:
			passed = true
		case isClickable(d) && passed && !isIn(d, n):
			return strings.TrimSpace(before), strings.TrimSpace(behind)
		case isClickable(d):
			before = ""
		case d.Type != html.TextNode || isIn(d, n):
		case passed:
			behind += d.Data
		default:
			before += d.Data
		}
	}
	return strings.TrimSpace(before), strings.TrimSpace(behind)
}

// runsOn finds a line that goes on behind a control with words of the same sentence.
var runsOn = expression(`^[:,–—-]?\s*[\pL«“"‘']`)

// followsText reports a button just behind a paragraph, with nothing around it.
func (c *clearing) followsText(n *html.Node) bool {
	for n.Parent != c.body && c.size[n.Parent] == c.size[n] {
		n = n.Parent
	}
	for n = n.PrevSibling; n != nil && c.size[n] == 0; {
		n = n.PrevSibling
	}
	return n != nil && c.isLong(n)
}

// standsAboveLinks reports a line that heads links to other articles.
func standsAboveLinks(line *html.Node) bool {
	next := line.NextSibling
	for next != nil && words(next) == "" {
		next = next.NextSibling
	}
	return next != nil && hasLink(next) && saysOnlyLinks(next)
}

// namesThis reports a label that says of what it leads to the rest, where that is this article: by a word for one, by its title, or by the site it is on.
func (r pageReader) namesThis(label, address string) bool {
	if toSite().MatchString(label) {
		return address != "" && !SameSite(address, r.head.address.String()) || ofSite().MatchString(label)
	}
	named := toNamed().FindStringSubmatch(label)
	if named == nil {
		return false
	}
	name := Key(named[1])
	return slices.ContainsFunc(append([]string{r.head.title, r.head.first("og:title")}, r.head.headings...), func(title string) bool {
		full := Key(oneLine(title))
		return name != "" && full == name || len(name) >= shortestTo && (strings.HasPrefix(full, name) || len(full) >= shortestTo && strings.HasPrefix(name, full))
	})
}

// What leads to the rest of a text: what one does, in which words for a text, and all that such a control says.
const (
	oneText  = `(?:article|texte|contenu|papier|billet|post|récit|reportage|entretien|interview|enquête|analyse|tribune|chronique|portrait|publication|histoire|page)`
	thisText = `(?:(?:l’|cet |cette |ce |le |la )?` + oneText + `)`
	inFull   = `(?:complet|complète|entier|entière|en entier|intégral|intégrale|en intégralité|dans (?:son|sa|leur) (?:intégralité|totalité))`
	toRead   = `(?:(?:cliquez|cliquer|appuyez)(?: ici| sur ce lien)? pour |je (?:veux |souhaite )?)?(?:lire|lisez|lis|voir|voyez|afficher|affichez|charger|chargez|montrer|découvrir|découvrez|retrouver|retrouvez|dérouler|déplier|déployer|ouvrir|consulter|consultez|télécharger|accéder à|accédez à|obtenir|continuer|poursuivre)`
	frRest   = `(?:(?:` + toRead + ` )?(?:à )?(?:la suite|la fin)(?: (?:ici|de ` + thisText + `|du (?:` + oneText + `)))?|suite de ` + thisText + `|` + toRead + ` (?:le reste|l’intégralité)(?: (?:de ` + thisText + `|du ` + oneText + `))?|` + toRead + ` (?:tout )?` + thisText + ` ` + inFull + `|` + toRead + ` tout(?:e)? ` + thisText +
		`|lire l’article|(?:(?:cliquez|appuyez)(?: ici| sur ce lien)? pour )?(?:(?:continuer|poursuivre)(?: (?:la|votre|ma|sa) lecture| à lire)(?: de ` + thisText + `)?|(?:en )?lire (?:plus|davantage)|lire l’article)|(?:tout lire|lire tout))`
	enText = `(?:article|story|post|text|piece|column|essay|interview|investigation)`
	enRest = `(?:(?:(?:click|tap|press)(?: here)? to )?(?:(?:read|view|see|show|display|load|open|get|unfold|continue|keep|finish|download)(?: reading)? (?:(?:the |this |our )?(?:full|whole|entire|complete|remaining|(?:rest|remainder) of(?: the| this)?) ` + enText + `|(?:the |this )` + enText + ` in full|the (?:rest|remainder)(?: of it)?)|(?:read|keep) (?:more|on|reading)|(?:continue|carry on|finish|keep) reading(?: (?:this|the) ` + enText + `)?|expand(?: (?:the |this |full ))?(?: ?` + enText + `))|(?:the )?(?:full|whole) (?:article|story|post|text))`
)

var (
	toMore = anyOf(`^[^\pL]*%s[^\pL]*(?:[(\[][^()\[\]]{1,20}[)\]])?[^\pL]*$`, frRest, enRest, `[(\[]\s*(?:la )?(?:more|suite|plus)\s*(?:…|\.\.\.)?\s*[)\]]`)

	// beginsRest is how labels begin that may say it, whatever they name.
	beginsRest = anyOf(`^[^\pL]*%s(?:[^\pL]|$)`, frRest, enRest, `more`, `suite`, `plus`, `(?:continuer|poursuivre)`)

	// toAll is what buttons say that open the rest, and those below lists of other things, too.
	toAll = anyOf(`^[^\pL]*%s[^\pL]*$`, `(?:en )?(?:afficher|voir|charger|montrer) (?:plus|tout|davantage)`, `tout (?:afficher|voir)`, `(?:show|see|view|load|display|reveal) (?:more|all)`, `expand`, `déplier`, `dérouler`, `développer`)

	// toNamed is what leads to the rest of what it names, and toSite to what stands on a site that it names.
	toNamed = anyOf(`^[^\pL]*%s(?:\s*[:–—-])?\s+(.+)$`, `(?:lire|voir) la suite(?: de| du)?`, `(?:continuer|poursuivre) la lecture(?: de| du)?`, `(?:continue|keep) reading`, `read more(?: of| about)?`, `lire (?:plus|l’article)(?: de)?`)
	toSite  = anyOf(`^[^\pL]*%s,? (?:sur|dans|chez|on|at|over at|in) .+$`, frRest, enRest)
	ofSite  = anyOf(`(?:sur|dans|on|at|in) (?:le |la |l’|notre |son |ce |the |our |their )?%s`, `(?:web)?site`, `blog`, `appli(?:cation)?\b`, `app\b`, `page`, `journal`, `magazine`, `numéro`, `édition`, `www\.`, `\S+\.[a-z]{2,4}\b`)
)

// clips are words in the names of what shows the beginning of its text until somebody clicks, although all of it is there.
const clips = " collapsed collapsible collapse clamp clamped truncate truncated folded expandable expander readmore showmore more clipped shortened "

var clipping = expression(`(?i)max-height|line-clamp|overflow\s*:\s*hidden`)

// isClipped reports a paragraph in an element that a control opens, or that is set as one of which the end does not show.
func isClipped(paragraph, control *html.Node) bool {
	opened := opens(control)
	for p := paragraph; p != nil; p = p.Parent {
		isOpened := slices.ContainsFunc(selectorsOf(p), func(selector string) bool { return slices.Contains(opened, selector) })
		if isOpened || clipping().MatchString(attribute(p, "style")) || hasNamePart(attribute(p, "class"), clips) {
			return true
		}
	}
	return false
}

// titles are the addresses to which links lead that say something else than that a text goes on there.
func (r pageReader) titles(c *clearing) map[string]bool {
	all := map[string]bool{}
	for n := range c.body.Descendants() {
		isTitle := n.DataAtom == atom.A && (c.size[n] >= shortestTo || isWithin(n, atom.H2, atom.H3, atom.H4, atom.H5) || holds(n, atom.H2) || holds(n, atom.H3) || holds(n, atom.H4))
		if address := Absolute(r.head.base, attribute(n, "href")); isTitle && address != "" && !beginsRest().MatchString(words(n)) {
			all[address] = true
		}
	}
	return all
}

// endOf is the end of what a text says, as a key.
func endOf(text string) string {
	text = Key(text)
	return text[max(0, len(text)-beginning):]
}

var (
	// cutEnd finds the mark of a text that somebody cut.
	cutEnd = expression(`[\[(]\s*(?:…|\.\.\.)\s*[\])]\s*$`)

	// printedElsewhere finds the line by which a text says on which page, or in which issue, it goes on.
	printedElsewhere = anyOf(`(?:^|[.!?…»”"]\s*)([(\[]?\s*%s)[^\pL]*$`,
		`(?:(?:lire|voir|retrouvez) )?(?:la )?suite(?: de (?:l’|cet )(?:article|texte))?,? (?:à lire |à retrouver |à découvrir )?(?:(?:en |à la |à )?pages? |(?:en )?p\.\s?)[0-9]{1,3}(?:\s*(?:et|à|-|–)\s*[0-9]{1,3})?`,
		`(?:(?:lire|retrouvez) )?(?:la )?suite(?: de (?:l’|cet )(?:article|texte|entretien))? (?:à lire |à retrouver |à découvrir )?(?:dans (?:le|la|notre) prochaine? (?:numéro|édition|parution|livraison|bulletin))`,
		`(?:(?:this |the )?(?:story|article) )?(?:is )?(?:continue[ds]|cont’?d\.?|concluded) (?:(?:on|from|in|to) )?(?:(?:the )?(?:next )?(?:page|p\.)\s?[a-z]?-?[0-9]{1,3}|[a-z][0-9]{1,2}|the next page|next page|overleaf|(?:our|the) next (?:issue|edition))`,
		`(?:please )?(?:turn|jump) to page [a-z]?[0-9]{1,3}`,
	)
)

// begun says that a text is only the beginning of an article: it ends with a mark of that, or before what leads to its rest. A quotation may be cut.
func begun(body string, rests []sequel) error {
	const do = "give the address of the page that shows all of it, or " + ByHand
	last := body[strings.LastIndex(body, "\n\n")+1:]
	said := render.PlainText(last)
	for _, rest := range rests {
		end := strings.TrimSuffix(Key(said), Key(rest.label))
		isLine := strings.HasPrefix(Key(said), Key(rest.label)) && utf8.RuneCountInString(said) <= longestLabel
		if end == "" || isLine { // the link is all that the last paragraph says, or almost
			end = Key(render.PlainText(strings.TrimSuffix(body, last)))
		}
		if rest.before != "" && (strings.HasSuffix(end, rest.before) || len(end) >= shortestTo && strings.HasSuffix(rest.before, end)) {
			leading := ""
			if rest.address != "" {
				leading = ", which leads to " + Cut(rest.address, maxTag)
			}
			return Wall{"its text is only a beginning: it ends with “" + Cut(rest.label, maxTag) + "”" + leading, do}
		}
	}
	if strings.HasPrefix(strings.TrimSpace(last), ">") {
		return nil
	}
	mark := cutEnd().FindString(said)
	if elsewhere := printedElsewhere().FindStringSubmatch(said); elsewhere != nil {
		mark = elsewhere[1]
	}
	if mark = strings.TrimSpace(mark); mark != "" {
		return Wall{"its text is only a beginning: it ends with “" + Cut(mark, maxTag) + "”", do}
	}
	return nil
}
