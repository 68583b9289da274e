package letter_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"facteur/internal/letter"
	"facteur/internal/newsletter"
)

var update = flag.Bool("update", false, "write the golden letters anew")

type golden struct {
	name    string
	frame   letter.Frame
	variant newsletter.Variant
	reader  letter.Reader
}

func goldens(t *testing.T) []golden {
	t.Helper()
	french := hebdo(t)

	special := hebdo(t)
	special.Title = `« L’IA, mode d’emploi » (Paris)`
	special.Sender.Name = `L’équipe de PandIA, "la lettre" (Paris)`
	long := content(t)
	long.Subject = longSubject

	english := hebdo(t)
	english.Name, english.Language, english.Title = "weekly", "en", `The "Open" Letter, weekly`
	english.ListID = "weekly.lettre.pandia.example"
	english.Sender.Name = `PandIA, "Weekly" (Paris)`
	weekly := content(t)
	weekly.Subject = "What “open weights” really means: a reader’s guide to the words that vendors use"
	weekly.Lead = &weekly.Chapters[0].Stories[1]
	weekly.Chapters, weekly.Sponsor = nil, &newsletter.Sponsor{For: "Tanner Street Books", Text: "Ten essays on AI, picked by our booksellers: [the autumn list](https://books.example/ai-essays)."}

	sponsored := content(t)
	sponsored.Sponsor, sponsored.Chapters = sponsor(), sponsored.Chapters[1:]

	bare := hebdo(t)
	bare.Sender = newsletter.Sender{Address: "lettre@pandia.example"}
	bare.FeedbackID = ""
	short := content(t)
	short.Preheader, short.Lead, short.Chapters = "", nil, short.Chapters[1:]

	notice := newsletter.Variant{Kind: newsletter.KindNotice, Subject: "Le numéro 42 n'est pas parti", Text: hardText}
	all := []golden{
		{"edition", frame(french, 42), rendered(t, french, content(t)), reader(t)},
		{"long-subject", frame(special, 42), rendered(t, special, long), reader(t)},
		{"sponsor", frame(french, 42), rendered(t, french, sponsored), reader(t)},
		{"english", frame(english, 42), rendered(t, english, weekly), reader(t)},
		{"bare", frame(bare, 42), rendered(t, bare, short), reader(t)},
		{"notice", frame(french, 0), notice, reader(t)},
	}
	daily := hebdo(t)
	daily.Name, daily.Title, daily.Schedule, daily.Sections = "matin", "Le matin", "30 6 * * 1-5", nil
	monthly := hebdo(t)
	monthly.Name, monthly.Title, monthly.Schedule, monthly.Sections = "mensuel", "Le mensuel\u00a0: «\u00a0en long\u00a0»", "0 7 1 * *", daily.Sections
	r := renderer(t)
	for _, kind := range newsletter.LetterKinds() {
		all = append(all,
			golden{string(kind), singleFrame(french, kind), single(t, r, kind, french), reader(t)},
			golden{string(kind) + "-english", singleFrame(english, kind), single(t, r, kind, english), reader(t)},
			golden{string(kind) + "-several", singleFrame(french, kind), single(t, r, kind, french, daily, monthly), reader(t)})
	}
	return all
}

// isGolden leaves out what says nothing more than another one.
func isGolden(name string) bool {
	kind, manner, _ := strings.Cut(name, "-")
	return manner != "several" || kind == string(newsletter.LetterConfirm) || kind == string(newsletter.LetterWelcome)
}

// longSubject has 400 characters, with an emoji and no-break spaces in the middle and at places where words are cut.
var longSubject = strings.Repeat("Où en est l’IA\u00a0? 🤖 Ça dépend\u00a0: «\u00a0beaucoup\u00a0» d’écoles. ", 7) +
	"Et ce n’est pas fini !"

// hardText has what quoted-printable must hide from programs on the way.
const hardText = ".point en tête\nFrom ici à là\nespaces à la fin   \n\ttabulation\t\n" +
	"..................................................................................................\n" +
	"Une ligne si longue qu’elle est coupée par l’encodage, et dont la suite commence juste après .la coupe, ou presque. From là.\n"

func TestGoldenLetters(t *testing.T) {
	for _, g := range goldens(t) {
		if !isGolden(g.name) {
			continue
		}
		t.Run(g.name, func(t *testing.T) {
			got := copyOf(t, g.frame, g.variant, g.reader)
			file := filepath.Join("testdata", g.name+".eml")
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatalf("%v (go test ./internal/letter -update writes it)", err)
			}
			if diff := cmp.Diff(lines(want), lines(got)); diff != "" {
				t.Errorf("the letter changed (-golden +now); if it should, go test ./internal/letter -update\n%s", diff)
			}
		})
	}
}

func lines(message []byte) []string { return strings.SplitAfter(string(message), "\r\n") }

// reading is what testdata/reread.py makes of one letter.
type reading struct {
	Defects []string
	Headers map[string][]string
	Parts   []struct{ Type, Content string }
}

func TestGoldenLettersReadElsewhere(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("python3 is missing, and in CI nothing may be skipped: apt-get install python3")
		}
		t.Skip("SKIPPED: letters are not re-read by another parser; apt-get install python3")
	}
	for _, g := range goldens(t) {
		if !isGolden(g.name) {
			continue
		}
		t.Run(g.name, func(t *testing.T) {
			command := exec.Command(python, "testdata/reread.py")
			command.Stdin = bytes.NewReader(copyOf(t, g.frame, g.variant, g.reader))
			command.Stderr = os.Stderr
			out, err := command.Output()
			if err != nil {
				t.Fatal(err)
			}
			var got reading
			if err := json.Unmarshal(out, &got); err != nil {
				t.Fatal(err)
			}
			checkReading(t, g, got)
		})
	}
}

func checkReading(t *testing.T, g golden, got reading) {
	t.Helper()
	if len(got.Defects) > 0 {
		t.Errorf("defects: %q", got.Defects)
	}
	want := map[string]string{
		"Subject":      g.variant.Subject,
		"To":           g.reader.Address,
		"Message-ID":   "<" + g.reader.MessageID + ">",
		"Date":         "Tue, 24 Nov 2026 07:00:05 +0100",
		"MIME-Version": "1.0",
	}
	parts := []string{g.variant.Text}
	if !isEdition(g) {
		want["Auto-Submitted"] = "auto-generated"
	}
	if g.variant.Kind != newsletter.KindNotice {
		parts = append(parts, g.variant.HTML)
	}
	if isList(g) {
		want["List-Unsubscribe"] = "<https://lettre.pandia.example/u/" + readersToken + ">"
		want["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
	}
	for name, value := range want {
		if len(got.Headers[name]) != 1 || got.Headers[name][0] != value {
			t.Errorf("%s is %q, want one %q", name, got.Headers[name], value)
		}
	}
	unquote := strings.NewReplacer(`\`, "", `"`, "")
	sender := g.frame.Newsletter.Sender
	from := strings.TrimSpace(unquote.Replace(sender.Name) + " <" + sender.Address + ">")
	if sender.Name == "" {
		from = sender.Address
	}
	if read := got.Headers["From"]; len(read) != 1 || unquote.Replace(read[0]) != from {
		t.Errorf("From is %q, want %q", read, from)
	}
	if len(got.Parts) != len(parts) {
		t.Fatalf("%d parts, want %d", len(got.Parts), len(parts))
	}
	for i, part := range parts {
		if diff := cmp.Diff(crlf(personal(part, g.reader, g.frame.Newsletter.Language)), got.Parts[i].Content); diff != "" {
			t.Errorf("part %d, %s (-rendered +read):\n%s", i, got.Parts[i].Type, diff)
		}
	}
}

func isEdition(g golden) bool { return g.variant.Kind == newsletter.KindEdition }

// isList says which letters belong to a list that their reader can leave.
func isList(g golden) bool {
	switch g.frame.Single {
	case newsletter.LetterWelcome, newsletter.LetterAlready, newsletter.LetterKeep:
		return true
	}
	return isEdition(g)
}
