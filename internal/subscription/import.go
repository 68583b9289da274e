package subscription

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"strings"
	"time"

	"golang.org/x/text/language"

	"facteur/internal/address"
	"facteur/internal/newsletter"
)

const (
	batchSize   = 200     // rows of one transaction: a sign-up beside it waits for one, see docs/performance.md
	maxRefusals = 1000    // refused lines that a report names; more are counted
	maxSeen     = 200_000 // addresses among which repeats are recognised; memory is bounded by it
)

// ErrNoSource reports a list without any proof of consent.
var ErrNoSource = errors.New("the file holds no proof of consent: say where these people asked for the letter")

// A List is a file of people and what is to be done with it.
type List struct {
	File   io.Reader
	Format Format // "": recognised by the names of its columns
	Source string // where the consent came from; only rows with a proof of their own do without
	DryRun bool   // foresee, and change nothing

	Progress func(Report)        // called after each batch, unless nil
	Refused  func(Refusal) error // called for each refused row in order, unless nil; its error ends the import
}

// A Report tells what an import made of its file. Rows is the sum of Refused, Repeated and all Outcomes and Passed.
type Report struct {
	Format   Format
	Encoding string   // how the file was written: "UTF-8", "UTF-16" or "windows-1252"
	Foreign  int      // lines that were not UTF-8 and were read as windows-1252
	Columns  []string // that can hold the address, where they are several; the first was read
	Unread   []string // names of the columns that were not read, nor can hold the address

	Rows     int               // lines with a person, read so far
	Outcomes map[Outcome]int   // what became of the readers, each counted once
	Passed   map[Elsewhere]int // rows of people who are no readers where they come from
	Silenced int               // how many of those are suppressed from now on
	Repeated int               // rows whose address stood further up; beyond a million addresses they count as already active
	Refused  int               // rows that could not be read
	Refusals []Refusal         // the first thousand of them
}

// A Refusal is a row that could not be read, and why, in words for the operator.
type Refusal struct {
	Line   int
	Reason string
	Text   string // the row as it stood; empty where it was too long to be kept. Only for List.Refused
}

// Import makes the people of a CSV file active readers of a newsletter. The first line names the columns, by which the
// format is recognised. The consent is the operator's word in Source, joined by what the row itself knows of it; its
// instant is that of the import. A row without any is refused.
//
// Who is no reader in the other program is not made one here: an objection is carried on as a suppression, see
// [Person].
//
// The file is read as a stream and enrolled in batches. After an error the report tells what is done, and importing
// the same file again does the rest. A file that is no such list is [newsletter.ErrInvalid], and nobody is enrolled.
func (r *Register) Import(ctx context.Context, letter newsletter.Newsletter, list List) (Report, error) {
	source := list.Source
	if source == "" {
		source = "the list itself" // replaced by each row's own proof
	}
	consent, err := r.given("import", source)
	if err != nil {
		return Report{}, err
	}
	t, err := openTable(list.File, list.Format)
	if err != nil {
		return Report{}, err
	}
	consent.Source = strings.TrimSpace(list.Source)
	if consent.Source == "" && t.layout.format != FormatMailchimp {
		return Report{}, invalid(ErrNoSource)
	}
	run := importing{
		register: r, letter: letter, list: list, table: t, consent: consent,
		report: Report{Format: t.layout.format, Columns: t.rivals, Unread: t.ignored, Outcomes: map[Outcome]int{}, Passed: map[Elsewhere]int{}},
		seed:   maphash.MakeSeed(),
	}
	for more := true; more; {
		more, err = run.batch(ctx)
		run.report.Encoding, run.report.Foreign = t.lines.encoding(), t.lines.foreign
		if err != nil {
			return run.report, fmt.Errorf("import into %s: %w", letter.Name, err)
		}
		if list.Progress != nil {
			list.Progress(run.report)
		}
		if more && !list.DryRun {
			select {
			case <-time.After(pauseBetween):
			case <-ctx.Done(): // the next batch says so
			}
		}
	}
	return run.report, nil
}

// pauseBetween leaves the file to others after each batch: whoever waits for it looks that often whether it is free.
const pauseBetween = time.Millisecond

type importing struct {
	register *Register
	letter   newsletter.Newsletter
	list     List
	table    *table
	consent  newsletter.Consent
	report   Report
	seed     maphash.Seed
	seen     hashes // of the addresses so far; they decide what a row is counted as, and nothing else
}

// batch reads and enrols the next people, and tells whether there may be more.
func (i *importing) batch(ctx context.Context) (more bool, err error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	people := make([]Person, 0, batchSize)
	more = true
	for rows := 0; more && rows < batchSize; rows++ {
		next, err := i.table.next()
		if errors.Is(err, io.EOF) {
			more = false
			break
		}
		var person *Person
		if err == nil {
			person, err = i.person(next)
		}
		if bad, ok := errors.AsType[*lineError](err); ok {
			err = i.refuse(*bad)
		}
		if err != nil {
			return false, errors.Join(err, i.enrol(ctx, people))
		}
		if person != nil {
			people = append(people, *person)
		}
	}
	return more, i.enrol(ctx, people)
}

func (i *importing) refuse(bad lineError) error {
	i.report.Rows++
	i.report.Refused++
	if len(i.report.Refusals) < maxRefusals {
		i.report.Refusals = append(i.report.Refusals, Refusal{Line: bad.line, Reason: bad.reason})
	}
	if i.list.Refused == nil {
		return nil
	}
	return i.list.Refused(Refusal{Line: bad.line, Reason: bad.reason, Text: i.table.raw})
}

// person reads a row; nil is one who is nothing to us. What cannot be taken is a *lineError. An address that belongs to
// a machine or an office of the network is refused: in a list that nobody reads line by line it is a sign that no
// person asked (RFC 2142 §5).
func (i *importing) person(r row) (*Person, error) {
	who, err := address.Parse(r.email)
	if err != nil {
		return nil, &lineError{r.line, err.Error()}
	}
	person := Person{Address: who, Language: i.letter.Language, Silence: r.elsewhere.silence(), Elsewhere: r.elsewhere}
	switch {
	case person.Silence != "":
		return &person, nil
	case r.elsewhere != "":
		i.report.Rows++
		i.report.Passed[r.elsewhere]++
		return nil, nil
	case who.IsRole():
		return nil, &lineError{r.line, "the address belongs to a function, not to a person; add it by hand if somebody asked for it"}
	case !i.register.Rules.carries(who):
		return nil, &lineError{r.line, "the address has other characters than ASCII before its @, " +
			"and whether the relay carries such a one (SMTPUTF8) is not known here; add it by hand if it does"}
	case i.consent.Source == "" && !r.proven:
		return nil, &lineError{r.line, "the row holds no proof of consent; say with --source where this person asked for the letter"}
	}
	person.Proof = r.proof
	if r.language == "" {
		return &person, nil
	}
	tag, err := language.Parse(r.language)
	if err != nil {
		return nil, &lineError{r.line, "the language is not a language tag; write it like fr or en"}
	}
	person.Language = tag.String()
	return &person, nil
}

func (i *importing) enrol(ctx context.Context, people []Person) error {
	if len(people) == 0 {
		return nil
	}
	enrol := i.register.Store.Enrol
	if i.list.DryRun {
		enrol = i.register.Store.Foresee
	}
	enrolments, err := enrol(ctx, i.letter.Name, people, i.consent)
	if err != nil {
		return err
	}
	if len(enrolments) != len(people) {
		return fmt.Errorf("the store answered for %d people of %d", len(enrolments), len(people))
	}
	for n, e := range enrolments {
		i.count(people[n], e.Outcome)
	}
	return nil
}

func (i *importing) count(p Person, outcome Outcome) {
	i.report.Rows++
	if p.Silence != "" {
		i.report.Passed[p.Elsewhere]++
		if outcome == Silenced {
			i.report.Silenced++
		}
		return
	}
	if again := i.again(p.Address); again && (i.list.DryRun || outcome != Added) {
		i.report.Repeated++
	} else {
		i.report.Outcomes[outcome]++
	}
}

// again reports whether the address stood further up in the file.
func (i *importing) again(who address.Address) bool {
	hash := maphash.String(i.seed, who.Key())
	if i.seen.count < maxSeen {
		return !i.seen.add(hash)
	}
	return i.seen.has(hash)
}
