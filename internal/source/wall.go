package source

import (
	"strings"
	"unicode/utf8"
)

// A wall is why a page has no article to take: what was seen, and what to do.
type wall struct{ seen, do string }

func (w wall) Error() string { return w.seen }

// What to do about pages.
const (
	byHand    = "write the article as a Markdown file with its title, address and text, and add that file: docs/articles.md"
	otherPage = "find the article on its site, and give that address"
)

// atTheDoor finds what a redirect leads to that asks before it shows anything.
var atTheDoor = expression(`(?i)(?:^|[./])(consent|cookies?|cookie-?wall|gdpr|guce|choixcookies|log-?in|sign-?in|connexion|wp-login\.php|auth)(?:$|[./])`)

// door looks whether the address that a page was sought at leads elsewhere: to a question, or to the front page.
func (h *head) door(asked string) error {
	if h.isFront() && h.article == nil && h.first("og:type") != "article" {
		return wall{"it is the front page of its site, where addresses lead whose article is gone", otherPage}
	}
	if h.article != nil || strings.TrimSuffix(asked, "/") == strings.TrimSuffix(h.address.String(), "/") {
		return nil
	}
	if sign := atTheDoor().FindStringSubmatch(h.address.Hostname() + h.address.Path); sign != nil && !strings.Contains(asked, sign[1]) {
		return wall{"its server leads to " + cut(h.address.String(), maxTag) + ", which asks visitors for something first", byHand}
	}
	return nil
}

// closed looks for what a page says of being none that anybody can read, beside what was said at a gate that is not there any more.
func (h *head) closed(c *clearing, gate string) error {
	if h.isPaid() {
		return wall{"it says that it is for subscribers, so only its beginning may be there", byHand}
	}
	if said := firstOf(c.paywall(), gate); said != "" {
		return wall{"it is for subscribers or members: it says “" + cut(said, maxTag) + "”", byHand}
	}
	if h.waitsForWall(c) {
		return wall{"it is for subscribers or members: under its text stands an empty element named “paywall”", byHand}
	}
	if h.article != nil {
		return nil
	}
	for _, title := range append([]string{h.first("og:title"), h.title}, h.headings...) {
		switch title = oneLine(title); {
		case missing().MatchString(title):
			return wall{"there is no such page: it says “" + cut(title, maxTag) + "”, although its server answers 200 OK", otherPage}
		case human().MatchString(title):
			return wall{"its site wants to see a person: it says “" + cut(title, maxTag) + "”", byHand}
		case asking().MatchString(title):
			return wall{"it asks visitors to log in: it says “" + cut(title, maxTag) + "”", byHand}
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
		{human, "its site wants to see a person before it shows anything"},
		{toRestOf, "it is for subscribers or members"},
		{members, "it is for subscribers or members"},
		{consentByButton, "it asks for consent before it shows anything"},
		{consentByUs, "it asks for consent before it shows anything"},
		{missing, "there is no such page, although its server answers 200 OK"},
	} {
		if at := c.sign().FindStringIndex(shown); at != nil {
			return wall{c.says + ": it says “" + around(shown, at) + "”", byHand}
		}
	}
	if text = strings.TrimSpace(text); text == "" {
		return wall{"no text of an article was found in it; it may come by a script", byHand}
	}
	return wall{"its text is too short for an article: “" + cut(text, maxTag) + "”", byHand}
}

// isQuestion reports a text that asks for consent, with its buttons in words: it speaks of itself, and offers to agree and to refuse.
func isQuestion(text string) bool {
	return utf8.RuneCountInString(text) < longestAsked && consentByUs().MatchString(text) && len(consentByButton().FindAllString(text, 2)) > 1
}

func asksFirst(said string) error {
	return wall{"it asks for consent before it shows anything: it says “" + cut(said, maxTag) + "”", byHand}
}

// around is what stands at a place of a text.
func around(text string, at []int) string {
	end := min(len(text), at[1]+60)
	for end < len(text) && !utf8.RuneStart(text[end]) {
		end++
	}
	return cut(text[at[0]:end], maxTag)
}
