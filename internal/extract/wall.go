package extract

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// A Wall is why a page has no article to take: what was seen, and what to do.
type Wall struct{ Seen, Do string }

func (w Wall) Error() string { return w.Seen }

// What to do about pages.
const (
	ByHand    = "write the article as a Markdown file with its title, address and text, and add that file: docs/articles.md"
	otherPage = "find the article on its site, and give that address"
)

// atTheDoor finds what a redirect leads to that asks before it shows anything.
var atTheDoor = expression(`(?i)(?:^|[./])([a-z]*consent|cookies?|(?:cookie|consent|gdpr|privacy)[-_]?(?:wall|gate)|gdpr|guce|choixcookies|log[-_]?in|sign[-_]?in|connexion|wp-login\.php|auth|captcha)(?:$|[./])`)

// atAGate finds what may as well be a word of a title: it counts only in an address that says in its query where to go on.
var atAGate = expression(`(?i)consent|cookie|gdpr|privacy|log-?in|sign-?in|identif|connexion|connect|captcha|human|challenge|abonn|subscri|paywall|\bmur\b`)

// door looks whether the address that a page was sought at leads elsewhere: to a question, or to the front page.
func (h *head) door(asked string) error {
	if h.isFront() && h.article == nil && h.first("og:type") != "article" {
		return Wall{"it is the front page of its site, where addresses lead whose article is gone", otherPage}
	}
	if h.article != nil || strings.TrimSuffix(asked, "/") == strings.TrimSuffix(h.address.String(), "/") {
		return nil
	}
	at := h.address.Hostname() + h.address.Path
	sign := atTheDoor().FindStringSubmatch(at)
	if sign != nil && !strings.Contains(asked, sign[1]) || atAGate().MatchString(at) && h.leadsBackTo(asked) {
		return Wall{"its server leads to " + Cut(h.address.String(), maxTag) + ", which asks visitors for something first", ByHand}
	}
	return nil
}

// leadsBackTo reports an address that names in its query the path of another.
func (h *head) leadsBackTo(asked string) bool {
	u, err := url.Parse(asked)
	if err != nil || strings.Trim(u.Path, "/") == "" || strings.EqualFold(u.Path, h.address.Path) {
		return false
	}
	for _, values := range h.address.Query() {
		if slices.ContainsFunc(values, func(value string) bool { return strings.Contains(value, u.Path) }) {
			return true
		}
	}
	return false
}

const wantsPerson = "its site wants to see a person before it shows anything"

// closed looks for what a page says of being none that anybody can read, beside what was said at a gate that is not there any more.
func (h *head) closed(c *clearing, gate string) error {
	if h.isPaid() {
		return Wall{"it says that it is for subscribers, so only its beginning may be there", ByHand}
	}
	if said := cmp.Or(c.paywall(), gate); said != "" {
		return Wall{"it is for subscribers or members: it says “" + Cut(said, maxTag) + "”", ByHand}
	}
	if h.waitsForWall(c) {
		return Wall{"it is for subscribers or members: under its text stands an empty element named “paywall”", ByHand}
	}
	if h.article != nil {
		return nil
	}
	if said := h.challenge(c); said != "" {
		return Wall{"its site wants to see a person: it says “" + Cut(said, maxTag) + "”", ByHand}
	}
	for _, title := range append([]string{h.first("og:title"), h.title}, h.headings...) {
		switch title = oneLine(title); {
		case missing().MatchString(title):
			return Wall{"there is no such page: it says “" + Cut(title, maxTag) + "”, although its server answers 200 OK", otherPage}
		case asking().MatchString(title):
			return Wall{"it asks visitors to log in: it says “" + Cut(title, maxTag) + "”", ByHand}
		}
	}
	return nil
}

// minText is how many characters make an article: two or three sentences.
const minText = 200

// short says why a page has so little text, where it tells.
func (h *head) short(text, shown string) error {
	shown = forBoth(strings.Join(strings.Fields(shown), " "))
	for _, c := range []struct {
		sign pattern
		says string
	}{
		{human, wantsPerson},
		{toRestOf, "it is for subscribers or members"},
		{members, "it is for subscribers or members"},
		{consentByButton, "it asks for consent before it shows anything"},
		{consentByUs, "it asks for consent before it shows anything"},
		{missing, "there is no such page, although its server answers 200 OK"},
	} {
		if at := c.sign().FindStringIndex(shown); at != nil {
			return Wall{c.says + ": it says “" + around(shown, at) + "”", ByHand}
		}
	}
	if text = strings.TrimSpace(text); text == "" {
		return Wall{"no text of an article was found in it; it may come by a script", ByHand}
	}
	return Wall{"its text is too short for an article: “" + Cut(text, maxTag) + "”", ByHand}
}

// isQuestion reports a text that asks for consent, with its buttons in words: it speaks of itself, and offers to agree and to refuse.
func isQuestion(text string) bool {
	return utf8.RuneCountInString(text) < longestAsked && consentByUs().MatchString(text) && len(consentByButton().FindAllString(text, 2)) > 1
}

func asksFirst(said string) error {
	return Wall{"it asks for consent before it shows anything: it says “" + Cut(said, maxTag) + "”", ByHand}
}

// around is what stands at a place of a text.
func around(text string, at []int) string {
	end := min(len(text), at[1]+60)
	for end < len(text) && !utf8.RuneStart(text[end]) {
		end++
	}
	return Cut(text[at[0]:end], maxTag)
}
