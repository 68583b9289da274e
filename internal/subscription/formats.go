package subscription

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"facteur/internal/newsletter"
)

// A Format is how a program writes its list of people.
type Format string

const (
	FormatPlain     Format = "csv" // a column with the address, and perhaps ones with the language and with who left
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

// An Elsewhere is what the other program says of a person; "" is a reader.
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
	traces    []string                             // one of them, and not all marks, is what is left of such a file
	columns   []string                             // others that are read where they are there
	elsewhere func(c cells) (Elsewhere, problem)   // what the row says of its person
	proof     func(c cells) (text string, ok bool) // what the row knows of the consent; ok: it is proof enough by itself
}

// layouts knows the formats that have columns of their own, the most telling first. What is said of another program
// has been read where its comment points to; what could not be found anywhere is called so.
func layouts() []layout {
	return []layout{mailchimp(), listmonk(), substack(), ghost(), brevo()}
}

// mailchimp exports three files, of subscribed, unsubscribed and cleaned contacts: their headings are those of
// subscribed.csv, unsubscribed.csv and cleaned.csv in github.com/TryGhost/migrate,
// packages/mg-mailchimp-members/src/test/fixtures. Only the first has LAST_CHANGED, so a file with UNSUB_TIME or
// CLEAN_TIME and without it holds nobody else. No column with a status was found; one that is there is heeded.
func mailchimp() layout {
	return layout{
		format: FormatMailchimp, marks: []string{"optin_time", "confirm_time", "leid"},
		traces: []string{"optin_time", "confirm_time", "leid", "euid", "optin_ip", "confirm_ip", "member_rating", "last_changed",
			"unsub_time", "unsub_reason", "unsub_campaign_title", "clean_time", "clean_campaign_title"},
		columns: []string{"unsub_time", "clean_time", "last_changed", "optin_ip", "confirm_ip", "status"},
		elsewhere: func(c cells) (Elsewhere, problem) {
			whole := !c.has("last_changed")
			switch status := c.get("status"); {
			case c.get("unsub_time") != "", whole && c.has("unsub_time"), is(status, "unsubscribed"):
				return Unsubscribed, ""
			case c.get("clean_time") != "", whole && c.has("clean_time"), is(status, "cleaned"):
				return Cleaned, ""
			case is(status, "archived"):
				return Deleted, ""
			case is(status, "pending", "transactional", "non-subscribed"):
				return Unconfirmed, ""
			case !is(status, "", "subscribed"):
				return "", "has a status that is none of subscribed, unsubscribed, cleaned, pending, transactional and archived"
			case c.get("confirm_time") == "": // nothing says that this person ever joined
				return Unconfirmed, ""
			}
			return "", ""
		},
		proof: func(c cells) (string, bool) {
			return dated("OPTIN_TIME", c.get("optin_time"), "CONFIRM_TIME", c.get("confirm_time")), asked(c)
		},
	}
}

// asked reports that a contact of Mailchimp's signed up and confirmed it later, from addresses that were noted both
// times. No page of Mailchimp's says what the four columns hold for a contact that was uploaded, and less is no proof:
// the subscribed.csv above has OPTIN_TIME, equal to CONFIRM_TIME and to the second that of others, and no address; the
// contact in spec/honey_format/csv_spec.rb of github.com/buren/honey_format has a CONFIRM_TIME alone; and a sample whose
// repository is not known has two people with the same CONFIRM_TIME and CONFIRM_IP and no OPTIN_TIME.
func asked(c cells) bool {
	signed, err := time.Parse(time.DateTime, c.get("optin_time"))
	confirmed, again := time.Parse(time.DateTime, c.get("confirm_time"))
	return err == nil && again == nil && confirmed.After(signed) && c.get("optin_ip") != "" && c.get("confirm_ip") != ""
}

// listmonk exports the columns and the status that stand in github.com/knadh/listmonk, cmd/subscribers.go
// (handleExportSubscribers); its schema.sql has the three statuses. What a person is to a list (unconfirmed, confirmed,
// unsubscribed) is kept in its table subscriber_lists and is not in the file: only an export of one list's confirmed
// people leaves out who left it. "blacklisted" was not found, and is taken for what it says.
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

// substack exports columns that no page of its own was found to name. They are those of fixtures_signup_emails.csv and
// fixtures_subscriber_emails.csv in github.com/TryGhost/migrate, packages/mg-substack-members-csv/test/fixtures; its
// lib/process.js reads email_disabled as the opposite of receiving letters, and passes over who asked to be deleted.
// active_subscription is about money.
func substack() layout {
	return layout{
		format: FormatSubstack, marks: []string{"email_disabled"}, traces: []string{"active_subscription"}, columns: []string{"created_at"},
		elsewhere: func(c cells) (Elsewhere, problem) {
			disabled, ok := truth(c.get("email_disabled"))
			switch {
			case strings.HasSuffix(strings.ToLower(c.get("email")), "@deletion-request.substack.com"):
				return Deleted, ""
			case !ok:
				return "", "has neither true nor false in the column email_disabled"
			case disabled:
				return Unsubscribed, ""
			}
			return "", ""
		},
		proof: created,
	}
}

// ghost exports the columns CSV_HEADERS in github.com/TryGhost/Ghost,
// ghost/core/core/server/api/endpoints/utils/serializers/output/members.js, before it those of
// ghost/members-csv/lib/unparse.js. subscribed_to_emails is true for who receives any newsletter at all.
func ghost() layout {
	return layout{
		format: FormatGhost, marks: []string{"subscribed_to_emails"}, traces: []string{"complimentary_plan"},
		columns: []string{"deleted_at", "created_at"},
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

// brevo exports EMAIL, ADDED_TIME and MODIFIED_TIME, and the status of e-mail marketing where a program asks for it as
// email_marketing: https://developers.brevo.com/reference/request-contact-export. Neither the name of that column in the
// file nor its words were found documented, nor the values of DOUBLE_OPT-IN: it is an attribute like others, which any
// upload may set, and so proves nothing. No column for who objected is sure to be there; see objections.
func brevo() layout {
	return layout{
		format: FormatBrevo, marks: []string{"added_time", "modified_time"}, traces: []string{"added_time", "modified_time"},
		columns: []string{brevoStatus, "double_opt-in"},
		elsewhere: func(c cells) (Elsewhere, problem) {
			switch status := c.get(brevoStatus); {
			case is(status, "unsubscribed", "blocklisted", "blacklisted"):
				return Unsubscribed, ""
			case c.has(brevoStatus) && !is(status, "subscribed"):
				return "", "has a status in the column email_marketing that is neither subscribed nor unsubscribed"
			}
			switch double, ok := truth(c.get("double_opt-in")); {
			case ok && !double, c.get("double_opt-in") == "2": // public plug-ins write 1 and 2, or Yes and No
				return Unconfirmed, ""
			case !ok && c.get("double_opt-in") != "":
				return "", "has neither yes nor no in the column DOUBLE_OPT-IN"
			}
			return "", ""
		},
		proof: func(c cells) (string, bool) {
			return dated("ADDED_TIME", c.get("added_time"), "DOUBLE_OPT-IN", c.get("double_opt-in")), false
		},
	}
}

const brevoStatus = "email_marketing"

// created tells when the other program made the record. That is no proof that the person asked for it.
func created(c cells) (string, bool) { return dated("created_at", c.get("created_at")), false }

// dated joins the names of columns with the cells that are not empty: they are quoted, not interpreted.
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
	case "true", "1", "yes", "y", "oui", "o", "t", "vrai":
		return true, true
	case "false", "0", "no", "n", "non", "f", "faux":
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

// has reports that the file has the column at all.
func (c cells) has(name string) bool {
	_, there := c.index[name]
	return there
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
		left := slices.ContainsFunc(objections(heading), func(s saying) bool { return s.about == Unsubscribed })
		if _, there := index[brevoStatus]; l.format == FormatBrevo && !there && !left {
			return plain, nil, errors.New("the export of Brevo does not say who unsubscribed: " +
				"export only the contacts that are not blocklisted, and import that file with --format csv")
		}
		for _, name := range append(l.marks, l.columns...) {
			if twice[name] {
				return plain, nil, fmt.Errorf("two columns are called %s: remove the one that is wrong", name)
			}
		}
		return l, index, nil
	}
	if forced == "" {
		return plain, index, whole(index)
	}
	return plain, index, nil
}

// whole refuses what is left of a known program's export when columns were taken out: those may be the ones that said who
// left, and some of its files hold nobody else.
func whole(index map[string]int) error {
	for _, l := range layouts() {
		var there, missing []string
		for _, mark := range l.marks {
			if _, found := index[mark]; found {
				there = append(there, mark)
			} else {
				missing = append(missing, mark)
			}
		}
		trace := slices.IndexFunc(l.traces, func(name string) bool { _, found := index[name]; return found })
		switch {
		case trace >= 0:
			there = l.traces[trace : trace+1]
		case len(there) < 2: // a name such as status is everybody's
			continue
		}
		return fmt.Errorf("the file has the column %s, as exports of %s have, and lacks %s: export it again with all its columns, "+
			"or say with --format csv that nothing that told who left was taken out", there[0], l.format, strings.Join(missing, ", "))
	}
	return nil
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
