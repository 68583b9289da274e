package app_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"facteur/internal/collect"
	"facteur/internal/newsletter"
	"facteur/internal/smtptest"
)

const familySettings = `
[newsletters.quotidien]
title    = "Le quotidien"
family   = "pandia"
schedule = "0 7 * * *"
sections = [{ name = "actualites", title = "Actualités", quota = 3 }]

[newsletters.hebdo]
title    = "L'hebdo"
family   = "pandia"
schedule = "0 8 * * 0"
sections = [
  { name = "guides", title = "Guides", quota = 4 },
  { name = "rappel", title = "À ne pas manquer", quota = 40, recall = true },
]
`

// A family is readers of a daily and a weekly newsletter, who move between them by the pages of their letters.
type family struct {
	*world
	*rand.Rand
	articles int
	readers  []*mover
}

// A mover is a reader, with what they chose and since when.
type mover struct {
	name    string
	link    string // of their page, as the latest act left it
	acted   time.Time
	chosen  []choice
	latest  int // editions that they asked for
	pressed sync.WaitGroup
}

type choice struct {
	at    time.Time
	takes []string
}

func (c choice) String() string { return c.at.UTC().Format("02T15:04") + fmt.Sprint(c.takes) }

// took reports what a reader takes at an instant. Where they chose in that very second, either may be.
func (m *mover) took(name string, at time.Time) (takes, open bool) {
	for _, c := range m.chosen {
		if c.at.Sub(at).Abs() < time.Second {
			open = true
		}
		if !c.at.After(at) {
			takes = slices.Contains(c.takes, name)
		}
	}
	return takes, open
}

// Readers who move between the newsletters of a family at any time, in the second of a slot too, get each edition that they are there for
// once, and no article twice on the same terms; and what the daily one brought, the weekly one recalls.
func TestReadersOfAFamilyMove(t *testing.T) {
	t.Parallel()
	for _, seed := range []uint64{4, 5} {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &world{t: t, folder: t.TempDir(), relay: smtptest.Start(t, smtptest.Script{}), more: familySettings}
				w.env = []string{"FACTEUR_SMTP_URL=smtp://127.0.0.1:2525?tls=none", "FACTEUR_COLLECT_SCHEDULE=@every 1h", "FACTEUR_COLLECT_CHECK_LINKS=false"}
				w.open()
				f := &family{world: w, Rand: rand.New(rand.NewPCG(seed, 1))}
				f.begin(6)
				w.start()
				defer w.end()
				for range 16 {
					f.day()
				}
				f.check()
			})
		})
	}
}

// begin has readers, half of them of each.
func (f *family) begin(n int) {
	for i := range n {
		m := &mover{name: fmt.Sprintf("r%d", i)}
		of := f.Newsletters[i%2]
		if _, err := f.Register.Add(f.t.Context(), of, m.name+"@lecteurs.example", "test"); err != nil {
			f.t.Fatal(err)
		}
		m.chosen = []choice{{time.Now(), []string{of.Name}}}
		f.readers = append(f.readers, m)
	}
}

// day is one from midnight to midnight, UTC: readers act in its night, in the seconds of the slots, and later.
func (f *family) day() {
	midnight := time.Now().Truncate(24 * time.Hour)
	for _, at := range []time.Duration{3 * time.Hour, 6 * time.Hour, 7 * time.Hour, 12*time.Hour + 30*time.Minute} {
		time.Sleep(time.Until(midnight.Add(at)))
		for range f.IntN(3) {
			f.offers()
		}
		for _, m := range f.readers {
			if f.IntN(3) == 0 {
				f.act(m)
			}
		}
		for _, m := range f.readers {
			m.pressed.Wait()
		}
		synctest.Wait()
	}
	time.Sleep(time.Until(midnight.Add(24 * time.Hour)))
}

func (f *family) offers() {
	f.articles++
	var text strings.Builder
	for range 40 {
		fmt.Fprintf(&text, "mot%d ", f.IntN(100_000))
	}
	section := []string{"actualites", "guides"}[f.IntN(2)]
	row := collect.Row{URL: fmt.Sprintf("https://pandia.example/%d", f.articles), Title: fmt.Sprintf("Sujet %d", f.articles), Section: section, Body: text.String()}
	if err := f.Store.InboxAdd(f.t.Context(), []collect.Row{row}); err != nil {
		f.t.Fatal(err)
	}
}

var (
	formAction  = regexp.MustCompile(`action="[^"]*(/p/[^"]+)"`)
	formWording = regexp.MustCompile(`name="wording" value="([^"]+)"`)
)

// act opens the page of a reader, who chooses anew and perhaps asks for the latest edition, at the same moment as others do and as slots are decided.
func (f *family) act(m *mover) {
	if letters := f.letters(m.name); len(letters) > 0 && letters[len(letters)-1].At.After(m.acted) {
		m.link = f.link(m.name, "/p/")
	}
	if m.link == "" {
		return // no letter came yet
	}
	status, page := f.opens(m.link)
	if status != http.StatusOK {
		f.t.Fatalf("%s: the page of %s answers %d:\n%s", time.Now(), m.name, status, page)
	}
	fields := url.Values{"act": {"save"}, "until": {"none"}, "newsletter": [][]string{{"quotidien"}, {"hebdo"}, {"quotidien", "hebdo"}}[f.IntN(3)]}
	if wording := formWording.FindStringSubmatch(page); wording != nil {
		fields["wording"] = wording[1:]
	}
	m.acted = time.Now()
	m.chosen = append(m.chosen, choice{m.acted, fields["newsletter"]})
	presses := []url.Values{fields}
	if f.IntN(2) == 0 {
		presses = append(presses, url.Values{"act": {"latest"}})
		m.latest++
	}
	m.pressed.Go(func() {
		for _, fields := range presses {
			status, page := f.posts(m.link, fields)
			action := formAction.FindStringSubmatch(page)
			if status != http.StatusOK || action == nil {
				f.t.Errorf("%s: %v of %s answers %d:\n%s", m.acted, fields, m.name, status, page)
				return
			}
			m.link = f.Config.Web.URL + action[1]
		}
	})
}

var (
	listName    = regexp.MustCompile(`<(\w+)\.`)
	editionLine = regexp.MustCompile(`n°\x{a0}(\d+) ·`)
	storyLine   = regexp.MustCompile(`(?m)^• (Sujet \d+)`)
)

// recalled stands behind an article that came as that.
const recalled = " recalled"

// read are the editions that a reader got, and the articles on their terms, each with how often.
func (f *family) read(m *mover) (editions, articles map[string]int) {
	editions, articles = map[string]int{}, map[string]int{}
	for _, l := range f.letters(m.name) {
		letter := readPosted(f.t, l.Content)
		text := strings.ReplaceAll(letter.Text, "\r\n", "\n")
		list, number := listName.FindStringSubmatch(letter.Header.Get("List-Id")), editionLine.FindStringSubmatch(text)
		if list == nil || number == nil {
			f.t.Fatalf("a letter of no edition:\n%s", l.Content)
		}
		editions[list[1]+"/"+number[1]]++
		fresh, again, _ := strings.Cut(text, "À NE PAS MANQUER")
		for terms, part := range map[string]string{"": fresh, recalled: again} {
			for _, title := range storyLine.FindAllStringSubmatch(part, -1) {
				articles[title[1]+terms]++
			}
		}
	}
	return editions, articles
}

// check compares what everybody got with what they chose.
func (f *family) check() {
	synctest.Wait()
	editions, err := f.Store.Editions(f.t.Context(), "", 1000)
	if err != nil || len(editions) < 12 {
		f.t.Fatalf("%d editions, %v", len(editions), err)
	}
	seen := map[string]int{}
	for _, m := range f.readers {
		got, articles := f.read(m)
		beyond := 0 // editions that they were not there for
		for _, e := range editions {
			took, open := m.took(e.Newsletter, e.Approved)
			n := got[e.Ref().String()]
			if n > 1 || !open && took && n == 0 {
				f.t.Errorf("%s got %s of %s %d times; took it: %v; chose %v", m.name, e.Ref(), e.Approved, n, took, m.chosen)
			}
			switch {
			case open:
				seen["in the second of a slot"]++
			case !took:
				beyond += n
			}
		}
		seen["asked for"] += beyond
		if beyond > m.latest {
			f.t.Errorf("%s got %d editions that they did not take, and asked for %d; chose %v", m.name, beyond, m.latest, m.chosen)
		}
		for article, n := range articles {
			if strings.HasSuffix(article, recalled) {
				seen["recalled"]++
			}
			if n > 1 {
				f.t.Errorf("%s got %s %d times; chose %v", m.name, article, n, m.chosen)
			}
		}
	}
	if seen["asked for"] == 0 || seen["recalled"] == 0 || seen["in the second of a slot"] == 0 {
		f.t.Errorf("this shows nothing of what did not happen: %v", seen)
	}
	f.recalled(editions)
}

// recalled fails where the weekly newsletter left out what the daily one had brought.
func (f *family) recalled(editions []newsletter.Edition) {
	brought := map[int64]newsletter.Edition{}
	var last newsletter.Edition
	for _, e := range slices.Backward(editions) {
		if e.Newsletter == "hebdo" {
			last = e
		}
		for _, s := range e.Content.Stories() {
			if _, known := brought[s.Article]; known && e.Newsletter == "hebdo" {
				delete(brought, s.Article)
			} else if e.Newsletter == "quotidien" {
				brought[s.Article] = e
			}
		}
	}
	for article, e := range brought {
		if e.Approved.Before(last.Approved) {
			f.t.Errorf("article %d of %s is in no weekly edition up to %s", article, e.Ref(), last.Ref())
		}
	}
}
