package preflight

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"facteur/internal/newsletter"
)

// maxSubject is how many characters of a subject the lists of mail programs show.
const maxSubject = 60

func subject(n *notes, l Letter) {
	at := Place{Part: InSubject, Text: l.Subject}
	plain := strings.TrimSpace(l.Subject)
	if plain == "" {
		n.blocks("subject-empty", at, "the subject is empty", "give the letter one: that of an edition is the title of its lead story")
		return
	}
	if length := seenLength(plain); length > maxSubject {
		n.warns("subject-long", at, fmt.Sprintf("the subject has %d characters, and lists of letters show about %d", length, maxSubject), "shorten the title of the lead story")
	}
	if fold(plain) == "" {
		n.warns("subject-wordless", at, "the subject has no word: who is read it aloud hears nothing of the letter, and filters take it for advertising", "give the lead story a title in words")
	}
	if wasCut(l) {
		n.warns("subject-cut", at, "the subject was cut: lists of letters show the beginning of the title alone", "shorten the title of the lead story")
	}
	if found := markup.FindString(plain); found != "" {
		n.warns("text-markup", at, found+" is HTML, and lists of letters show it as it stands", "write the title in words")
	}
	if shouts(plain) {
		n.warns("subject-capitals", at, "the subject shouts: filters and readers take capitals for advertising", "write the title as a sentence")
	}
	if strings.Contains(strings.Map(dropSpace, plain), "!!") || strings.Count(plain, "!") > 2 {
		n.warns("subject-exclaims", at, "the subject shouts: filters and readers take several exclamation marks for advertising", "leave one, or none")
	}
	switch pictures, inside := emoji(plain); {
	case pictures > 1:
		n.warns("subject-emoji", at, fmt.Sprintf("the subject has %d pictures among its letters", pictures), "leave one, at the beginning or the end")
	case inside:
		n.warns("subject-emoji", at, "the subject has a picture in the midst of its words: who is read it aloud hears the picture's name there", "put it at the beginning or the end, or take it away")
	}
	if pretends(plain) {
		n.warns("subject-pretends", at, "the subject looks like the answer to a letter that nobody wrote", "take the mark at its beginning away")
	}
	if fold(plain) == fold(l.Preheader) {
		n.warns("subject-is-preheader", at, "the preheader says the same as the subject, so that lists show it twice", "give the lead story a summary that says more than its title")
	}
	if l.Earlier > 0 {
		n.warns("subject-again", at, fmt.Sprintf("edition %d had the same subject: mail programs may fold the two into one, and readers think that they know it", l.Earlier), "give the lead story another title")
	}
}

// wasCut reports a subject that is the beginning of the title of its lead story.
func wasCut(l Letter) bool {
	subject := strings.TrimSpace(l.Subject)
	cut := strings.LastIndex(subject, "…")
	if cut < 0 || l.Content.Lead == nil {
		return false
	}
	rest := strings.TrimLeft(subject[cut+len("…"):], "\u00a0»›”’)]}\"") // what the cut closes
	if rest != "" && !strings.HasPrefix(rest, " (") {                   // the number of the edition may follow
		return false
	}
	title, said := fold(l.Content.Lead.Title), fold(subject[:cut])
	return title != said && title != fold(l.Subject) && strings.HasPrefix(title, said)
}

// sender looks at whom lists of letters show, and who gets the answers.
func sender(n *notes, l Letter) {
	s := l.Newsletter.Sender
	at := Place{Part: InHeader, Text: s.Address}
	if strings.TrimSpace(s.Name) == "" {
		n.warns("sender-without-name", at, "the sender has no name, so that lists show an address", "set sender.name to the name of the newsletter")
	}
	local, _, _ := strings.Cut(s.Address, "@")
	if s.ReplyTo == "" && (strings.HasPrefix(fold(local), "noreply") || strings.HasPrefix(fold(local), "nepasrepondre")) {
		n.warns("sender-takes-no-reply", at, "the sender's address says that nobody reads it, and some providers refuse letters that cannot be answered", "set sender.reply_to to one that is read")
	}
}

func preheader(n *notes, l Letter) {
	if strings.TrimSpace(l.Preheader) == "" {
		n.warns("preheader-empty", Place{Part: InPreheader}, "there is no preheader: lists of letters show what comes first instead", "give the articles summaries, from which it is made")
	}
}

// stories must be told once.
func stories(n *notes, l Letter) {
	told, byTitle := map[string]bool{}, map[string]newsletter.Story{}
	for _, s := range l.Content.Stories() {
		at := Place{Part: InLetter, Story: s.Title, Text: s.URL}
		if told[s.URL] { // canonical, as articles have it: what was chosen as two is two
			n.blocks("duplicate-article", at, "the letter tells the same article twice", "hide it: "+hide(s))
		} else if other, twice := byTitle[fold(s.Title)]; twice && fold(s.Title) != "" {
			n.warns("duplicate-title", at, "another article has the same title: "+other.URL, "hide one if they are the same ("+hide(s)+"), or give one another title")
		}
		if i := strings.IndexFunc(s.Title, turns); i >= 0 {
			r, _ := utf8.DecodeRuneInString(s.Title[i:])
			n.warns("title-direction", at, fmt.Sprintf("the title holds the mark %U, which turns the direction of what follows; the letter leaves it out", r), "take it out of the article's title")
		}
		told[s.URL], byTitle[fold(s.Title)] = true, s
	}
}

// hide is the command that keeps a story out.
func hide(s newsletter.Story) string {
	if s.Article != 0 {
		return fmt.Sprintf("facteur article hide %d", s.Article)
	}
	return "facteur article hide " + s.URL
}

// turns reports a mark that makes text run the other way (UAX #9 §2), by which a title can show what it does not say.
func turns(r rune) bool { return unicode.Is(unicode.Bidi_Control, r) }

func dropSpace(r rune) rune {
	if unicode.IsSpace(r) {
		return -1
	}
	return r
}

const (
	joiner = '\u200d' // makes one emoji of two
	tones  = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
)

// seenLength counts the characters that a reader sees: an accent, a skin or a joined emoji is none of its own, a flag is one.
func seenLength(s string) (length int) {
	count(s, func(rune) { length++ })
	return length
}

// emoji counts the pictures, and reports one that has words on both its sides.
func emoji(s string) (pictures int, inside bool) {
	word, after := false, false // a word was seen, and a picture after it
	count(s, func(r rune) {
		switch {
		case r >= 0x1F000 && r <= 0x1FAFF || r >= 0x2600 && r <= 0x27BF || r == 0x2B50 || r == 0x2B55:
			pictures++
			after = word
		case unicode.IsLetter(r), unicode.IsDigit(r):
			inside = inside || after
			word = true
		}
	})
	return pictures, inside
}

// count calls f for the first code point of each character that is seen.
func count(s string, f func(rune)) {
	joined, flag := false, false
	for _, r := range s {
		half := r >= 0x1F1E6 && r <= 0x1F1FF
		switch {
		case r == joiner:
			joined = true
			continue
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf), strings.ContainsRune(tones, r):
			continue
		case joined:
			joined = false
			continue
		case half && flag:
			flag = false
			continue
		}
		flag = half
		f(r)
	}
}

// shouts reports a subject of capitals. A few names that are written so, such as SNCF, are none.
func shouts(s string) bool {
	letters, capitals, run, runLetters := 0, 0, 0, 0
	for word := range strings.FieldsSeq(s) {
		upper, all := 0, 0
		for _, r := range word {
			if unicode.IsLetter(r) {
				all++
				if unicode.IsUpper(r) {
					upper++
				}
			}
		}
		letters, capitals = letters+all, capitals+upper
		if all > 1 && upper == all {
			run, runLetters = run+1, runLetters+all
		} else if all > 1 {
			run, runLetters = 0, 0
		}
		if run >= 3 && runLetters >= 15 {
			return true
		}
	}
	return letters >= 12 && capitals*10 >= letters*7
}

// pretends reports the mark of an answer or of a letter that is passed on.
func pretends(s string) bool {
	s = strings.ToLower(strings.ReplaceAll(s, "\u00a0", " "))
	for _, mark := range []string{"re:", "re :", "ré:", "ré :", "fwd:", "fwd :", "fw:", "tr:", "tr :"} {
		if strings.HasPrefix(s, mark) {
			return true
		}
	}
	return false
}
