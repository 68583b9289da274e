package letter

import (
	"facteur/internal/newsletter"
	"facteur/internal/token"
)

// isEdition reports a copy or a proof of an edition.
func isEdition(k newsletter.DeliveryKind) bool {
	return k == newsletter.KindEdition || k == newsletter.KindProof
}

// purposes are those of the tokens that a letter carries, each once in each part.
func purposes(kind newsletter.DeliveryKind, single newsletter.LetterKind) []token.Purpose {
	if isEdition(kind) {
		return []token.Purpose{token.Leave, token.Preferences}
	}
	switch single {
	case newsletter.LetterConfirm, newsletter.LetterRemind:
		return []token.Purpose{token.Confirm}
	case newsletter.LetterWelcome, newsletter.LetterAlready, newsletter.LetterKeep:
		return []token.Purpose{token.Leave, token.Preferences}
	case newsletter.LetterLink:
		return []token.Purpose{token.Preferences}
	case newsletter.LetterManage:
		return []token.Purpose{token.Manage}
	case newsletter.LetterMove:
		return []token.Purpose{token.Move}
	}
	return nil
}

// place is where a link to a page of the reader's own stands: the template, without its kind, and its name there.
func place(single newsletter.LetterKind, p token.Purpose) (file, field string) {
	switch {
	case p == token.Leave:
		return "footer", "{{.Leave}}"
	case single == "" || single == newsletter.LetterWelcome:
		return "footer", "{{.Preferences}}"
	}
	return "single", "{{.URL}}"
}
