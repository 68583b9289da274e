package subscription

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// A saying is a column whose name says that it tells who is no reader.
type saying struct {
	column int
	about  Elsewhere                                      // what a yes in a column of objections says
	name   string                                         // as it stands in the file
	read   func(cell string) (said Elsewhere, known bool) // of a cell that is not empty
	holds  string                                         // what can be read in it
	filled bool                                           // an empty cell is none that can be read
}

// objections are the columns, of any format, that hold who may not be written to: by a yes, or by the day of it. Those of
// another way than letters are none, and neither are those of links.
func objections(heading []string) []saying {
	var found []saying
	for i, column := range heading {
		name := " " + fold(column) + " "
		otherWay := says(name, "sms", "whatsapp", "phone", "telepho", "postal", " fax ") && !says(name, "mail", "courriel")
		if otherWay || says(name, " url ", " link ", " lien ") {
			continue
		}
		said := Elsewhere("")
		switch {
		case says(name, "blacklist", "blocklist", "liste noire", "unsubscri", "unsub time", "desinscri", "desabonn", "opposition",
			" opt out", "optout", " opted out", "optedout", "complain", " email disabled ", " do not contact ", " ne pas contacter "):
			said = Unsubscribed
		case says(name, "clean time", " bounced", " cleaned"):
			said = Cleaned
		case says(name, " deleted at ", " deleted ", " supprime le "):
			said = Deleted
		default:
			continue
		}
		found = append(found, saying{column: i, about: said, name: strings.TrimSpace(column), read: objecting(said), holds: noYes})
	}
	return found
}

const noYes = "neither yes nor no nor a date"

func says(text string, any ...string) bool {
	return slices.ContainsFunc(any, func(word string) bool { return strings.Contains(text, word) })
}

// objecting reads the cells of a column of objections.
func objecting(said Elsewhere) func(string) (Elsewhere, bool) {
	words := statuses()
	return func(cell string) (Elsewhere, bool) {
		if yes, ok := truth(cell); ok && !yes || noDate(cell) {
			return "", true
		} else if yes || is(cell, "x", "✓", "✔") || isDate(cell) {
			return said, true
		}
		of, known := words[fold(cell)]
		return of, known
	}
}

// standings are the columns of a list of no known program that say whether a person receives letters: a status in words,
// or a yes. Status and state are said of much else, so that only those are read that can be about nothing else.
func standings(heading []string) []saying {
	words := statuses()
	status := func(cell string) (Elsewhere, bool) {
		said, known := words[fold(cell)]
		return said, known
	}
	var found []saying
	for i, column := range heading {
		name := fold(column)
		wide := " " + name + " "
		about := says(wide, "abonn", "subscri", "inscri", "mail", "courriel", "marketing", "contact", "member", "membre", "newsletter", "lettre")
		s := saying{column: i, name: strings.TrimSpace(column)}
		switch {
		case is(name, "status", "statut", "etat", "email marketing"), about && says(wide, " status ", " statut ", " etat "):
			s.read, s.holds = status, "a word that is not known"
		case is(name, "subscribed", "subscribed to emails", "abonne", "abonnee", "inscrit", "inscrite", "opt in", "optin", "opted in"):
			s.read, s.holds, s.filled = assenting, noYes, true
		default:
			continue
		}
		found = append(found, s)
	}
	return found
}

// assenting reads the cells of a column of those who want letters.
func assenting(cell string) (Elsewhere, bool) {
	switch yes, ok := truth(cell); {
	case ok && !yes, noDate(cell):
		return Unsubscribed, true
	case ok, is(cell, "x", "✓", "✔"), isDate(cell):
		return "", true
	}
	return "", false
}

// statuses are the words, folded, by which programs and people say how a person stands; "" is a reader. Those of the known
// programs are among them.
func statuses() map[string]Elsewhere {
	words := map[string]Elsewhere{}
	for said, lines := range map[Elsewhere][]string{
		"": {"active, actif, subscribed, subscriber, abonné, abonnée, inscrit, inscrite, enabled, activé, activée",
			"confirmed, confirmé, confirmée, opt-in, optin, opted in"},
		Unsubscribed: {"unsubscribed, unsubscribe, unsub, désinscrit, désinscrite, désinscription, désabonné, désabonnée, désabonnement",
			"opt-out, optout, opted out, blacklisted, blocklisted, blocked, bloqué, bloquée, liste noire, complained, complaint, plainte",
			"spam, junk, opposition, opposé, opposée, refusé, refusée, do not contact, ne pas contacter"},
		Cleaned: {"cleaned, nettoyé, nettoyée, bounced, bounce, hard bounce, hard bounced, invalid, invalide"},
		Unconfirmed: {"unconfirmed, non confirmé, non confirmée, pending, en attente, transactional",
			"non-subscribed, not subscribed, non inscrit, non inscrite, non abonné, non abonnée"},
		Disabled: {"disabled, désactivé, désactivée, inactive, inactif, suspended, suspendu, suspendue"},
		Deleted:  {"deleted, supprimé, supprimée, archived, archivé, archivée, removed, radié, radiée"},
	} {
		for word := range strings.SplitSeq(strings.Join(lines, ", "), ", ") {
			words[fold(word)] = said
		}
	}
	return words
}

// said reads what columns say of a row. An objection outweighs all else, and what cannot be read outweighs what is none.
func said(fields []string, columns []saying) (Elsewhere, problem) {
	var other Elsewhere
	var bad problem
	for _, s := range columns {
		cell := ""
		if s.column < len(fields) {
			cell = strings.TrimSpace(fields[s.column])
		}
		if cell == "" {
			if s.filled && bad == "" {
				bad = problem(fmt.Sprintf("has nothing in column %d (%s), which says who is a reader", s.column+1, short(s.name)))
			}
			continue
		}
		switch said, known := s.read(cell); {
		case !known && bad == "":
			bad = problem(fmt.Sprintf("has %s in column %d (%s), which says who is a reader; correct it, or take the column out if it is about something else",
				s.holds, s.column+1, short(s.name)))
		case said.silence() != "":
			return said, ""
		case other == "":
			other = said
		}
	}
	if bad != "" {
		return "", bad
	}
	return other, ""
}

// fold makes of a name what people mean by it: in lower case, without accents, words parted by single spaces.
func fold(text string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(text)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(r)
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// isDate recognises a day in whatever way a program writes it: a year and more, numbers of two digits between strokes, or
// the seconds since 1970.
func isDate(cell string) bool {
	if len(cell) > 60 { // bytes; an instant with the name of its zone has fewer
		return false
	}
	numbers := strings.FieldsFunc(cell, func(r rune) bool { return r < '0' || r > '9' })
	year := slices.ContainsFunc(numbers, func(n string) bool { return len(n) == 4 && (n[:2] == "19" || n[:2] == "20") })
	switch {
	case len(numbers) == 0:
		return false
	case len(numbers) == 1:
		_, err := strconv.ParseUint(cell, 10, 64)
		return err == nil && (len(cell) == 8 || len(cell) == 10 || len(cell) == 13)
	case year:
		return true
	}
	return len(numbers) >= 3 && len(numbers[0]) <= 2 && len(numbers[1]) <= 2 && len(numbers[2]) == 2 && strings.ContainsAny(cell, "/.-")
}

// noDate recognises the day that databases write where there is none, such as 0000-00-00.
func noDate(cell string) bool {
	return strings.Trim(cell, "0-/.: ") == "" && strings.Contains(cell, "0")
}

// unread names the columns that nothing was read in, so that the operator sees what may have been meant to say something.
func (t *table) unread(heading []string) []string {
	read := map[int]bool{t.email: true, t.language: true}
	for _, s := range t.says {
		read[s.column] = true
	}
	for _, name := range slices.Concat(t.layout.marks, t.layout.columns) {
		if i, there := t.index[name]; there {
			read[i] = true
		}
	}
	var names []string
	for i, column := range heading {
		name := short(strings.TrimSpace(column))
		if read[i] || name == "" || strings.Contains(name, "@") || slices.Contains(t.rivals, name) { // nobody's address is told
			continue
		}
		names = append(names, name)
	}
	return names
}
