package subscription

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"

	"golang.org/x/text/language"

	"facteur/internal/address"
	"facteur/internal/newsletter"
)

const (
	batchSize   = 1000      // rows of one transaction, so that other writers get their turn
	maxRefusals = 1000      // refused lines that a report names; more are counted
	maxSeen     = 1_000_000 // addresses among which repeats are recognised; memory is bounded by it
)

// A Report tells what an import made of its file. Rows is the sum of Refused, Repeated and all Outcomes.
type Report struct {
	Encoding string // how the file was written: "UTF-8", "UTF-16" or "windows-1252"
	Foreign  int    // lines that were not UTF-8 and were read as windows-1252

	Rows     int             // lines with a person, read so far
	Outcomes map[Outcome]int // what became of the people, each counted once
	Repeated int             // rows whose address stood further up; beyond a million addresses they count as already active
	Refused  int             // rows that could not be read
	Refusals []Refusal       // the first thousand of them
}

// A Refusal is a row that could not be read, and why, in words for the operator.
type Refusal struct {
	Line   int
	Reason string
}

// Import makes the people of a CSV file active readers of a newsletter. The first line names the columns: email (or
// e-mail, or courriel) holds the address, language (or langue) may hold a BCP 47 tag, others are ignored. source says
// where the consent came from and must not be empty.
//
// The file is read as a stream and enrolled in batches. After an error the report tells what is done, and importing
// the same file again does the rest. progress, unless nil, is called after each batch. A file that is no such list is
// [newsletter.ErrInvalid], and nobody is enrolled.
func (r *Register) Import(ctx context.Context, letter newsletter.Newsletter, file io.Reader, source string, progress func(Report)) (Report, error) {
	consent, err := r.given("import", source)
	if err != nil {
		return Report{}, err
	}
	t, err := openTable(file)
	if err != nil {
		return Report{}, err
	}
	run := importing{
		register: r, letter: letter, table: t, consent: consent,
		report: Report{Outcomes: map[Outcome]int{}},
		seed:   maphash.MakeSeed(), seen: map[uint64]struct{}{},
	}
	for more := true; more; {
		more, err = run.batch(ctx)
		run.report.Encoding, run.report.Foreign = t.lines.encoding(), t.lines.foreign
		if err != nil {
			return run.report, fmt.Errorf("import into %s: %w", letter.Name, err)
		}
		if progress != nil {
			progress(run.report)
		}
	}
	return run.report, nil
}

type importing struct {
	register *Register
	letter   newsletter.Newsletter
	table    *table
	consent  newsletter.Consent
	report   Report
	seed     maphash.Seed
	seen     map[uint64]struct{} // hashes of the addresses so far; they decide what a row is counted as, and nothing else
}

// batch reads and enrols the next people, and tells whether there may be more.
func (i *importing) batch(ctx context.Context) (more bool, err error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	people := make([]Person, 0, batchSize)
	more = true
	for more && len(people) < batchSize {
		next, err := i.table.next()
		switch bad, ok := errors.AsType[*lineError](err); {
		case ok:
			i.refuse(bad.line, bad.reason)
		case errors.Is(err, io.EOF):
			more = false
		case err != nil:
			return false, errors.Join(err, i.enrol(ctx, people))
		default:
			if person, ok := i.person(next); ok {
				people = append(people, person)
			}
		}
	}
	return more, i.enrol(ctx, people)
}

func (i *importing) refuse(line int, reason string) {
	i.report.Rows++
	i.report.Refused++
	if len(i.report.Refusals) < maxRefusals {
		i.report.Refusals = append(i.report.Refusals, Refusal{Line: line, Reason: reason})
	}
}

// person reads a row. An address that belongs to a machine or an office of the network is refused: in a list that
// nobody reads line by line it is a sign that no person asked (RFC 2142 §5).
func (i *importing) person(r row) (Person, bool) {
	who, err := address.Parse(r.email)
	if err != nil {
		i.refuse(r.line, err.Error())
		return Person{}, false
	}
	if who.IsRole() {
		i.refuse(r.line, "the address belongs to a function, not to a person; add it by hand if somebody asked for it")
		return Person{}, false
	}
	person := Person{Address: who, Language: i.letter.Language}
	if r.language == "" {
		return person, true
	}
	tag, err := language.Parse(r.language)
	if err != nil {
		i.refuse(r.line, "the language is not a language tag; write it like fr or en")
		return Person{}, false
	}
	person.Language = tag.String()
	return person, true
}

func (i *importing) enrol(ctx context.Context, people []Person) error {
	if len(people) == 0 {
		return nil
	}
	enrolments, err := i.register.Store.Enrol(ctx, i.letter.Name, people, i.consent)
	if err != nil {
		return err
	}
	if len(enrolments) != len(people) {
		return fmt.Errorf("the store answered for %d people of %d", len(enrolments), len(people))
	}
	for n, e := range enrolments {
		i.report.Rows++
		if i.again(people[n].Address) && e.Outcome != Added {
			i.report.Repeated++
		} else {
			i.report.Outcomes[e.Outcome]++
		}
	}
	return nil
}

// again reports whether the address stood further up in the file.
func (i *importing) again(who address.Address) bool {
	hash := maphash.String(i.seed, who.Key())
	if _, seen := i.seen[hash]; seen {
		return true
	}
	if len(i.seen) < maxSeen {
		i.seen[hash] = struct{}{}
	}
	return false
}
