package collect_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"facteur/internal/collect"
	"facteur/internal/newsletter"
	"facteur/internal/sqlite"
)

// A shop is a source under test, over a real store.
type shop struct {
	t *testing.T
	*collect.Gatherer
	store *sqlite.Store
	now   time.Time
	of    collect.Source
	hauls []collect.Haul
	err   error    // with which a reading ends
	asked string   // the mark that the reader was given last
	again []string // and the names
	reads int
}

func newShop(t *testing.T) *shop {
	store, err := sqlite.Open(t.Context(), t.TempDir()+"/facteur.db", sqlite.Options{Create: true, Hash: func(key string) []byte { return []byte(key) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	if err := store.EnsureNewsletters(t.Context(), []string{"hebdo"}); err != nil {
		t.Fatal(err)
	}
	s := &shop{t: t, store: store, now: time.Date(2026, 11, 26, 6, 0, 0, 0, time.UTC)}
	now := func() time.Time { return s.now }
	hebdo := newsletter.Newsletter{Name: "hebdo", Sections: []newsletter.Section{{Name: "actualites", Title: "Actualités"}, {Name: "guides", Title: "Guides"}}}
	s.Gatherer = &collect.Gatherer{
		Store: store, Now: now, Operator: "op@pandia.example", About: "hebdo",
		Collector: &collect.Collector{Store: store, Newsletters: []newsletter.Newsletter{hebdo}, Now: now},
		Keep: func(picture []byte) (string, error) {
			if len(picture) == 0 {
				return "", errors.New("it is empty")
			}
			return "https://site.example/kept.jpg", nil
		},
	}
	s.of = collect.Source{Name: "site", Kind: "feed", Place: "https://site.example/feed", Origin: "1", Far: true, Reader: readerOf{s}}
	return s
}

type readerOf struct{ *shop }

func (r readerOf) Read(_ context.Context, mark string, again []string, take func(collect.Haul) error) error {
	r.asked, r.again = mark, again
	r.reads++
	for _, h := range r.hauls {
		if err := take(h); err != nil {
			return err
		}
	}
	return r.err
}

func (s *shop) fetch() (collect.Gain, collect.SourceState) {
	s.t.Helper()
	gain, state, err := s.Fetch(s.t.Context(), s.of)
	if err != nil {
		s.t.Fatal(err)
	}
	return gain, state
}

// notices counts those that are to go to the operator.
func (s *shop) notices() int {
	s.t.Helper()
	due, err := s.store.DueAhead(s.t.Context(), s.now, 100)
	if err != nil {
		s.t.Fatal(err)
	}
	return len(due)
}

// notice is the text of one, from 0.
func (s *shop) notice(n int) string {
	s.t.Helper()
	due, err := s.store.DueAhead(s.t.Context(), s.now, 100)
	if err != nil {
		s.t.Fatal(err)
	}
	v, err := s.store.Variant(s.t.Context(), due[n].Variant)
	if err != nil {
		s.t.Fatal(err)
	}
	return v.Text
}

func offer(name, title string, tags ...string) collect.Offer {
	return collect.Offer{Name: name, Article: newsletter.Article{URL: "https://site.example/" + name, Title: title, Tags: tags}}
}

func TestGatherer_takesWhatItCan(t *testing.T) {
	s := newShop(t)
	s.of.Rules = collect.Rules{NotTags: []string{"Publicité"}, Section: "guides"}
	twice := offer("c", "Trois")
	twice.Article.URL = "https://site.example/a"
	kept, lost := offer("e", "Cinq"), offer("f", "Six")
	kept.Picture, lost.Picture = []byte("x"), []byte{}
	s.hauls = []collect.Haul{
		{Offers: []collect.Offer{offer("a", "Un"), offer("b", "Deux", "publicite"), offer("bad", "")}, Mark: "m1"},
		{Offers: []collect.Offer{twice, kept, lost}, Faults: []collect.Fault{{Name: "x\x1b[2J", Reason: "broken"}}, Drafts: []string{"d"}, Gone: []string{"g"}, Waiting: 2, Mark: "m2"},
	}
	gain, state := s.fetch()
	reasons := map[string]string{}
	for _, f := range gain.Faults {
		reasons[f.Name] = f.Reason
	}
	want := map[string]string{
		"bad": "title is missing: give the article a title", "c": "it has the address of a: give each its own, or keep one", "f": "picture : it is empty", "x\ufffd[2J": "broken",
	}
	if diff := cmp.Diff(want, reasons); diff != "" {
		t.Error(diff)
	}
	gain.Faults = nil
	if diff := cmp.Diff(collect.Gain{Added: 2, LeftOut: 2, Refused: 4, Gone: 1, Waiting: 2, Undated: 2}, gain); diff != "" {
		t.Error(diff)
	}
	if state.Articles != 2 || state.Refused != 4 || state.Mark != "m2" || !state.Succeeded.Equal(s.now) || state.Failures != 0 {
		t.Errorf("%+v", state)
	}
	if a, err := s.store.ArticleByURL(t.Context(), "https://site.example/e"); err != nil || a.Section != "guides" || a.Picture != "https://site.example/kept.jpg" {
		t.Errorf("%+v, %v", a, err)
	}
	s.hauls = []collect.Haul{{Offers: []collect.Offer{offer("bad", "Réparé")}}}
	if gain, state = s.fetch(); s.asked != "m2" || gain.Added != 1 || state.Refused != 3 {
		t.Errorf("with the mark %q: %+v, %+v", s.asked, gain, state)
	}
	s.of.Origin = "2"
	if s.fetch(); s.asked != "" {
		t.Errorf("read otherwise, and on from the mark %q", s.asked)
	}
}

// What is odd about an article is told when it comes and when it changes, and not at each collection.
func TestGatherer_remarksOnce(t *testing.T) {
	s := newShop(t)
	odd := offer("a", "Un")
	odd.Remark = "its date\ncannot be read"
	told := []collect.Fault{{Name: "a", Reason: "its date; cannot be read"}}
	expect := func(what string, want []collect.Fault) {
		t.Helper()
		s.hauls = []collect.Haul{{Offers: []collect.Offer{odd, offer("b", "Deux")}}}
		gain, state := s.fetch()
		if diff := cmp.Diff(want, gain.Remarks); diff != "" || state.Refused != 0 || gain.Refused != 0 {
			t.Errorf("%s: %s, %d refused", what, diff, state.Refused)
		}
	}
	expect("it comes", told)
	expect("it is as it was", nil)
	odd.Article.Title = "Un, corrigé"
	expect("it changes", told)
	expect("it is as it was again", nil)
}

// A breaking is a store of which the program loses hold while it collects.
type breaking struct {
	*sqlite.Store
	after  int   // so many transactions
	took   []int // articles of each
	beside []int // addresses of the whole haul that each was told
	whole  int   // that were told that this is all
}

var errKilled = errors.New("killed")

func (b *breaking) TakeHaul(ctx context.Context, t collect.Taking, now time.Time) ([]collect.Put, error) {
	if len(b.took) == b.after {
		return nil, errKilled
	}
	b.took, b.beside = append(b.took, len(t.Articles)), append(b.beside, len(t.Together))
	if t.Whole {
		b.whole++
	}
	return b.Store.TakeHaul(ctx, t, now)
}

// A large haul is several transactions, so that others get their turn. A program that ends between any two of them loses and doubles nothing: the
// mark, and what is said of names, come with the last.
func TestGatherer_takesInParts(t *testing.T) {
	const offers, parts, most = 110, 5, 25
	haul := collect.Haul{Faults: []collect.Fault{{Name: "broken", Reason: "it has no title"}}, Mark: "m1", Whole: true}
	for i := range offers {
		haul.Offers = append(haul.Offers, offer(fmt.Sprint(i), "Un titre"))
	}
	for after := range parts {
		s := newShop(t)
		s.hauls = []collect.Haul{haul}
		store := &breaking{Store: s.store, after: after}
		s.Store = store
		gain, _, err := s.Fetch(t.Context(), s.of)
		state, failed := s.store.SourceState(t.Context(), "site")
		if taken := most * after; !errors.Is(err, errKilled) || failed != nil || gain.Added != taken || state.Articles != taken || state.Mark != "" || state.Refused != 0 {
			t.Errorf("ended after %d parts: %+v, %+v, %v, %v", after, gain, state, err, failed)
		}
		*store = breaking{Store: s.store, after: parts}
		again, state := s.fetch()
		if again.Added+gain.Added != offers || again.Unchanged != gain.Added || state.Articles != offers || state.Mark != "m1" || state.Refused != 1 {
			t.Errorf("once more after %d parts: %+v, %+v", after, again, state)
		}
		if len(store.took) != parts || slices.Max(store.took) != most {
			t.Errorf("the transactions hold %d articles", store.took)
		}
		if slices.Min(store.beside) != offers || store.whole != parts {
			t.Errorf("of %d articles the transactions know %d, and %d that these are all", offers, store.beside, store.whole)
		}
	}
}

// A source that fails keeps what it brought, is left alone for longer and longer, and is told of once.
func TestGatherer_brokenSource(t *testing.T) {
	s := newShop(t)
	s.hauls, s.err = []collect.Haul{{Offers: []collect.Offer{offer("a", "Un")}, Mark: "m1"}}, collect.Trouble{What: "it is away", Do: "look for it"}
	gain, state := s.fetch()
	if gain.Added != 1 || state.Failures != 1 || state.Mark != "m1" || state.Trouble.What != "it is away" || !state.Succeeded.IsZero() || !state.Next.Equal(s.now.Add(5*time.Minute)) {
		t.Errorf("%+v, %+v", gain, state)
	}
	if _, _, tried, err := s.Due(t.Context(), s.of); tried || err != nil {
		t.Errorf("it was tried at once, %v", err)
	}
	s.hauls = nil
	began := s.now
	for s.reads < 12 {
		s.now = s.now.Add(time.Minute)
		if _, _, _, err := s.Due(t.Context(), s.of); err != nil {
			t.Fatal(err)
		}
	}
	if took := s.now.Sub(began).Round(time.Hour); took != 35*time.Hour { // 5+10+20+40+80+160+320 minutes, and then 6 hours each
		t.Errorf("twelve tries took %s", took)
	}
	if n := s.notices(); n != 1 {
		t.Errorf("the operator was told %d times", n)
	}
	if text := s.notice(0); !strings.Contains(text, "cannot be read: it is away.") || !strings.Contains(text, "the first of them on 2026-11-26 06:00 UTC. It was never read.") {
		t.Errorf("the operator was told %q", text)
	}
	s.err = nil
	if gain, state = s.fetch(); state.Failures != 0 || state.Told || state.Trouble.What != "" || !state.Next.IsZero() || !state.Failing.IsZero() || !gain.Mended {
		t.Errorf("it works again: %+v, %+v", gain, state)
	}
	if !state.Broke.Equal(began) || !state.Mended.Equal(s.now) {
		t.Errorf("it failed from %s to %s", state.Broke, state.Mended)
	}
	if text := s.notice(1); !strings.Contains(text, "is read again, for the first time on 2026-11-27 16:35 UTC; 12 tries before failed, the first of them on 2026-11-26 06:00 UTC") {
		t.Errorf("the operator was told %q", text)
	}
	if gain, state = s.fetch(); gain.Mended || !state.Broke.Equal(began) || s.notices() != 2 {
		t.Errorf("it works still: %+v, %+v, %d notices", gain, state, s.notices())
	}
	s.err = errors.New("nonsense\nin two lines \x1b[2J")
	for range 6 {
		s.now = s.now.Add(time.Hour)
		_, state = s.fetch()
	}
	if n := s.notices(); n != 3 || strings.ContainsAny(state.Trouble.What, "\n\x1b") || state.Trouble.Do == "" {
		t.Errorf("it broke again: %d notices, %+v", n, state)
	}
}

// A trouble of which nobody was told ends without a notice.
func TestGatherer_mendedUntold(t *testing.T) {
	s := newShop(t)
	s.err = collect.Trouble{What: "it is away", Do: "look for it"}
	s.fetch()
	s.err = nil
	if gain, _ := s.fetch(); !gain.Mended || s.notices() != 0 {
		t.Errorf("%+v, %d notices", gain, s.notices())
	}
}

// Where a source is for good is told when its server says so first, and known until it says so no more or the settings change.
func TestGatherer_moved(t *testing.T) {
	s := newShop(t)
	for _, step := range []struct {
		says   string
		err    error
		origin string
		told   bool
		known  string
	}{
		{"https://site.example/b", nil, "1", true, "https://site.example/b"},
		{"https://site.example/b", nil, "1", false, "https://site.example/b"},
		{"", collect.Trouble{What: "it is away", Do: "wait"}, "1", false, "https://site.example/b"},
		{"https://site.example/c", nil, "1", true, "https://site.example/c"},
		{"", collect.Trouble{What: "it is away", Do: "wait"}, "2", false, ""},
		{"https://site.example/c", nil, "2", true, "https://site.example/c"},
		{"", nil, "2", false, ""},
	} {
		s.hauls, s.err, s.of.Origin = []collect.Haul{{Moved: step.says}}, step.err, step.origin
		if gain, state := s.fetch(); gain.Moved != step.told || state.Moved != step.known {
			t.Errorf("%+v: told %t, known %q", step, gain.Moved, state.Moved)
		}
	}
}

// asking is a server that says when to come back.
type asking struct{ error }

func (asking) RetryAfter() time.Duration { return 8 * time.Hour }

func TestGatherer_leavesAlone(t *testing.T) {
	s := newShop(t)
	s.err = errors.Join(collect.Trouble{What: "busy", Do: "wait"}, asking{errors.New("503")})
	if _, state := s.fetch(); !state.Next.Equal(s.now.Add(8 * time.Hour)) {
		t.Errorf("left alone until %s", state.Next)
	}
	if _, _, tried, err := s.Due(t.Context(), s.of); tried || err != nil {
		t.Errorf("it was asked at once, %v", err)
	}
	s.of.Origin = "2" // its settings were mended
	if _, _, tried, err := s.Due(t.Context(), s.of); !tried || err != nil {
		t.Errorf("it was left alone, %v", err)
	}
	s.of.Far = false
	if _, state := s.fetch(); !state.Next.IsZero() {
		t.Errorf("near, and left alone until %s", state.Next)
	}
}

func TestRules(t *testing.T) {
	rules := []collect.SectionRule{{Tag: "tutoriel", Section: "guides"}, {Tag: "ia", Title: "prompt", Section: "guides"}}
	for name, c := range map[string]struct {
		rules collect.Rules
		in    newsletter.Article
		want  string // its section; "-": not taken
	}{
		"nothing set":           {collect.Rules{}, newsletter.Article{}, ""},
		"its own section":       {collect.Rules{Section: "actualites"}, newsletter.Article{Section: "guides"}, "guides"},
		"the source's":          {collect.Rules{Section: "actualites"}, newsletter.Article{}, "actualites"},
		"a rule goes before":    {collect.Rules{Sections: rules}, newsletter.Article{Section: "actualites", Tags: []string{"Tutoriel"}}, "guides"},
		"a rule of two":         {collect.Rules{Sections: rules}, newsletter.Article{Title: "Un prompt utile", Tags: []string{"IA"}}, "guides"},
		"half a rule":           {collect.Rules{Sections: rules}, newsletter.Article{Title: "Un prompt utile"}, ""},
		"a part of a word":      {collect.Rules{Sections: rules}, newsletter.Article{Title: "Promptitude", Tags: []string{"IA"}}, ""},
		"a tag that is asked":   {collect.Rules{Tags: []string{"Santé"}}, newsletter.Article{Tags: []string{"x", "sante"}}, ""},
		"without it":            {collect.Rules{Tags: []string{"Santé"}}, newsletter.Article{Tags: []string{"santés"}}, "-"},
		"a tag with a sign":     {collect.Rules{Tags: []string{"C#"}}, newsletter.Article{Tags: []string{"c#"}}, ""},
		"another sign":          {collect.Rules{Tags: []string{"C#"}}, newsletter.Article{Tags: []string{"C", "C++", ".C#"}}, "-"},
		"a sign that is not":    {collect.Rules{NotTags: []string{"C++", "#"}}, newsletter.Article{Tags: []string{"C", "@"}}, ""},
		"a rule with a sign":    {collect.Rules{Sections: []collect.SectionRule{{Tag: "C++", Section: "guides"}}}, newsletter.Article{Tags: []string{"C"}}, ""},
		"two ways of an accent": {collect.Rules{Tags: []string{"ÉTÉ"}}, newsletter.Article{Tags: []string{"e\u0301te\u0301"}}, ""},
		"a tag that is not":     {collect.Rules{NotTags: []string{"pub"}}, newsletter.Article{Tags: []string{"PUB"}}, "-"},
		"words in the text":     {collect.Rules{Words: []string{"intelligence artificielle"}}, newsletter.Article{Body: "L’Intelligence\nartificielle est là."}, ""},
		"no such words":         {collect.Rules{Words: []string{"intelligence artificielle"}}, newsletter.Article{Body: "L’intelligence est là."}, "-"},
		"a word that is not":    {collect.Rules{NotWords: []string{"sponsorisé"}}, newsletter.Article{Summary: "Sponsorise !"}, "-"},
		"both, and not wins":    {collect.Rules{Words: []string{"ia"}, NotWords: []string{"pub"}}, newsletter.Article{Title: "IA et pub"}, "-"},
		"its language":          {collect.Rules{Languages: []string{"fr"}}, newsletter.Article{Language: "fr-CA"}, ""},
		"another language":      {collect.Rules{Languages: []string{"fr", "de"}}, newsletter.Article{Language: "en"}, "-"},
		"no language is named":  {collect.Rules{Languages: []string{"fr"}}, newsletter.Article{}, ""},
	} {
		s := newShop(t)
		s.of.Rules = c.rules
		c.in.URL = "https://site.example/a"
		if c.in.Title == "" {
			c.in.Title = "T"
		}
		s.hauls = []collect.Haul{{Offers: []collect.Offer{{Name: "a", Article: c.in}}}}
		got := "-"
		if gain, _ := s.fetch(); gain.Added == 1 {
			a, err := s.store.ArticleByURL(t.Context(), c.in.URL)
			if err != nil {
				t.Fatal(err)
			}
			got = a.Section
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// Of what the first collection that goes well adds, what has no date is counted; later it is news.
func TestGatherer_countsUndated(t *testing.T) {
	s := newShop(t)
	dated := offer("1", "Titre 1")
	dated.Article.Published = s.now
	s.hauls, s.err = []collect.Haul{{Offers: []collect.Offer{dated, offer("2", "Titre 2")}}}, errors.New("it breaks off")
	if gain, _ := s.fetch(); gain.Undated != 1 {
		t.Errorf("of a collection that broke off %d are counted", gain.Undated)
	}
	s.hauls, s.err = []collect.Haul{{Offers: []collect.Offer{offer("2", "Titre 2"), offer("3", "Titre 3")}}}, nil
	if gain, _ := s.fetch(); gain.Undated != 1 {
		t.Errorf("of the first that went well %d are counted", gain.Undated)
	}
	s.hauls = []collect.Haul{{Offers: []collect.Offer{offer("4", "Titre 4")}}}
	if gain, _ := s.fetch(); gain.Undated != 0 || gain.Added != 1 {
		t.Errorf("of a later one %d are counted", gain.Undated)
	}
}
