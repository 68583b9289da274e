package digest_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"facteur/internal/digest"
	"facteur/internal/newsletter"
	"facteur/internal/preflight"
)

// memory is a store in memory for one newsletter, and the inbox beside it. One of a sister may share its articles.
type memory struct {
	name     string
	sister   *memory
	told     map[int64]time.Time // when an edition brought what it did not recall
	articles map[int64]newsletter.Article
	leaders  map[int64]int64 // whose story an article is, where it is not its own
	carried  map[int64]int
	slots    map[newsletter.Slot]newsletter.SlotRecord
	verdicts map[newsletter.Slot][]newsletter.Verdict
	editions []newsletter.Edition
	variants []newsletter.Variant
	notices  []newsletter.Notice
	begun    newsletter.Slot
	reads    int // of all articles
	inbox    []newsletter.Article
	refused  []string // of the inbox
	pictures map[string]newsletter.Picture
	links    map[string]preflight.Failure
	now      func() time.Time
	words    map[string]*newsletter.Word    // by newsletter
	sponsors map[string]*newsletter.Sponsor // by newsletter
	stances  map[int64]newsletter.Stance
	turns    []int64            // of articles, as stances were taken
	texts    map[int64][]string // that were carried
	changed  map[int64]time.Time
	asked    map[int64]time.Time // of articles that came with the first collection of their source
	came     map[int64]time.Time // by what articles were dated when they came, where they are dated otherwise

	collectErr error
	recordErr  error           // of Skip
	race       func(m *memory) // runs once, just before the next Publish
	published  []digest.Publication
}

func newMemory(now func() time.Time, articles ...newsletter.Candidate) *memory {
	m := &memory{
		articles: map[int64]newsletter.Article{}, leaders: map[int64]int64{}, carried: map[int64]int{},
		slots: map[newsletter.Slot]newsletter.SlotRecord{}, verdicts: map[newsletter.Slot][]newsletter.Verdict{}, now: now,
		told: map[int64]time.Time{}, words: map[string]*newsletter.Word{}, sponsors: map[string]*newsletter.Sponsor{},
		stances: map[int64]newsletter.Stance{}, texts: map[int64][]string{}, changed: map[int64]time.Time{}, asked: map[int64]time.Time{}, came: map[int64]time.Time{},
	}
	for _, c := range articles {
		m.leaders[c.Article] = c.Leader
		m.put(newsletter.Article{
			ID: c.Article, URL: c.URL, Title: c.Title, Section: c.Section, Language: c.Language, Published: c.Published, Arrived: c.Arrived,
			Body: "Chapô de " + c.Title + ".", Hidden: c.Hidden,
		})
	}
	return m
}

func (m *memory) put(a newsletter.Article) { m.articles[a.ID] = a }

func (m *memory) Collect(context.Context) ([]string, error) {
	if m.collectErr != nil {
		return nil, m.collectErr
	}
	for _, a := range m.inbox {
		a.ID, a.Arrived = int64(len(m.articles)+1000), m.now()
		m.put(a)
	}
	m.inbox = nil
	return m.refused, nil
}

func (m *memory) Waiting(_ context.Context, now time.Time, _ string, _ ...string) (digest.Waiting, error) {
	var waiting []newsletter.Candidate
	for i, a := range m.inbox {
		waiting = append(waiting, newsletter.Candidate{Article: newsletter.RowWaiting(i), URL: a.URL, Title: a.Title, Section: a.Section, Language: a.Language, Published: a.Published, Arrived: now, Coming: a.Picture != ""})
	}
	return digest.Waiting{Rows: [][]newsletter.Candidate{waiting}, Refused: m.refused}, m.collectErr
}

func (m *memory) Offered(_ context.Context, urls []string) ([]newsletter.Article, error) {
	var offered []newsletter.Article
	for _, a := range m.inbox {
		if slices.Contains(urls, a.URL) {
			offered = append(offered, a)
		}
	}
	return offered, nil
}

func (m *memory) EditionWithSubject(ctx context.Context, name, subject string, below int) (int, error) {
	if m.sister != nil && name == m.sister.name {
		return m.sister.EditionWithSubject(ctx, "", subject, below)
	}
	for _, e := range slices.Backward(m.editions) {
		if newsletter.SubjectKey(e.Content.Subject) == newsletter.SubjectKey(subject) && e.Number < below {
			return e.Number, nil
		}
	}
	return 0, nil
}

func (m *memory) Candidates(context.Context, string, ...string) ([]newsletter.Candidate, error) {
	m.reads++
	var all []newsletter.Candidate
	for _, id := range slices.Sorted(maps.Keys(m.articles)) {
		a := m.articles[id]
		var sister newsletter.EditionRef
		if s := m.sister; s != nil && s.told[id].After(m.told[id]) {
			sister = newsletter.EditionRef{Newsletter: s.name, Number: s.carried[id]}
		}
		all = append(all, newsletter.Candidate{
			Article: a.ID, URL: a.URL, Title: a.Title, Section: a.Section, Filed: a.Filed, Language: a.Language,
			Published: a.Published, Arrived: a.Arrived, Hidden: a.Hidden, Leader: m.leaders[id], CarriedBy: m.carried[id],
			Sister: sister, Stance: m.stances[id], Stood: int64(slices.Index(m.turns, id)), Changed: m.changed[id], Asked: m.asked[id], Came: m.came[id],
		})
	}
	return all, nil
}

func (m *memory) Articles(_ context.Context, ids []int64) ([]newsletter.Article, error) {
	var all []newsletter.Article
	for _, id := range slices.Sorted(slices.Values(ids)) {
		if a, there := m.articles[id]; there {
			all = append(all, a)
		}
	}
	return all, nil
}

func (m *memory) Pictures(_ context.Context, sources []string) (map[string]newsletter.Picture, error) {
	kept := map[string]newsletter.Picture{}
	for _, source := range sources {
		if p, there := m.pictures[source]; there {
			kept[source] = p
		}
	}
	return kept, nil
}

func (m *memory) LinkFailures(context.Context, []string) (map[string]preflight.Failure, error) {
	return maps.Clone(m.links), nil
}

func (m *memory) PictureFailures(_ context.Context, sources []string) (map[string]preflight.Failure, error) {
	failed := map[string]preflight.Failure{}
	for _, source := range sources {
		if _, kept := m.pictures[source]; !kept {
			failed[source] = preflight.Failure{Reason: "its server answers 404 Not Found", At: monday()}
		}
	}
	return failed, nil
}

func (m *memory) SlotRecord(_ context.Context, _ string, slot newsletter.Slot) (newsletter.SlotRecord, error) {
	r, there := m.slots[slot]
	if !there {
		return r, fmt.Errorf("slot %s: %w", slot, newsletter.ErrNotFound)
	}
	return r, nil
}

func (m *memory) LastSlot(_ context.Context, _ string, upTo newsletter.Slot) (newsletter.SlotRecord, error) {
	var last newsletter.SlotRecord
	for slot, r := range m.slots {
		if slot.Extra() == 0 && slot <= upTo && r.State != newsletter.SlotFailed && slot > last.Slot {
			last = r
		}
	}
	if last.Slot == "" {
		return last, newsletter.ErrNotFound
	}
	return last, nil
}

func (m *memory) Begun(_ context.Context, _ string, at, most newsletter.Slot) (newsletter.Slot, error) {
	if m.begun == "" || m.begun > most {
		m.begun = at
	}
	return m.begun, nil
}

func (m *memory) FirstApproved(context.Context, string) (time.Time, error) {
	if len(m.editions) == 0 {
		return time.Time{}, newsletter.ErrNotFound
	}
	return m.editions[0].Approved, nil
}

func (m *memory) FirstSlot(context.Context, string) (newsletter.Slot, error) {
	if len(m.slots) == 0 {
		return "", newsletter.ErrNotFound
	}
	return slices.Min(slices.Collect(maps.Keys(m.slots))), nil
}

func (m *memory) ExtraSlots(_ context.Context, _ string, minute newsletter.Slot) (int, error) {
	highest := 0
	for slot := range m.slots {
		if strings.HasPrefix(string(slot), string(minute)) {
			highest = max(highest, slot.Extra())
		}
	}
	return highest, nil
}

func (m *memory) Word(_ context.Context, newsletter string) (*newsletter.Word, error) {
	return m.words[newsletter], nil
}

func (m *memory) Sponsor(_ context.Context, newsletter string) (*newsletter.Sponsor, error) {
	return m.sponsors[newsletter], nil
}

func (m *memory) SetSponsor(_ context.Context, name string, s *newsletter.Sponsor) error {
	m.sponsors[name] = s
	return nil
}

func (m *memory) SetWord(_ context.Context, name string, w *newsletter.Word) error {
	m.words[name] = w
	return nil
}

func (m *memory) TakeStance(_ context.Context, _ string, articles []int64, s newsletter.Stance, _ time.Time) error {
	for _, article := range articles {
		m.stances[article] = s
		m.turns = append(slices.DeleteFunc(m.turns, func(a int64) bool { return a == article }), article)
	}
	return nil
}

func (m *memory) DropStance(_ context.Context, _ string, articles []int64, s newsletter.Stance) error {
	for _, article := range articles {
		if m.stances[article] != s {
			return newsletter.ErrNotFound
		}
		delete(m.stances, article)
	}
	return nil
}

func (m *memory) Stands(context.Context, int64) (all []newsletter.Stand, err error) {
	for _, id := range m.turns {
		if m.stances[id] != "" {
			all = append(all, newsletter.Stand{Article: id, For: id, Newsletter: "hebdo", Stance: m.stances[id]})
		}
	}
	return all, nil
}

func (m *memory) CarriedTexts(_ context.Context, name string, ids []int64) (map[int64]digest.CarriedText, error) {
	found := map[int64]digest.CarriedText{}
	of := m.texts
	if m.sister != nil && m.sister.name == name {
		of = m.sister.texts
	}
	for _, id := range ids {
		if texts, kept := of[id]; kept {
			found[id] = digest.CarriedText{Then: texts, Now: m.articles[id].Body}
		}
	}
	return found, nil
}

func (m *memory) NextNumber(_ context.Context, name string) (int, error) {
	if m.sister != nil && m.sister.name == name {
		return len(m.sister.editions) + 1, nil
	}
	return len(m.editions) + 1, nil
}

func (m *memory) Publish(_ context.Context, p digest.Publication) (newsletter.Edition, error) {
	if race := m.race; race != nil {
		m.race = nil
		race(m)
	}
	if r := m.slots[p.Slot]; r.State == newsletter.SlotPublished || r.State == newsletter.SlotSkipped || p.Number != len(m.editions)+1 {
		return newsletter.Edition{}, fmt.Errorf("edition %d: %w", p.Number, newsletter.ErrExists)
	}
	if s := m.sister; s != nil && p.Sisters[s.name] != len(s.editions)+1 {
		return newsletter.Edition{}, fmt.Errorf("the sister's edition %d: %w", p.Sisters[s.name], newsletter.ErrExists)
	}
	e := newsletter.Edition{
		ID: int64(p.Number), Newsletter: p.Newsletter, Number: p.Number, Slot: p.Slot, Approved: p.Approved, Content: p.Content,
		KeyID: p.KeyID, State: newsletter.EditionQueueing,
	}
	if s, waiting := p.Content.Sponsor, m.sponsors[p.Newsletter]; s != nil && waiting != nil && *s == *waiting {
		m.sponsors[p.Newsletter] = nil
	}
	if w, waiting := p.Content.Word, m.words[p.Newsletter]; w != nil && waiting != nil && *w == *waiting {
		m.words[p.Newsletter] = nil
	}
	m.editions = append(m.editions, e)
	m.published = append(m.published, p)
	m.variants = append(m.variants, p.Variants...)
	m.slots[p.Slot] = newsletter.SlotRecord{
		Newsletter: p.Newsletter, Slot: p.Slot, State: newsletter.SlotPublished, Edition: p.Number, Decided: p.Approved,
	}
	m.verdicts[p.Slot] = p.Verdicts
	for _, s := range p.Content.Stories() {
		m.carried[s.Article] = p.Number
		if s.Text != "" {
			m.texts[s.Article] = append(m.texts[s.Article], s.Text)
		}
		maps.DeleteFunc(m.stances, func(id int64, stance newsletter.Stance) bool {
			return stance.In() && cmp.Or(m.leaders[id], id) == cmp.Or(m.leaders[s.Article], s.Article)
		})
	}
	for _, v := range p.Verdicts {
		if v.Rule.In() && v.Rule != newsletter.RuleRecalled {
			m.told[v.Article] = p.Approved
		}
	}
	m.tell(p.Notice)
	return e, nil
}

func (m *memory) Skip(_ context.Context, r newsletter.SlotRecord, v []newsletter.Verdict, notice *newsletter.Notice) error {
	if m.recordErr != nil {
		return m.recordErr
	}
	if old := m.slots[r.Slot]; old.State == newsletter.SlotPublished || old.State == newsletter.SlotSkipped {
		return newsletter.ErrExists
	}
	m.slots[r.Slot] = r
	if v != nil {
		m.verdicts[r.Slot] = v
	}
	m.tell(notice)
	return nil
}

func (m *memory) tell(notice *newsletter.Notice) {
	if notice != nil {
		m.notices = append(m.notices, *notice)
	}
}

func (m *memory) Verdicts(_ context.Context, _ string, slot newsletter.Slot) ([]newsletter.Verdict, error) {
	v, there := m.verdicts[slot]
	if !there {
		return nil, newsletter.ErrNotFound
	}
	return v, nil
}

// press renders an edition as the titles of its stories; more than most of them are too many for a letter.
type press struct {
	err  error
	most int // 0: no limit
}

func (p press) Render(_ newsletter.Newsletter, c newsletter.Content) (digest.Rendering, error) {
	var b strings.Builder
	for _, s := range c.Stories() {
		b.WriteString(s.Title + "\n")
	}
	whole := newsletter.Variant{Text: b.String(), HTML: "<p>" + b.String()}
	if beyond := len(c.Stories()) - p.most; p.most > 0 && beyond > 0 {
		return digest.Rendering{Letter: newsletter.Variant{Text: "cut", HTML: "<p>cut"}, Page: whole, Beyond: beyond}, p.err
	}
	return digest.Rendering{Letter: whole}, p.err
}

func (p press) Numbered(_ newsletter.Newsletter, number int) (string, error) {
	return fmt.Sprintf("(n°\u00a0%d)", number), p.err
}

// inspector finds what it was told to, and that a subject was used before.
type inspector struct {
	findings []preflight.Finding
	looked   int
	known    preflight.Letter // of the latest
}

func (i *inspector) Inspect(_ newsletter.Newsletter, _ newsletter.Variant, known preflight.Letter) ([]preflight.Finding, error) {
	i.looked++
	i.known = known
	if earlier := known.Earlier; earlier > 0 {
		return append(i.findings, preflight.Finding{Severity: preflight.Warns, Rule: "subject-again", What: fmt.Sprint(earlier)}), nil
	}
	return i.findings, nil
}

// reader summarises by the plainest rules, so that what it was asked can be seen.
type reader struct{}

func (reader) Summary(given string) string     { return given }
func (reader) Chapo(_, markdown string) string { return markdown }
func (reader) LeftOut(text string) []string {
	if strings.Contains(text, "<script>") {
		return []string{"<script>", "more"}
	}
	return nil
}

func (r reader) LeftOutOfBody(text string) []string { return r.LeftOut(text) }

func (reader) Sayable(text string) error {
	if strings.HasPrefix(text, "![") {
		return errors.New("nothing but a picture")
	}
	return nil
}
func (reader) Advertisable(string) error { return nil }
func (reader) Links(text string) (all []string) {
	for word := range strings.FieldsSeq(text) {
		if strings.Contains(word, ":") {
			all = append(all, word)
		}
	}
	return all
}

func (reader) Words(markdown string) int { return len(strings.Fields(markdown)) }

func desk(m *memory) *digest.Desk {
	return &digest.Desk{
		Store: m, Renderer: press{}, Inspector: &inspector{}, Collector: m, Summariser: reader{},
		KeyID: func() uint16 { return 7 }, Operator: "operator@example.org", Now: m.now,
	}
}

var errDisk = errors.New("disk full")

func at(t time.Time) func() time.Time { return func() time.Time { return t } }
