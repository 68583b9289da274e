package extract

import (
	"slices"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Lines above what readers say of an article: those that leave no doubt, and those under which an article may go on.
var (
	discussion = anyOf(`^[^\pL\pN]*%s[^\pL\pN]*$`,
		`(?:[0-9]+|une?|aucun|no|one|two|three)\s+(?:commentaires?|comments?)(?:\s+(?:sur|à|pour|on|to)\b.*)?`, `(?:commentaires?|comments?|réactions?|avis)\s*[(:\[]\s*[0-9]+\s*[)\]]?`, `[0-9]+\s+(?:réactions?|réponses?|replies|responses|webmentions?)`,
		`(?:vos|tous les|derniers|les derniers|your|all|latest)\s+(?:[0-9]+\s+)?(?:commentaires?|réactions?|comments?|réponses?)(?:\s*\(?\s*[0-9]+\s*\)?)?`, `(?:commentaires|réactions|avis)\s+des\s+(?:lect(?:eurs|rices)|internautes|abonnés).*`,
		`(?:[0-9]+|une?|one)\s+(?:réflexions?|thoughts?|réponses?|responses?|replies)\s+(?:sur|on|à|to|au sujet de)\s*[«“"‘].*`, `(?:laisse[rz]|ajoute[rz]|poste[rz]|écrire)\s+(?:un|votre)\s+commentaire`, `(?:leave|post|add)\s+a\s+(?:comment|reply)`,
	)
	mayDiscuss = expression(`(?i)^[^\pL\pN]*(?:(?:les|the)\s+)?(?:commentaires?|réactions?|comments?|discussions?|responses|replies|réponses|messages|forum|(?:web)?mentions?)[^\pL\pN]*$`)
)

// Signs that somebody said what follows: a name and an instant, or a word for it, or what one may do with it.
var (
	saidBy    = expression(`(?i)^[^\pL]*\p{L}[^.!?:]{0,60}\s(?:a\s+(?:dit|écrit|répondu|commenté)|dit|says|said|wrote)\b[^.!?]{0,60}:?$|^[^\pL]*\p{L}[^.!?:]{0,60}\s(?:liked|reposted|bookmarked|mentioned|replied to|a aimé|a partagé|a mentionné)(?: (?:this|cet article|ceci|ce billet|on .{1,30}))?\.?$`)
	toRespond = expression(`(?i)^[^\pL\pN]*(?:répondre|réponse|reply|signaler(?: un abus| ce commentaire)?|report)[^\pL\pN]*$`)
)

// dropDiscussions takes out what readers say of an article below it, and the line above: all that stands beside that, as far as the next heading of its rank.
func (s *stories) dropDiscussions() {
	for _, line := range s.c.lines(shortLine) {
		if !s.c.isThere(line) || s.c.at[line] < s.c.at[s.first] || !s.c.standsOut(line) {
			continue
		}
		text, head := words(line), line
		for !s.around[head.Parent] && s.c.size[head.Parent] == s.c.size[head] {
			head = head.Parent
		}
		isOne := discussion().MatchString(text) && !s.isAmid(line) || mayDiscuss().MatchString(text) && s.isDiscussed(head)
		if !isOne || s.around[head] {
			continue
		}
		for next := head.NextSibling; next != nil && !s.endsDiscussion(next, line); next = head.NextSibling {
			s.forget(next)
		}
		s.forget(head)
	}
}

// isAmid reports a line below which a heading of its rank stands over long paragraphs: it is a part of the text.
func (s *stories) isAmid(line *html.Node) bool {
	return isHeading(line) && slices.ContainsFunc(s.headings, func(n *html.Node) bool {
		return s.c.at[n] > s.c.at[line] && rankOf(n) <= rankOf(line) && n.Parent == line.Parent && s.isLong(s.c.at[n], s.c.end[n.Parent])
	})
}

// endsDiscussion reports a heading of the rank of the line above a discussion, or higher; one that asks for more of it does not end it.
func (s *stories) endsDiscussion(n, line *html.Node) bool {
	return isHeading(n) && rankOf(n) <= rankOf(line) && !discussion().MatchString(words(n))
}

// isDiscussed reports what follows a line, where the beginning of it has signs of who says it.
func (s *stories) isDiscussed(line *html.Node) bool {
	seen := 0
	for n := line.NextSibling; n != nil && seen < mostSigns && !s.endsDiscussion(n, line); n = n.NextSibling {
		for d := range n.Descendants() {
			if seen++; seen > mostSigns {
				break
			}
			if s.isSignOfReader(d) {
				return true
			}
		}
		if seen++; s.isSignOfReader(n) {
			return true
		}
	}
	return false
}

func (s *stories) isSignOfReader(n *html.Node) bool {
	isControl := n.DataAtom == atom.A || n.DataAtom == atom.Button || n.DataAtom == atom.Span
	if !isControl && !s.c.leaf[n] || s.c.size[n] > longestDateline {
		return false
	}
	text := words(n)
	return toRespond().MatchString(text) || s.c.leaf[n] && (saidBy().MatchString(text) || when().MatchString(text) && len(besideDates(text)) <= shortestLead)
}
