package collect_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"facteur/internal/source"
)

// A desk is a folder of Markdown files in which somebody works between collections: what they did, and what each file holds.
type desk struct {
	*shop
	*rand.Rand
	folder  string
	files   map[string]page
	touched map[string]bool // since the last collection
	did     []string
	n       int // texts written
}

type page struct {
	address int
	title   string
}

// What had an address first keeps its article for as long as it is there, whatever it is called, however often it was changed, and wherever the folder was
// meanwhile; a second collection finds nothing, and no article is taken back.
func TestFolder_whateverIsDoneInIt(t *testing.T) {
	for seed := range uint64(30) {
		d := &desk{shop: newShop(t), Rand: rand.New(rand.NewPCG(seed, 1)), folder: filepath.Join(t.TempDir(), "articles"), files: map[string]page{}, touched: map[string]bool{}}
		d.must(os.Mkdir(d.folder, 0o700))
		d.of.Reader = source.Folder{Path: d.folder, Now: func() time.Time { return d.now }}
		giver := map[int]string{} // the files that gave articles
		for range 15 {
			before := d.stored()
			d.disturb()
			if now := d.stored(); !maps.Equal(now, before) {
				t.Errorf("before it was disturbed: %v, after: %v", before, now)
			}
			for range 1 + d.IntN(3) {
				d.work(giver)
			}
			d.collect()
			if again, _ := d.fetch(); again.Added+again.Updated != 0 {
				t.Errorf("a second collection brings %+v", again)
			}
			d.check(giver, before)
			if t.Failed() {
				t.Fatalf("seed %d:\n%s", seed, strings.Join(d.did, "\n"))
			}
		}
	}
}

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// collect fetches when nothing is being written any more.
func (d *desk) collect() {
	d.now = d.now.Add(time.Minute)
	gain, _ := d.fetch()
	d.touched = map[string]bool{}
	d.did = append(d.did, fmt.Sprintf("%+v", gain))
}

// work does something in the folder, once to each file: one that is changed and renamed at once is a new one.
func (d *desk) work(giver map[int]string) {
	name, other := d.name(), d.name()
	p, there := d.files[name]
	_, taken := d.files[other]
	if d.touched[name] || d.touched[other] {
		return
	}
	switch what := d.IntN(4); {
	case what < 2 || !there: // a new text, often at the address that it had
		for range 1 + d.IntN(2) {
			d.n++
			if !there || d.IntN(2) == 0 {
				p.address = d.IntN(4)
			}
			p.title = fmt.Sprintf("Titre %d", d.n)
			d.write(name, p, "")
		}
	case what == 2 && !taken:
		d.must(os.Rename(d.path(name), d.path(other)))
		delete(d.files, name)
		d.files[other], d.touched[name], d.touched[other] = p, true, true
		if giver[p.address] == name {
			giver[p.address] = other
		}
		d.did = append(d.did, name+" becomes "+other)
	case what == 3:
		d.must(os.Remove(d.path(name)))
		delete(d.files, name)
		d.did = append(d.did, name+" goes")
	}
}

// disturb has a collection come when a file is half written, or the folder not mounted.
func (d *desk) disturb() {
	name := d.name()
	p, there := d.files[name]
	switch what := d.IntN(3); {
	case what == 0 && there:
		d.write(name, p, "half")
		d.collect()
		d.write(name, p, "")
	case what == 1:
		d.must(os.Rename(d.folder, d.folder+".away"))
		d.must(os.Mkdir(d.folder, 0o700))
		d.collect()
		d.must(os.Remove(d.folder))
		d.must(os.Rename(d.folder+".away", d.folder))
		d.did = append(d.did, "the folder is back")
	}
}

func (d *desk) name() string { return string(rune('a'+d.IntN(5))) + ".md" }

func (d *desk) path(name string) string { return filepath.Join(d.folder, name) }

func (d *desk) write(name string, p page, half string) {
	d.t.Helper()
	text := fmt.Sprintf("---\ntitle: %s\nurl: %s\n---\nTexte.\n", p.title, d.address(p.address))
	if half != "" {
		text = text[:len(text)/2]
	}
	d.now = d.now.Add(time.Second)
	d.must(os.WriteFile(d.path(name), []byte(text), 0o600))
	d.must(os.Chtimes(d.path(name), time.Time{}, d.now))
	d.files[name], d.touched[name] = p, true
	d.did = append(d.did, fmt.Sprint(name, p, half))
}

func (d *desk) address(n int) string { return fmt.Sprintf("https://site.example/%d", n) }

// stored are the titles of the articles.
func (d *desk) stored() map[int]string {
	d.t.Helper()
	titles := map[int]string{}
	for n := range 4 {
		if a, err := d.store.ArticleByURL(d.t.Context(), d.address(n)); err == nil {
			titles[n] = a.Title
		}
	}
	return titles
}

// check compares the articles with the files, and notes who gave them.
func (d *desk) check(giver map[int]string, before map[int]string) {
	d.t.Helper()
	stored := d.stored()
	for n := range 4 {
		var have []string
		for _, name := range slices.Sorted(maps.Keys(d.files)) {
			if d.files[name].address == n {
				have = append(have, name)
			}
		}
		gave := slices.IndexFunc(have, func(name string) bool { return d.files[name].title == stored[n] })
		switch {
		case len(have) == 0 && stored[n] != before[n], len(have) > 0 && gave < 0:
			d.t.Errorf("article %d is %q, was %q, and the files with its address are %v", n, stored[n], before[n], have)
		case slices.Contains(have, giver[n]) && have[gave] != giver[n]:
			d.t.Errorf("article %d is from %s, and %s that had it first is there", n, have[gave], giver[n])
		case gave >= 0:
			giver[n] = have[gave]
		default:
			delete(giver, n)
		}
	}
}
