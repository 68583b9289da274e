package source_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"facteur/internal/collect"
	"facteur/internal/source"
)

// A shelf is a folder of articles that were written a while ago.
type shelf struct {
	t      *testing.T
	folder source.Folder
}

func newShelf(t *testing.T) *shelf {
	return &shelf{t, source.Folder{Path: t.TempDir(), Zone: paris(), Now: today}}
}

// write writes a file that was finished so long ago.
func (s *shelf) write(name, text string, ago time.Duration) {
	s.t.Helper()
	path := filepath.Join(s.folder.Path, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
	if err := os.Chtimes(path, time.Time{}, today().Add(-ago)); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shelf) read(mark string, again ...string) reading {
	s.t.Helper()
	got, err := read(s.t, s.folder, mark, again...)
	if err != nil {
		s.t.Fatal(err)
	}
	return got
}

func article(title string) string {
	return "---\ntitle: " + title + "\nurl: https://site.example/" + strings.ToLower(title) + "\n---\nTexte.\n"
}

func TestFolder_readsWhatChanged(t *testing.T) {
	s := newShelf(t)
	s.write("b.md", article("B"), time.Hour)
	s.write("2026/a.markdown", article("A"), time.Hour)
	s.write("bad.md", "---\ntitle: [x\n---\n", time.Hour)
	s.write("draft.md", "---\ntitle: D\nurl: https://site.example/d\ndraft: true\n---\n", time.Hour)
	s.write("draft-toml.md", "+++\ntitle = 'D'\nurl = 'https://site.example/d'\ndraft = true\n+++\n", time.Hour)
	s.write("final.md", "---\ntitle: E\nurl: https://site.example/e\ndraft: false\n---\n", time.Hour)
	for _, other := range []string{"notes.txt", ".hidden.md", "_index.md", ".git/x.md", "a.md~"} {
		s.write(other, article("X"), time.Hour)
	}
	if err := os.Symlink(filepath.Join(s.folder.Path, "b.md"), filepath.Join(s.folder.Path, "link.md")); err != nil {
		t.Fatal(err)
	}
	first := s.read("")
	if diff := cmp.Diff([]string{"A", "B", "E"}, first.titles); diff != "" {
		t.Error(diff)
	}
	if !cmp.Equal(first.drafts, []string{"draft-toml.md", "draft.md"}) || len(first.faults) != 1 || first.faults[0].Name != "bad.md" || !strings.HasPrefix(first.faults[0].Reason, "line 2: front matter is not YAML") {
		t.Errorf("%+v", first)
	}
	if again := s.read(first.mark); again.hauls != 0 {
		t.Errorf("nothing changed, and it brought %+v", again)
	}
	s.write("b.md", article("B2"), time.Minute)
	s.write("bad.md", article("Good"), time.Minute)
	if err := os.Rename(filepath.Join(s.folder.Path, "final.md"), filepath.Join(s.folder.Path, "renamed.md")); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(s.folder.Path, "draft.md")); err != nil {
		t.Fatal(err)
	}
	second := s.read(first.mark)
	if !cmp.Equal(second.titles, []string{"B2", "Good", "E"}) || !cmp.Equal(second.gone, []string{"draft.md"}) || len(second.faults) != 0 {
		t.Errorf("%+v", second)
	}
	if again := s.read(second.mark); again.hauls != 0 {
		t.Errorf("nothing changed, and it brought %+v", again)
	}
	if anew := s.read("rubbish"); len(anew.titles) != 4 {
		t.Errorf("with a mark that is none: %+v", anew)
	}
}

// A file under another name is not gone, whether it holds an article, a draft or what was refused; the list of refused ones is told of the last.
func TestFolder_followsWhatWasRenamed(t *testing.T) {
	s := newShelf(t)
	s.write("a.md", article("A"), time.Hour)
	s.write("bad.md", "rien", time.Hour)
	s.write("draft.md", "---\ntitle: D\nurl: https://site.example/d\ndraft: true\n---\n", time.Hour)
	s.write("lost.md", article("Lost"), time.Hour)
	first := s.read("")
	for _, name := range []string{"a.md", "bad.md", "draft.md"} {
		if err := os.Rename(filepath.Join(s.folder.Path, name), filepath.Join(s.folder.Path, "new-"+name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(filepath.Join(s.folder.Path, "lost.md")); err != nil {
		t.Fatal(err)
	}
	second := s.read(first.mark, "bad.md")
	if !cmp.Equal(second.titles, []string{"A"}) || !cmp.Equal(second.drafts, []string{"new-draft.md"}) || len(second.faults) != 1 || !cmp.Equal(second.gone, []string{"lost.md"}) || !cmp.Equal(second.renamed, []string{"a.md", "bad.md", "draft.md"}) {
		t.Errorf("%+v", second)
	}
	if again := s.read(second.mark, "new-bad.md"); len(again.titles)+len(again.gone)+len(again.drafts) != 0 {
		t.Errorf("nothing changed, and it brought %+v", again)
	}
}

// The name of a file is bytes, those of another encoding too: it is read once, and told of by a name that can be written down.
func TestFolder_nameThatIsNotUTF8(t *testing.T) {
	s := newShelf(t)
	s.write("\xe9t\xe9/caf\xe9.md", article("Cafe"), time.Hour)
	s.write("caf\xe9.md", "rien", time.Hour)
	s.write("caf\xe8.md", "---\ntitle: D\nurl: https://site.example/d\ndraft: true\n---\n", time.Hour)
	s.write(`"guillemets".md`, article("Guillemets"), time.Hour)
	first := s.read("")
	if !cmp.Equal(first.titles, []string{"Cafe", "Guillemets"}) || !cmp.Equal(first.drafts, []string{`"caf\xe8.md"`}) || len(first.faults) != 1 ||
		first.faults[0].Name != `"caf\xe9.md"` || !strings.Contains(first.faults[0].Reason, "has no front matter") {
		t.Errorf("%+v", first)
	}
	if again := s.read(first.mark); again.hauls != 0 {
		t.Errorf("nothing changed, and it brought %+v", again)
	}
	if err := os.Rename(filepath.Join(s.folder.Path, "caf\xe9.md"), filepath.Join(s.folder.Path, "café.md")); err != nil {
		t.Fatal(err)
	}
	second := s.read(first.mark)
	if len(second.gone) != 0 || !cmp.Equal(second.renamed, []string{`"caf\xe9.md"`}) || len(second.faults) != 1 || second.faults[0].Name != "café.md" {
		t.Errorf("renamed: %+v", second)
	}
}

// A file that is being written is left for the next time, in which it may be whole.
func TestFolder_waitsForWriters(t *testing.T) {
	s := newShelf(t)
	s.write("a.md", article("A"), time.Hour)
	s.write("half.md", "---\ntitle: Half\nur", time.Second)
	s.write("ahead.md", article("Ahead"), -time.Hour) // another clock
	first := s.read("")
	if !cmp.Equal(first.titles, []string{"A", "Ahead"}) || first.waits != 1 || len(first.faults) != 0 {
		t.Errorf("%+v", first)
	}
	s.write("half.md", article("Whole"), 3*time.Second)
	if second := s.read(first.mark); !cmp.Equal(second.titles, []string{"Whole"}) || second.waits != 0 {
		t.Errorf("%+v", second)
	}
}

// A file that takes the name of another one keeps its address, ahead of one that has it as well.
func TestFolder_takesAnothersName(t *testing.T) {
	s := newShelf(t)
	s.write("c.md", article("C"), 2*time.Hour)
	s.write("b.md", article("B"), time.Hour)
	first := s.read("")
	s.write("a.md", "---\ntitle: Second\nurl: https://site.example/c\n---\n", time.Minute)
	second := s.read(first.mark)
	if err := os.Rename(filepath.Join(s.folder.Path, "c.md"), filepath.Join(s.folder.Path, "b.md")); err != nil {
		t.Fatal(err)
	}
	for _, again := range [][]string{{"a.md"}, {"a.md", "b.md"}} { // refused, and named beside one that was
		if third := s.read(second.mark, again...); !cmp.Equal(third.titles, []string{"C", "Second"}) || !cmp.Equal(third.gone, []string{"c.md"}) {
			t.Errorf("with %q asked for again: %+v", again, third)
		}
	}
}

// Where a folder is empty for a while, because what is mounted there is away, each file has its address again once it is back.
func TestFolder_emptyForAWhile(t *testing.T) {
	s := newShelf(t)
	s.write("b.md", article("B"), time.Hour)
	first := s.read("")
	s.write("a.md", "---\ntitle: Second\nurl: https://site.example/b\n---\n", time.Minute)
	inTurn := []string{"B", "Second"}
	second := s.read(first.mark)
	if !cmp.Equal(second.titles, inTurn) {
		t.Fatalf("%+v", second)
	}
	full := s.folder.Path
	s.folder.Path = t.TempDir()
	empty := s.read(second.mark, "a.md") // which was refused
	if !cmp.Equal(empty.gone, []string{"a.md", "b.md"}) {
		t.Errorf("%+v", empty)
	}
	if still := s.read(empty.mark); still.hauls != 0 {
		t.Errorf("it is still empty: %+v", still)
	}
	s.folder.Path = full
	back := s.read(empty.mark)
	if !cmp.Equal(back.titles, inTurn) || len(back.gone) != 0 {
		t.Errorf("back: %+v", back)
	}
	if again := s.read(back.mark); again.hauls != 0 {
		t.Errorf("nothing changed since, and it brought %+v", again)
	}
}

func TestFolder_manyHauls(t *testing.T) {
	s := newShelf(t)
	for i := range 250 {
		s.write(string(rune('a'+i%26))+strings.Repeat("x", i)+".md", article("T"), time.Hour)
	}
	s.write("zz.md", article("Z"), time.Second)
	if got := s.read(""); len(got.titles) != 250 || got.hauls != 3 || got.waits != 1 {
		t.Errorf("%d articles in %d hauls, %d wait", len(got.titles), got.hauls, got.waits)
	}
}

func TestFolder_picture(t *testing.T) {
	s := newShelf(t)
	s.write("a/a.md", "---\ntitle: A\nurl: https://site.example/a\npicture: img/a.png\n---\n", time.Hour)
	s.write("a/img/a.png", "photo", time.Hour)
	s.write("b.md", "---\ntitle: B\nurl: https://site.example/b\npicture: img/none.png\n---\n", time.Hour)
	var pictures []string
	err := s.folder.Read(t.Context(), "", nil, func(h collect.Haul) error {
		for _, o := range h.Offers {
			pictures = append(pictures, string(o.Picture))
		}
		if len(h.Faults) != 1 || !strings.HasPrefix(h.Faults[0].Reason, "picture img/none.png: no such file") {
			t.Errorf("%+v", h.Faults)
		}
		return nil
	})
	if err != nil || !cmp.Equal(pictures, []string{"photo"}) {
		t.Errorf("%q, %v", pictures, err)
	}
}

func TestFolder_trouble(t *testing.T) {
	s := newShelf(t)
	s.write("file", "", time.Hour)
	for path, want := range map[string]string{
		filepath.Join(s.folder.Path, "none"): "is not there",
		filepath.Join(s.folder.Path, "file"): "is a file",
	} {
		_, err := read(t, source.Folder{Path: path, Now: today}, "")
		trouble, told := errors.AsType[collect.Trouble](err)
		if !told || !strings.Contains(trouble.What, path) || !strings.Contains(trouble.What, want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	if os.Getuid() == 0 {
		t.Log("root reads everything: what others may not is not tried")
		return
	}
	if err := os.Chmod(s.folder.Path, 0o300); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.Chmod(s.folder.Path, 0o700) }()
	if _, err := read(t, s.folder, ""); err == nil || !strings.Contains(err.Error(), "permission denied: give the user of facteur the right") {
		t.Error(err)
	}
}

// What was refused is read again though it looks as before, since what was wrong may stand beside it, and what is gone is told.
func TestFolder_readsAgainWhatWasRefused(t *testing.T) {
	s := newShelf(t)
	s.write("a.md", "---\ntitle: A\nurl: https://site.example/a\npicture: a.png\n---\n", time.Hour)
	s.write("b.md", article("B"), time.Hour)
	s.write("bad.md", "rien", time.Hour)
	s.write("lost.md", "rien", time.Hour)
	first := s.read("")
	if len(first.faults) != 3 {
		t.Fatalf("%+v", first)
	}
	s.write("a.png", "photo", time.Hour)
	if err := os.Remove(filepath.Join(s.folder.Path, "lost.md")); err != nil {
		t.Fatal(err)
	}
	second := s.read(first.mark, "a.md", "bad.md", "lost.md", "never.md")
	if !cmp.Equal(second.titles, []string{"A"}) || len(second.faults) != 1 || second.faults[0].Name != "bad.md" || !cmp.Equal(second.gone, []string{"lost.md", "never.md"}) {
		t.Errorf("%+v", second)
	}
	if third := s.read(second.mark, "bad.md"); len(third.titles) != 0 || len(third.faults) != 1 || third.mark != second.mark {
		t.Errorf("%+v", third)
	}
}

func TestFolder_behindALink(t *testing.T) {
	s := newShelf(t)
	s.write("sub/a.md", article("A"), time.Hour)
	link := filepath.Join(t.TempDir(), "articles")
	if err := os.Symlink(s.folder.Path, link); err != nil {
		t.Fatal(err)
	}
	s.folder.Path = link
	first := s.read("")
	if !cmp.Equal(first.titles, []string{"A"}) {
		t.Errorf("%+v", first)
	}
	if again := s.read(first.mark); again.hauls != 0 {
		t.Errorf("%+v", again)
	}
}
