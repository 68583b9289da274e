package subscription

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"facteur/internal/newsletter"
)

// A Format is how a program writes its list of people.
type Format string

const (
	FormatPlain     Format = "csv" // a column with the address, and perhaps one with the language
	FormatListmonk  Format = "listmonk"
	FormatMailchimp Format = "mailchimp"
	FormatSubstack  Format = "substack"
	FormatGhost     Format = "ghost"
	FormatBrevo     Format = "brevo"
)

// Formats are all that can be read.
func Formats() []Format {
	return []Format{FormatPlain, FormatListmonk, FormatMailchimp, FormatSubstack, FormatGhost, FormatBrevo}
}

// A Elsewhere is what the other program says of a person; "" is a reader.
type Elsewhere string

const (
	Unsubscribed Elsewhere = "unsubscribed" // said no to letters
	Cleaned      Elsewhere = "bounced"      // the mailbox did not take letters
	Unconfirmed  Elsewhere = "unconfirmed"  // asked, and never confirmed
	Disabled     Elsewhere = "disabled"     // switched off by the other program's operator
	Deleted      Elsewhere = "deleted"
)

// silence is the suppression that carries an objection on; none for what is no objection.
func (s Elsewhere) silence() newsletter.SuppressionKind {
	switch s {
	case Unsubscribed:
		return newsletter.SuppressedRequest
	case Cleaned:
		return newsletter.SuppressedHardBounce
	}
	return ""
}

// A layout is how a format is recognised and read. Columns are named in lower case.
type layout struct {
	format    Format
	marks     []string                             // all of them make the format
	columns   []string                             // others that are read where they are there
	elsewhere func(c cells) (Elsewhere, problem)   // what the row says of its person
	proof     func(c cells) (text string, ok bool) // when the person consented; ok: it is proof enough by itself
}

// layouts knows the formats that have columns of their own, the most telling first.
func layouts() []layout {
	return []layout{mailchimp(), listmonk(), substack(), ghost(), brevo()}
}

// mailchimp exports three files, of subscribed, unsubscribed and cleaned contacts, alike but for their last columns:
// http://kb.mailchimp.com/lists/managing-subscribers/view-unsubscribed-and-cleaned-addresses, and the three files in
// https://github.com/TryGhost/migrate, packages/mg-mailchimp-members/src/test/fixtures. OPTIN_TIME is when a form was
// filled in: it is empty for contacts that were uploaded, while CONFIRM_TIME is then the upload's.
func mailchimp() layout {
	return layout{
		format: FormatMailchimp, marks: []string{"optin_time", "confirm_time", "leid"},
		columns: []string{"unsub_time", "clean_time", "status"},
		elsewhere: func(c cells) (Elsewhere, problem) {
			switch {
			case c.get("unsub_time") != "", is(c.get("status"), "unsubscribed"):
				return Unsubscribed, ""
			case c.get("clean_time") != "", is(c.get("status"), "cleaned"):
				return Cleaned, ""
			case c.get("confirm_time") == "", is(c.get("status"), "pending", "non-subscribed"):
				return Unconfirmed, ""
			}
			return "", ""
		},
		proof: func(c cells) (string, bool) {
			opted := c.get("optin_time")
			return dated("opted in", opted, "confirmed", c.get("confirm_time")), opted != ""
		},
	}
}

// listmonk exports one file without the lists that a person is on (https://github.com/knadh/listmonk/issues/738), in
// the columns of https://github.com/knadh/listmonk/blob/master/cmd/subscribers.go; its statuses are those of
// https://listmonk.app/docs/apis/subscribers/.
func listmonk() layout {
	return layout{
		format: FormatListmonk, marks: []string{"uuid", "attributes", "status"}, columns: []string{"created_at"},
		elsewhere: func(c cells) (Elsewhere, problem) {
			switch status := c.get("status"); {
			case is(status, "enabled"):
				return "", ""
			case is(status, "blocklisted", "blacklisted"):
				return Unsubscribed, ""
			case is(status, "disabled"):
				return Disabled, ""
			}
			return "", "has a status that is none of enabled, disabled and blocklisted"
		},
		proof: created,
	}
}

// substack exports email_list.NAME.csv (https://support.substack.com/hc/en-us/articles/360058529871); its columns are
// those of https://github.com/TryGhost/migrate, packages/mg-substack-members-csv/test/fixtures. active_subscription is
// about money, email_disabled about letters.
func substack() layout {
	return layout{
		format: FormatSubstack, marks: []string{"active_subscription"}, columns: []string{"email_disabled", "created_at"},
		elsewhere: func(c cells) (Elsewhere, problem) {
			disabled, ok := truth(c.get("email_disabled"))
			switch {
			case !ok && c.get("email_disabled") != "":
				return "", "has neither true nor false in the column email_disabled"
			case disabled:
				return Unsubscribed, ""
			}
			return "", ""
		},
		proof: created,
	}
}

// ghost exports its members in the columns that it imports: https://ghost.org/docs/members/import-members/, and
// deleted_at (https://github.com/TryGhost/Ghost/blob/main/ghost/members-csv/lib/unparse.js).
func ghost() layout {
	return layout{
		format: FormatGhost, marks: []string{"subscribed_to_emails"}, columns: []string{"deleted_at", "created_at"},
		elsewhere: func(c cells) (Elsewhere, problem) {
			subscribed, ok := truth(c.get("subscribed_to_emails"))
			switch {
			case c.get("deleted_at") != "":
				return Deleted, ""
			case !ok:
				return "", "has neither true nor false in the column subscribed_to_emails"
			case !subscribed:
				return Unsubscribed, ""
			}
			return "", ""
		},
		proof: created,
	}
}

// brevo exports EMAIL, ADDED_TIME and MODIFIED_TIME, and where it is asked for the status of e-mail marketing:
// https://developers.brevo.com/reference/request-contact-export. Without it who objected cannot be told from readers.
func brevo() layout {
	return layout{
		format: FormatBrevo, marks: []string{"added_time", "modified_time"},
		columns: append([]string{"double_opt-in"}, brevoStatuses()...),
		elsewhere: func(c cells) (Elsewhere, problem) {
			for _, name := range brevoStatuses() {
				blocked, ok := truth(c.get(name))
				switch status := c.get(name); {
				case is(status, "unsubscribed", "blocklisted", "blacklisted"), ok && blocked:
					return Unsubscribed, ""
				case status != "" && !ok && !is(status, "subscribed"):
					return "", problem("has a status in the column " + name + " that is neither subscribed nor unsubscribed")
				}
			}
			if is(c.get("double_opt-in"), "2", "no", "non") {
				return Unconfirmed, ""
			}
			return "", ""
		},
		proof: func(c cells) (string, bool) {
			confirmed := is(c.get("double_opt-in"), "1", "yes", "oui")
			words := "added"
			if confirmed {
				words = "confirmed by double opt-in, added"
			}
			return dated(words, c.get("added_time")), confirmed
		},
	}
}

// brevoStatuses are the columns that may say who receives letters. "email_marketing" is as the program interface calls
// it; the older ones are true for who may not be written to.
func brevoStatuses() []string {
	return []string{"email_marketing", "email_blacklisted", "emailblacklisted", "email_blocklisted", "blacklist", "blacklisted", "blocklisted"}
}

// created tells when the other program made the record. That is no proof that the person asked for it.
func created(c cells) (string, bool) { return dated("there since", c.get("created_at")), false }

// dated joins words with the instants that are known.
func dated(pairs ...string) string {
	var said []string
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			said = append(said, pairs[i]+" "+short(pairs[i+1]))
		}
	}
	return strings.Join(said, ", ")
}

// short keeps what a foreign cell says on one line.
func short(cell string) string {
	cell = strings.ToValidUTF8(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, cell), "")
	runes := []rune(cell)
	return string(runes[:min(len(runes), 40)]) // characters; an instant with its zone has 35
}

func is(cell string, any ...string) bool { return slices.Contains(any, strings.ToLower(cell)) }

func truth(cell string) (value, ok bool) {
	switch strings.ToLower(cell) {
	case "true", "1", "yes", "oui", "t":
		return true, true
	case "false", "0", "no", "non", "f":
		return false, true
	}
	return false, false
}

// cells are the cells of a row by the names of their columns.
type cells struct {
	fields []string
	index  map[string]int
}

// get is empty where the column or the cell is not there.
func (c cells) get(name string) string {
	if i, ok := c.index[name]; ok && i < len(c.fields) {
		return strings.TrimSpace(c.fields[i])
	}
	return ""
}

// recognise finds the layout of a heading. forced "" takes the first one whose marks are all there.
func recognise(heading []string, forced Format) (layout, map[string]int, error) {
	plain := layout{format: FormatPlain}
	index, twice := indexed(heading)
	for _, l := range layouts() {
		missing := slices.IndexFunc(l.marks, func(mark string) bool { _, there := index[mark]; return !there })
		switch {
		case l.format != forced && (forced != "" || missing >= 0):
			continue
		case missing >= 0:
			return plain, nil, fmt.Errorf("the file is no export of %s: it lacks the column %s; it has %s", forced, l.marks[missing], some(heading))
		}
		if l.format == FormatBrevo && !slices.ContainsFunc(brevoStatuses(), func(name string) bool { _, there := index[name]; return there }) {
			return plain, nil, errors.New("the export of Brevo does not say who unsubscribed: export it with the subscription status; for a file without such people, --format csv")
		}
		for _, name := range append(l.marks, l.columns...) {
			if twice[name] {
				return plain, nil, fmt.Errorf("two columns are called %s: remove the one that is wrong", name)
			}
		}
		return l, index, nil
	}
	return plain, index, nil
}

// indexed numbers the columns by name, in lower case, and tells which names stand there twice.
func indexed(heading []string) (index map[string]int, twice map[string]bool) {
	index, twice = make(map[string]int, len(heading)), map[string]bool{}
	for i, column := range heading {
		name := strings.ToLower(strings.TrimSpace(column))
		if _, again := index[name]; again {
			twice[name] = true
			continue
		}
		index[name] = i
	}
	return index, twice
}
