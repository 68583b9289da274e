package main

import (
	"bufio"
	"bytes"
	"context"
	databasesql "database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/emersion/go-msgauth/dkim"

	"facteur/internal/letter"
	"facteur/internal/newsletter"
	"facteur/internal/token"
	"facteur/internal/transport"
)

// The letters of these tests go through a mail server that is not ours into its mailboxes, and are read there by a parser that
// is not ours.

const (
	slow    = "lents.example"      // defers a sender it has not seen
	accents = "xn--exmple-cua.org" // exämple.org
)

func TestPostfix(t *testing.T) {
	python := needs(t, "python3", "apt-get install python3")
	s := sites{domains: []string{"lecteurs.example", accents, slow}, mailboxes: map[string]string{
		"lea@lecteurs.example": "lea", "zoé@lecteurs.example": "zoe", "noe@" + accents: "noe", "noé@" + accents: "noe-utf8", "tous@lecteurs.example": "tous",
	}, greylist: &greylist{patience: patience}}
	for i := range crowd {
		if !unknownReader(i) {
			s.mailboxes[reader(i)] = fmt.Sprintf("crowd/%d", i)
		}
	}
	p := startPostfix(t, s)
	t.Run("AnEditionArrivesAsItWasFrozen", func(t *testing.T) { arrivesAsFrozen(t, p, python) })
	t.Run("EveryKindOfLetterArrivesByteForByte", func(t *testing.T) { arrivesByteForByte(t, p, python) })
	t.Run("WhoIsDeferredGetsTheLetterOnce", func(t *testing.T) { arrivesOnce(t, p, s.greylist) })
}

func arrivesAsFrozen(t *testing.T, p *postfix, python string) {
	readers := []string{"lea@lecteurs.example", "lea+lettre@lecteurs.example", "zoé@lecteurs.example", "noe@exämple.org", "noé@exämple.org", "inconnue@lecteurs.example"}
	w := newTap(t, p.address())
	o := newOffice(t, w.listener.Addr().String())
	o.write("un.md", leadArticle)
	o.write("deux.md", "---\ntitle: «Le point.» vu de près\nurl: https://site.example/deux\nsection: guides\n---\n..\n")
	o.run(0, "article", "add", "un.md", "deux.md")
	o.run(0, append([]string{"subscriber", "add", "--source", "test"}, readers...)...)
	o.run(0, "dkim", "keygen", "lettre")
	o.set("[dkim]\nselector = \"lettre\"\n")
	o.run(0, "digest", "publish", "--yes")
	o.run(3, "outbox", "drain") // one is refused

	const known = 5
	p.delivered(t, known)
	arrived := p.mailbox(t, "lea")
	for _, name := range []string{"zoe", "noe", "noe-utf8"} {
		arrived = append(arrived, p.mailbox(t, name)...)
	}
	if len(arrived) != known {
		t.Fatalf("%d letters are in the mailboxes, want %d", len(arrived), known)
	}
	f, owners, sent := o.frozen(), o.owners(), byMessageID(w.letters(t))
	if len(sent) != known {
		t.Fatalf("%d letters were sent, want %d", len(sent), known)
	}
	for _, file := range arrived {
		l := unchanged(t, file, sent)
		owner := owners[o.delivery(l.returnPath)]
		t.Run(owner, func(t *testing.T) {
			if l.deliveredTo != owner {
				t.Errorf("it is in the mailbox of %s", l.deliveredTo)
			}
			checkFrozen(t, reread(t, python, file), f, l)
			checkSigned(t, o.records(), file)
		})
	}
	if said := o.run(0, "explain", "inconnue@lecteurs.example"); !strings.Contains(said, "550 5.1.1") || !strings.Contains(said, "User unknown") {
		t.Errorf("explain says of who was refused:\n%s", said)
	}
}

// leadArticle has a title that makes a subject of several encoded words, and lines that a mail server could take for something else.
const leadArticle = `---
title: "Où en est l’IA ? 🤖 Ça dépend : « beaucoup », disent-ils à l’École"
url: https://site.example/un?a=1&b=2
summary: |
  .point en tête d’une ligne assez longue pour que la suite soit coupée par l’encodage, et recoupée.
  From ici à là, une ligne que l’on change parfois en chemin.
---
Le texte.
`

// checkFrozen compares what was read of a letter with the edition.
func checkFrozen(t *testing.T, got reading, f frozen, l relayed) {
	t.Helper()
	for _, defect := range got.Defects {
		// A To beyond ASCII is as RFC 6532 §3.2 has it, which that parser does not know.
		if beyond := strings.ContainsFunc(l.deliveredTo, func(r rune) bool { return r > unicode.MaxASCII }); !beyond || !strings.HasPrefix(defect, "To: ") {
			t.Errorf("a defect: %s", defect)
		}
	}
	for name, want := range map[string]string{
		"Subject": f.subject, "Return-Path": "<" + l.returnPath + ">", "To": l.deliveredTo, "MIME-Version": "1.0", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
	} {
		if len(got.Headers[name]) != 1 || got.Headers[name][0] != want {
			t.Errorf("%s is %q, want one %q", name, got.Headers[name], want)
		}
	}
	if len(got.Parts) != 2 {
		t.Fatalf("%d parts, want text and HTML", len(got.Parts))
	}
	for i, want := range []*regexp.Regexp{f.text, f.html} {
		if !want.MatchString(got.Parts[i].Content) {
			t.Errorf("part %d is not as it was frozen:\n%s", i, got.Parts[i].Content)
		}
	}
}

// arrivesByteForByte sends each kind of letter there is, and one with lines of dots that ours never have.
func arrivesByteForByte(t *testing.T, p *postfix, python string) {
	const to = "tous@lecteurs.example"
	files, err := filepath.Glob("../../internal/letter/testdata/*.eml")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d letters, %v", len(files), err)
	}
	contents := map[string]string{"dots": dotted("\r\n.\r\n..\r\n. \r\n.x\r\n...\r\n" + strings.Repeat(".", 998) + "\r\n.\r\n")}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		contents[filepath.Base(file)] = string(content)
	}
	var queue []newsletter.Parcel
	names := slices.Sorted(maps.Keys(contents))
	for i, name := range names {
		queue = append(queue, newsletter.Parcel{
			Delivery: int64(i), Envelope: newsletter.Envelope{From: fmt.Sprintf("retours+%d@pandia.example", i), To: to}, Content: letter.Octets(contents[name]),
		})
	}
	carry(t, p, queue)
	p.delivered(t, len(queue))
	sent := map[string]string{}
	for i, name := range names {
		sent[fmt.Sprintf("retours+%d@pandia.example", i)] = contents[name]
	}
	for _, file := range p.mailbox(t, "tous") {
		path := header(file, "Return-Path")
		content, found := sent[strings.Trim(path, "<>")]
		if !found || !strings.HasSuffix(file, "\n"+unix(content)) {
			t.Errorf("the letter with the return path %s came changed, or twice:\n%s", path, file)
		}
		delete(sent, strings.Trim(path, "<>"))
		if found && content == contents["long-subject.eml"] {
			got := reread(t, python, file)
			if subject := strings.Join(got.Headers["Subject"], ""); len(got.Defects) > 0 || utf8.RuneCountInString(subject) < 400 {
				t.Errorf("the long subject is %q, with the defects %q", subject, got.Defects)
			}
		}
	}
	if len(sent) > 0 {
		t.Errorf("did not arrive: %q", slices.Collect(maps.Keys(sent)))
	}
}

func dotted(body string) string {
	return "From: lettre@pandia.example\r\nTo: tous@lecteurs.example\r\nDate: Tue, 24 Nov 2026 07:00:05 +0100\r\nMessage-ID: <dots@pandia.example>\r\nSubject: .\r\n" + body
}

// carry hands letters to the way out as the outbox does.
func carry(t *testing.T, p *postfix, queue []newsletter.Parcel) {
	t.Helper()
	out, err := transport.NewSMTP(transport.Relay{Host: "127.0.0.1", Port: p.port, Security: transport.NoTLS, HELO: "pandia.example", Pipelining: true})
	if err != nil {
		t.Fatal(err)
	}
	courier, err := out.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	next := func(context.Context) (newsletter.Parcel, bool) {
		if len(queue) == 0 {
			return newsletter.Parcel{}, false
		}
		first := queue[0]
		queue = queue[1:]
		return first, true
	}
	step := func(_ context.Context, done []newsletter.Settled, _ []newsletter.Parcel) ([]newsletter.Parcel, error) {
		for _, s := range done {
			if !s.Attempt.Reply.OK() {
				t.Errorf("letter %d: %s", s.Delivery, s.Attempt.Reply)
			}
		}
		return nil, nil
	}
	if err := courier.Carry(t.Context(), next, next, step); err != nil || t.Failed() {
		t.Fatalf("not all letters were taken: %v", err)
	}
}

const crowd = 200

func reader(i int) string { return fmt.Sprintf("lecteur%d@%s", i, slow) }

// unknownReader says which of the crowd have no mailbox.
func unknownReader(i int) bool { return i%50 == 7 }

// patience defers the first try at each third of the crowd, and the first two at each ninth.
func patience(recipient string) int {
	var i int
	if _, err := fmt.Sscanf(recipient, "lecteur%d@"+slow, &i); err != nil {
		return 0
	}
	switch {
	case i%9 == 0:
		return 2
	case i%3 == 0:
		return 1
	}
	return 0
}

// arrivesOnce has a running program send to readers of whom some are deferred and some unknown.
func arrivesOnce(t *testing.T, p *postfix, g *greylist) {
	o := newOffice(t, p.address())
	var list strings.Builder
	list.WriteString("email\n")
	deferrals, unknown := 0, 0
	for i := range crowd {
		fmt.Fprintln(&list, reader(i))
		if unknownReader(i) {
			unknown++
		} else {
			deferrals += patience(reader(i))
		}
	}
	o.write("readers.csv", list.String())
	o.write("un.md", leadArticle)
	o.run(0, "article", "add", "un.md")
	o.run(0, "subscriber", "import", "readers.csv", "--source", "test")

	stop := o.serve()
	o.run(0, "digest", "publish", "--yes")
	p.delivered(t, crowd-unknown)
	stop()

	owners, ids := o.owners(), map[string]bool{}
	for i := range crowd {
		arrived := p.mailbox(t, fmt.Sprintf("crowd/%d", i))
		if unknownReader(i) && len(arrived) == 0 {
			continue
		}
		if len(arrived) != 1 {
			t.Fatalf("%d letters in the mailbox of reader %d, want 1", len(arrived), i)
		}
		path := strings.Trim(header(arrived[0], "Return-Path"), "<>")
		if owner := owners[o.delivery(path)]; owner != reader(i) {
			t.Errorf("reader %d has the letter with the return path of %s", i, owner)
		}
		ids[header(arrived[0], "Message-ID")] = true
	}
	if len(ids) != crowd-unknown {
		t.Errorf("%d readers have letters with %d Message-IDs", crowd-unknown, len(ids))
	}
	// Each try wrote from the same address, or it would have been a stranger's again.
	if deferred, pairs := g.counts(); deferred != deferrals || deferred == 0 || pairs < crowd-unknown {
		t.Errorf("%d tries by %d pairs were deferred, want %d", deferred, pairs, deferrals)
	}
	var edition struct {
		State   string
		Letters map[string]int
	}
	o.run(0, "outbox", "drain") // where the stop came before the edition was called done
	if err := json.Unmarshal([]byte(o.run(0, "edition", "show", "1", "--json")), &edition); err != nil {
		t.Fatal(err)
	}
	if want := map[string]int{"sent": crowd - unknown, "failed": unknown}; edition.State != "done" || !maps.Equal(edition.Letters, want) {
		t.Errorf("the edition is %s with %v, want %v", edition.State, edition.Letters, want)
	}
}

// An office is a folder in which the real program runs, as processes of their own, with a relay.
type office struct {
	t   *testing.T
	dir string
}

func newOffice(t *testing.T, relay string) office {
	t.Helper()
	o := office{t, t.TempDir()}
	o.write("facteur.toml", fmt.Sprintf(`[smtp]
url = "smtp://%s?tls=none"
[sender]
return_path = "retours+{token}@pandia.example"
[retry]
first = "1s"
longest = "2s"
[web]
listen = "127.0.0.1:0"
`, relay))
	return o
}

func (o office) write(name, text string) {
	o.t.Helper()
	if err := os.WriteFile(filepath.Join(o.dir, name), []byte(text), 0o600); err != nil {
		o.t.Fatal(err)
	}
}

// set adds to the settings.
func (o office) set(text string) {
	o.t.Helper()
	before, err := os.ReadFile(filepath.Join(o.dir, "facteur.toml"))
	if err != nil {
		o.t.Fatal(err)
	}
	o.write("facteur.toml", string(before)+text)
}

// records are those of the keys that sign, by name.
func (o office) records() map[string]string {
	o.t.Helper()
	var all []struct {
		Name    string
		Strings []string
	}
	if err := json.Unmarshal([]byte(o.run(0, "dkim", "record", "--json")), &all); err != nil {
		o.t.Fatal(err)
	}
	zone := map[string]string{}
	for _, r := range all {
		zone[r.Name] = strings.Join(r.Strings, "")
	}
	return zone
}

// checkSigned wants the one signature of a letter to verify after its way.
func checkSigned(t *testing.T, zone map[string]string, letter string) {
	t.Helper()
	found, err := dkim.VerifyWithOptions(strings.NewReader(strings.ReplaceAll(letter, "\n", "\r\n")), &dkim.VerifyOptions{
		LookupTXT: func(name string) ([]string, error) { return []string{zone[name]}, nil },
	})
	if err != nil || len(found) != 1 || found[0].Err != nil {
		t.Errorf("of its signatures: %+v, %v", found, err)
	}
}

func (o office) command(args ...string) *exec.Cmd {
	cmd := exec.Command("facteur", args...)
	cmd.Dir = o.dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + o.dir}
	return cmd
}

// run runs a command that must end with an exit code, and returns what it said on both streams.
func (o office) run(want int, args ...string) string {
	o.t.Helper()
	cmd := o.command(args...)
	said, err := cmd.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		o.t.Fatal(err)
	}
	if got := cmd.ProcessState.ExitCode(); got != want {
		o.t.Fatalf("facteur %s: exit code %d, not %d\n%s", strings.Join(args, " "), got, want, said)
	}
	return string(said)
}

// serve starts the program and returns what stops it as an operator does.
func (o office) serve() (stop func()) {
	o.t.Helper()
	cmd := o.command("serve")
	said, err := cmd.StderrPipe()
	if err != nil {
		o.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { _ = cmd.Process.Kill() })
	ready, ended := make(chan struct{}, 1), make(chan string, 1)
	go func() {
		var all strings.Builder
		for lines := bufio.NewScanner(said); lines.Scan(); {
			if all.WriteString(lines.Text() + "\n"); strings.Contains(lines.Text(), "listen=") {
				ready <- struct{}{} // said once
			}
		}
		ended <- all.String()
	}()
	select {
	case <-ready:
	case all := <-ended:
		o.t.Fatalf("serve ended:\n%s", all)
	}
	return func() {
		o.t.Helper()
		err := cmd.Process.Signal(syscall.SIGTERM)
		all := <-ended
		if err := errors.Join(err, cmd.Wait()); err != nil {
			o.t.Errorf("serve: %v\n%s", err, all)
		}
	}
}

// query reads the rows of a statement with two columns.
func (o office) query(statement string, each func(rows *databasesql.Rows) error) {
	o.t.Helper()
	db, err := databasesql.Open("sqlite3", "file:"+filepath.Join(o.dir, "data", "facteur.db")+"?mode=ro&_busy_timeout=5000")
	if err != nil {
		o.t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	rows, err := db.Query(statement)
	if err != nil {
		o.t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := each(rows); err != nil {
			o.t.Fatal(err)
		}
	}
	if err := rows.Err(); err != nil {
		o.t.Fatal(err)
	}
}

// owners are the readers' addresses by the numbers of their deliveries.
func (o office) owners() map[int64]string {
	o.t.Helper()
	owners := map[int64]string{}
	o.query("SELECT d.id, s.address FROM deliveries d JOIN subscribers s ON s.id = d.subscriber_id", func(rows *databasesql.Rows) error {
		var id int64
		var address string
		err := rows.Scan(&id, &address)
		owners[id] = address
		return err
	})
	return owners
}

// delivery reads a return path with the program's keys.
func (o office) delivery(path string) int64 {
	o.t.Helper()
	file, err := os.ReadFile(filepath.Join(o.dir, "data", "keys"))
	if err != nil {
		o.t.Fatal(err)
	}
	keys, err := token.ParseKeyring(file)
	if err != nil {
		o.t.Fatal(err)
	}
	r, err := keys.ReadReturn(path)
	if err != nil {
		o.t.Fatalf("the return path %s: %v", path, err)
	}
	return r.Delivery
}

// frozen is an edition's letter, with patterns in the places that are each reader's own.
type frozen struct {
	subject    string
	text, html *regexp.Regexp
}

func (o office) frozen() (f frozen) {
	o.t.Helper()
	o.query("SELECT subject, text, html FROM variants WHERE kind = 'edition'", func(rows *databasesql.Rows) error {
		var text, html string
		err := rows.Scan(&f.subject, &text, &html)
		f.text, f.html = pattern(text), pattern(html)
		return err
	})
	return f
}

func pattern(part string) *regexp.Regexp {
	part = regexp.QuoteMeta(strings.TrimRight(unix(part), "\n"))
	for _, p := range token.Purposes() {
		part = strings.ReplaceAll(part, regexp.QuoteMeta(token.Placeholder(p)), fmt.Sprintf(`[\w-]{%d}`, token.Len))
	}
	part = regexp.MustCompile(regexp.QuoteMeta(token.DayMark)+`~*`).ReplaceAllLiteralString(part, `\d\d/\d\d/\d{4}`)
	return regexp.MustCompile(`^` + part + `\n*$`)
}

// A relayed letter is what the mail server said of it at its top.
type relayed struct{ returnPath, deliveredTo string }

var stamped = regexp.MustCompile(`^Return-Path: <(.*)>\nX-Original-To: (.*)\nDelivered-To: (.*)\nReceived: (?:.*\n[ \t])*.*\n$`)

// unchanged finds the letter in a mailbox among those sent: below what the server put at its top (RFC 5321 §4.4), it must be the
// same to the byte but for the line ends of files.
func unchanged(t *testing.T, file string, sent map[string]string) relayed {
	t.Helper()
	content, known := sent[header(file, "Message-ID")]
	top, same := strings.CutSuffix(file, unix(content))
	found := stamped.FindStringSubmatch(top)
	if !known || !same || found == nil || found[2] != found[3] {
		t.Fatalf("it was sent as\n%s\nand has arrived as\n%s", content, file)
	}
	return relayed{returnPath: found[1], deliveredTo: found[3]}
}

func unix(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }

// header is a field on one line.
func header(letter, name string) string {
	for line := range strings.Lines(letter) {
		if value, found := strings.CutPrefix(line, name+": "); found {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

func byMessageID(letters []string) map[string]string {
	all := make(map[string]string, len(letters))
	for _, l := range letters {
		all[header(l, "Message-ID")] = l
	}
	return all
}

// A reading is what another program makes of a letter.
type reading struct {
	Defects []string
	Headers map[string][]string
	Parts   []struct{ Type, Content string }
}

func reread(t *testing.T, python, letter string) (got reading) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, python, "../../internal/letter/testdata/reread.py")
	cmd.Stdin, cmd.Stderr = bytes.NewReader([]byte(letter)), os.Stderr
	said, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(said, &got); err != nil {
		t.Fatal(err)
	}
	return got
}
