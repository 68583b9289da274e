package digest

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/preflight"
)

// A Store keeps what was decided. Errors wrap [newsletter.ErrNotFound] and [newsletter.ErrExists] where they are named.
type Store interface {
	// Candidates returns every article, whatever its age and section, with the editions of the newsletter and of its sisters that carried it.
	// One that was cancelled before any letter of it left carried nothing.
	Candidates(ctx context.Context, newsletter string, sisters ...string) ([]newsletter.Candidate, error)

	// Articles returns the articles with these ids, in any order.
	Articles(ctx context.Context, ids []int64) ([]newsletter.Article, error)

	// Pictures returns those pictures that are kept, by the addresses that articles name. The others are left out.
	Pictures(ctx context.Context, sources []string) (map[string]newsletter.Picture, error)

	// LinkFailures returns, of pages of articles, those that were not there when they were last looked for.
	LinkFailures(ctx context.Context, urls []string) (map[string]preflight.Failure, error)

	// PictureFailures returns, of the pictures that articles name, those that are not kept and why.
	PictureFailures(ctx context.Context, sources []string) (map[string]preflight.Failure, error)

	// SlotRecord returns what became of a slot; ErrNotFound if it was never tried.
	SlotRecord(ctx context.Context, newsletter string, slot newsletter.Slot) (newsletter.SlotRecord, error)

	// LastSlot returns the latest scheduled slot up to another one that was published or skipped; ErrNotFound if there is none.
	LastSlot(ctx context.Context, newsletter string, upTo newsletter.Slot) (newsletter.SlotRecord, error)

	// Begun returns the slot from which a fresh installation counts. It stores at the first time, and once more where what it stored is later than most.
	Begun(ctx context.Context, newsletter string, at, most newsletter.Slot) (newsletter.Slot, error)

	// FirstApproved returns when the newsletter's earliest edition was approved of which anything may have left; ErrNotFound if there is none.
	FirstApproved(ctx context.Context, newsletter string) (time.Time, error)

	// FirstSlot returns the newsletter's earliest slot of which anything is recorded; ErrNotFound if there is none.
	FirstSlot(ctx context.Context, newsletter string) (newsletter.Slot, error)

	// ExtraSlots returns the highest counter of an extra slot in the minute, 0 if it has none.
	ExtraSlots(ctx context.Context, newsletter string, minute newsletter.Slot) (int, error)

	// NextNumber returns the number that the newsletter's next edition takes.
	NextNumber(ctx context.Context, newsletter string) (int, error)

	// Word returns what an editor will say at the head of the next edition; nil if nothing.
	Word(ctx context.Context, newsletter string) (*newsletter.Word, error)

	// SetWord keeps a word until the next edition, in place of one that waits; nil takes that back.
	SetWord(ctx context.Context, newsletter string, w *newsletter.Word) error

	// Sponsor returns the advertisement of the next edition; nil if there is none.
	Sponsor(ctx context.Context, newsletter string) (*newsletter.Sponsor, error)

	// SetSponsor keeps an advertisement until the next edition, in place of one that waits; nil takes that back.
	SetSponsor(ctx context.Context, newsletter string, s *newsletter.Sponsor) error

	// TakeStance keeps what an editor decided of articles in a newsletter, in place of what was decided of them there before. The same again
	// keeps its turn, unless something was decided since of another article of its story, or a merge has it count for that. Of what
	// was to lead before, [newsletter.StanceLead] leaves that it is pinned.
	TakeStance(ctx context.Context, newsletter string, articles []int64, s newsletter.Stance, now time.Time) error

	// DropStance takes a stance back from all of the articles, or from none: ErrNotFound if it is not the one on each. What was pinned before it
	// was to lead is pinned again, in its turn.
	DropStance(ctx context.Context, newsletter string, articles []int64, s newsletter.Stance) error

	// Stands lists what editors decided of articles by hand, by newsletter and in that order: of one and of what counts for it, or of all where id is 0. The pin of one
	// that was pinned before it was to lead is among them.
	Stands(ctx context.Context, id int64) ([]newsletter.Stand, error)

	// CarriedTexts returns the texts of articles as the newsletter's editions with them had them, the earliest first, as far as they were kept and the same
	// source brings the article still. Those of which the latest edition's is not among these are left out.
	CarriedTexts(ctx context.Context, newsletter string, ids []int64) (map[int64]CarriedText, error)

	// EditionWithSubject returns the number of the newsletter's latest edition below a number that has this subject, or one that differs from it in
	// case, spaces or marks alone; 0 if none has.
	EditionWithSubject(ctx context.Context, newsletter, subject string, below int) (int, error)

	// Publish fixes an edition in one transaction: the slot's record, the verdicts, the edition under its number, its
	// variants, the audience rule with the count of its readers, and the notice. The word and the advertisement that it has wait no
	// longer; those that were given meanwhile do. What wanted an article in that it brings, or one of its story, is over. The text of
	// a story that has it is kept. ErrExists if the slot is decided already, or the number or the next one of a sister was taken meanwhile.
	Publish(ctx context.Context, p Publication) (newsletter.Edition, error)

	// Skip records that a slot brought no edition, or that deciding it failed, with its verdicts and its notice, in one
	// transaction. ErrExists if the slot is published or skipped already; a failure is replaced, and has no verdicts.
	Skip(ctx context.Context, record newsletter.SlotRecord, verdicts []newsletter.Verdict, notice *newsletter.Notice) error

	// Verdicts returns the verdicts recorded with a slot, with title, section and dates of the articles as they were then; ErrNotFound if it
	// was never decided.
	Verdicts(ctx context.Context, newsletter string, slot newsletter.Slot) ([]newsletter.Verdict, error)
}

// A Publication is all that Publish fixes.
type Publication struct {
	Newsletter string
	Slot       newsletter.Slot
	Number     int
	Sisters    map[string]int // the next number of each sister when the choice was made
	Content    newsletter.Content
	Verdicts   []newsletter.Verdict
	Letterhead newsletter.Letterhead
	Variants   []newsletter.Variant
	KeyID      uint16
	Approved   time.Time
	Notice     *newsletter.Notice // nil but for a slot that is late, or a letter that was cut
}

// A Renderer writes an edition's letter as every reader gets it.
type Renderer interface {
	Render(n newsletter.Newsletter, c newsletter.Content) (Rendering, error)
	// Numbered is what stands behind the subject of an edition where an earlier one had the same, such as "(n° 12)".
	Numbered(n newsletter.Newsletter, number int) (string, error)
}

// A Rendering is a letter and, where it would be too long for mail programs, what the archive shows in its place.
type Rendering struct {
	Letter newsletter.Variant
	Page   newsletter.Variant // with all stories; only where the letter has not all of them
	Beyond int                // how many of the stories, the last ones, the letter leaves to the page
}

// An Inspector looks at an edition's letter before it is frozen. What is known of it is given; its texts and copies are added.
type Inspector interface {
	Inspect(n newsletter.Newsletter, v newsletter.Variant, known preflight.Letter) ([]preflight.Finding, error)
}

// A Reviewer looks whether pages are there.
type Reviewer interface {
	// Review looks once more for the pages of articles, and records what it met.
	Review(ctx context.Context, urls []string) error
	// Ask looks for pages that no article has, records nothing, and returns those that are not there.
	Ask(ctx context.Context, urls []string) (map[string]preflight.Failure, error)
}

// A Waiting is what waits in the inbox.
type Waiting struct {
	Rows       [][]newsletter.Candidate // that would be accepted, in their order, and in as many parts as whoever looked likes; with the id of the article that one updates, where that was looked for
	Candidates []newsletter.Candidate   // all of the newsletter once these are collected; nil: that was not looked for
	Refused    []string                 // what would be refused, and why, in words for an editor
}

// compared reports that nothing waits that may be one story with something else.
func (w Waiting) compared() bool { return w.Candidates != nil || total(w.Rows) == 0 }

// A Collector moves what waits in the inbox into the articles.
type Collector interface {
	// Collect may wait a moment for pictures that are on their way. It returns what it refused and why, in words for an editor.
	Collect(ctx context.Context) (refused []string, err error)
	// Waiting returns what Collect would take, as candidates of a newsletter with sisters that arrive at now, and moves nothing.
	Waiting(ctx context.Context, now time.Time, newsletter string, sisters ...string) (Waiting, error)
	// Offered returns those rows as articles whose addresses are among urls, and moves nothing either.
	Offered(ctx context.Context, urls []string) ([]newsletter.Article, error)
}

// A Summariser reads Markdown for an edition.
type Summariser interface {
	Summary(given string) string         // a summary as it was given, text or HTML, as plain text
	Chapo(title, markdown string) string // what a text begins with, up to the next heading, as plain text
	Words(markdown string) int
	LeftOut(text string) []string // what a summary brings that no letter takes, in words for an editor
	LeftOutOfBody(text string) []string
	Sayable(text string) error      // what keeps the Markdown of a word from readers
	Advertisable(text string) error // what keeps the Markdown of an advertisement from readers
	Links(markdown string) []string
}

// A Desk decides what each newsletter carries.
type Desk struct {
	Store      Store
	Renderer   Renderer
	Inspector  Inspector
	Collector  Collector
	Summariser Summariser
	Reviewer   Reviewer      // nil: pages are not looked for
	KeyID      func() uint16 // the key that signs the links of what is published now
	WebURL     string        // base address of the reader's pages
	Operator   string        // whom notices go to; empty: nobody
	Now        func() time.Time

	// Turns lists the slots of a newsletter and its sisters that are decided after an instant and before what is decided of the newsletter at another, in that
	// order: the first ones, so many at most, and whether there are more. nil: no slot is foreseen.
	Turns func(n newsletter.Newsletter, after, before time.Time, most int) (turns []Turn, more bool)

	Log *slog.Logger // of what warns about an edition that the schedule published; nil: nobody reads it
}

// ahead is how far the clock may be set back without a slot being decided twice over the same hours. What was decided, or begun, later than that was so by a
// clock that was wrong, and must not silence the newsletter until then.
const ahead = 24 * time.Hour

// Since names the slot after which scheduled slots are owed: the last one decided, or on a fresh installation the
// latest minute that the clock had shown when it was first asked for.
func (d *Desk) Since(ctx context.Context, n newsletter.Newsletter) (newsletter.Slot, error) {
	now := newsletter.LatestSlot(d.Now(), zone(n))
	most := newsletter.SlotAt(d.Now().Add(ahead).In(zone(n)))
	last, err := d.Store.LastSlot(ctx, n.Name, most)
	if err == nil {
		return last.Slot, nil
	}
	if !isNotFound(err) {
		return "", during("reading the last slot", n, err)
	}
	begun, err := d.Store.Begun(ctx, n.Name, now, most)
	if err != nil {
		return "", during("reading the first slot", n, err)
	}
	return begun, nil
}

// candidates are the stored articles.
func (d *Desk) candidates(ctx context.Context, n newsletter.Newsletter) ([]newsletter.Candidate, error) {
	candidates, err := d.Store.Candidates(ctx, n.Name, n.Sisters...)
	if err != nil {
		return nil, during("reading the candidates", n, err)
	}
	return candidates, nil
}

// choose judges candidates.
func (d *Desk) choose(ctx context.Context, n newsletter.Newsletter, at time.Time, candidates []newsletter.Candidate) (Choice, error) {
	begun, err := d.begun(ctx, n)
	if err != nil {
		return Choice{}, err
	}
	if err := d.findUpdates(ctx, n, candidates, at); err != nil {
		return Choice{}, err
	}
	return judged(n, candidates, at, begun), nil
}

// judged is [Choose] with what editors decided of stories.
func judged(n newsletter.Newsletter, candidates []newsletter.Candidate, at time.Time, begun Beginning) Choice {
	ofStories(candidates, newJudge(n, at, begun))
	return Choose(n, candidates, at, begun)
}

func (d *Desk) begun(ctx context.Context, n newsletter.Newsletter) (b Beginning, err error) {
	if b.Edition, err = d.Store.FirstApproved(ctx, n.Name); err != nil && !isNotFound(err) {
		return b, during("reading the first edition", n, err)
	}
	slot, err := d.Store.FirstSlot(ctx, n.Name)
	switch {
	case err == nil:
		b.Slot = slot.In(zone(n))
	case !isNotFound(err):
		return b, during("reading the first slot", n, err)
	}
	return b, nil
}

// foreseen are the articles as an edition will find them once the rows that wait are collected, and the pictures that are to be fetched are there.
func foreseen(candidates []newsletter.Candidate, rows [][]newsletter.Candidate) []newsletter.Candidate {
	all := merge(candidates, rows)
	for i := range all {
		all[i].Pictured = all[i].Pictured || all[i].Coming
	}
	return all
}

// merge adds rows that still wait to the articles. A row that updates an article, by what is known of it already or else by its address, keeps the
// arrival of that, its hiding and the edition that carried it.
func merge(candidates []newsletter.Candidate, waiting [][]newsletter.Candidate) []newsletter.Candidate {
	rows := total(waiting)
	if rows == 0 {
		return candidates
	}
	places, ids := make(map[string]int, len(candidates)+rows), make(map[int64]int, len(candidates)+rows)
	for i, c := range candidates {
		places[c.URL], ids[c.Article] = i, i
	}
	candidates = slices.Grow(candidates, rows) // nearly all are new
	for _, some := range waiting {
		for _, w := range some {
			i, known := ids[w.Article]
			if !known {
				i, known = places[w.URL]
			}
			if !known {
				places[w.URL], ids[w.Article] = len(candidates), len(candidates)
				candidates = append(candidates, w)
				continue
			}
			offer(&candidates[i], w)
		}
	}
	return candidates
}

// offer has a row that waits update an article.
func offer(c *newsletter.Candidate, row newsletter.Candidate) {
	if c.Came.IsZero() && !c.Published.Equal(row.Published) {
		c.Came = newsletter.Article{Published: c.Published, Arrived: c.Arrived}.Dated()
	}
	if !c.Filed {
		c.Section = row.Section
	}
	c.URL, c.Title, c.Language, c.Published, c.Offered = row.URL, row.Title, row.Language, row.Published, row.Arrived
	c.Pictured, c.Coming = c.Pictured && row.Coming, row.Coming
}

// among counts the rows that wait and are judged: those of sections that a newsletter does not have are not.
func among(waiting [][]newsletter.Candidate, verdicts []newsletter.Verdict) (n int) {
	rows := make(map[string]int) // by address
	for _, some := range waiting {
		for _, w := range some {
			rows[w.URL]++
		}
	}
	if len(rows) == 0 {
		return 0
	}
	for _, v := range verdicts {
		n += rows[v.URL]
	}
	return n
}

// total counts what is in all parts.
func total[T any](parts [][]T) (n int) {
	for _, some := range parts {
		n += len(some)
	}
	return n
}
