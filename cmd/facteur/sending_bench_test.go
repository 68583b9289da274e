package main

import (
	"bytes"
	"cmp"
	"crypto/tls"
	"encoding/pem"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/smtptest"
)

var (
	rounds   = flag.Int("rounds", 0, "how often BenchmarkSending measures each sender, in turn; 0: not at all")
	many     = flag.Int("rounds.letters", 20_000, "how many letters each of them sends in a round")
	large    = flag.Int("rounds.large", 0, "how many readers one large edition besides has; 0: there is none")
	profile  = flag.String("rounds.profile", "", "a file for the processor's profile of the last of them")
	only     = flag.String("rounds.only", "", "a regular expression: whose names it matches are measured alone; empty: all")
	document = flag.String("rounds.document", "", "a document in which the table takes the place of the one before")
)

// BenchmarkSending compares the program with Postfix's smtp-source, which mail people take for the limit, as a sender of the same letters
// to the same server. All take turns, so that a slow minute of the machine is slow for all. It prints a table in Markdown. What
// it finds depends on the machine, so it says nothing of right and wrong.
func BenchmarkSending(b *testing.B) {
	if *rounds == 0 {
		b.Skip("measures for minutes; make bench asks for it")
	}
	source, err := exec.LookPath("smtp-source")
	if err != nil {
		b.Fatal("smtp-source is what is compared with; it comes with Debian's postfix: apt-get install postfix")
	}
	letter := letterOnDisk(b)
	senders := []*sender{
		{name: "`smtp-source`, 8 sessions, kept", send: func(t testing.TB, n int) outcome { return bySource(t, source, letter, n) }},
		{name: "8 connections", send: setting{wide: 8}.send},
		{name: "16 connections", send: setting{wide: 16}.send},
		{name: "32 connections", send: setting{wide: 32}.send},
		{name: "16, over TLS", send: setting{wide: 16, secure: true}.send},
		{name: "16, a disk that confirms in 5 ms", send: setting{wide: 16, disk: 5 * time.Millisecond}.send},
		{name: "10, a server 20 ms away", send: setting{wide: 10, far: 20 * time.Millisecond}.send, letters: min(*many, 2000)},
		{name: "10, a server 20 ms away, with CHUNKING and a window of 4", send: setting{wide: 10, far: 20 * time.Millisecond, window: 4}.send, letters: min(*many, 2000)},
		{name: "16, and 50 people a second who ask for the form and sign up", send: setting{wide: 16, pages: true}.send},
		{name: "16, to 1,000 readers", send: setting{wide: 16}.send, letters: 1000},
	}
	if *only != "" {
		of := regexp.MustCompile(*only)
		senders = slices.DeleteFunc(senders, func(s *sender) bool { return !of.MatchString(s.name) })
	}
	for range *rounds {
		for _, s := range senders {
			s.outcomes = append(s.outcomes, s.send(b, cmp.Or(s.letters, *many)))
		}
	}
	if *large > 0 {
		s := &sender{name: fmt.Sprintf("16, to %d readers, once", *large), letters: *large, send: setting{wide: 16}.send}
		s.outcomes = append(s.outcomes, s.send(b, *large))
		senders = append(senders, s)
	}
	size, err := os.Stat(letter)
	if err != nil {
		b.Fatal(err)
	}
	found := fmt.Sprintf("%s, %s: %d rounds of %d letters of %d KB.\n\n%s",
		time.Now().Format("2 January 2006"), machine(b), *rounds, *many, (size.Size()+500)/1000, table(senders))
	fmt.Println("\n" + found) // the log of a benchmark is cut
	if *document != "" {
		replace(b, *document, found)
	}
}

const tableBegins, tableEnds = "<!-- what make bench found -->\n", "<!-- so far -->\n"

// replace puts what was found into a document.
func replace(t testing.TB, path, found string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, begins := strings.Cut(string(text), tableBegins)
	_, after, ends := strings.Cut(rest, tableEnds)
	if !begins || !ends {
		t.Fatalf("%s has no place for it, between %q and %q", path, tableBegins, tableEnds)
	}
	if err := os.WriteFile(path, []byte(before+tableBegins+"\n"+found+"\n"+tableEnds+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

// A sender is who is measured, and how it did.
type sender struct {
	name     string
	send     func(testing.TB, int) outcome
	letters  int // in a round; 0: as many as the others
	outcomes []outcome
}

// An outcome is one round of a sender.
type outcome struct {
	rate float64 // letters/s, from the first to the last
	cpu  float64 // microseconds of processor for each letter, the system's share included
	most float64 // memory in millions of bytes
	page float64 // milliseconds within which 99 of 100 pages were there
	idle float64 // the same before the first letter
}

// bySource has smtp-source send the letter to n people.
func bySource(t testing.TB, program, letter string, n int) outcome {
	t.Helper()
	w := &world{t: t, dir: t.TempDir(), program: program, sink: smtptest.NewSink(smtptest.Faults{})}
	l := w.begin("-4", "-d", "-f", "lettre@site.example", "-t", "lea@lecteurs.example", "-F", letter, "-m", strconv.Itoa(n), "-s", "8", w.listen(nil).String())
	<-l.ended
	l.check(0)
	return w.run(l, n, 0)
}

// A setting is how the program is to send.
type setting struct {
	wide   int           // connections
	window int           // letters of each on the wire; 0: one
	far    time.Duration // a round trip to the server
	disk   time.Duration // what a commit waits for; 0: the machine's own
	secure bool
	pages  bool // people sign up meanwhile
}

// send has the server send an edition to n readers. What its start takes is not counted, and all else is: the rows of the readers,
// the letters, and the ledger.
func (s setting) send(t testing.TB, n int) outcome {
	t.Helper()
	w := newWorld(t, newsletter.UnknownResend, s.wide, smtptest.Faults{Delay: s.far})
	w.measured()
	relay := fmt.Sprintf("smtp://%s?tls=none", w.listen(nil))
	if s.secure {
		relay = "smtps://" + w.encrypted()
	}
	if s.disk > 0 {
		w.slow(s.disk)
	}
	address := free(t)
	w.write("facteur.toml", fmt.Sprintf(edition, relay, s.wide, max(1, s.window), address))
	w.must(append([]string{"article", "add"}, w.articles()...)...)
	w.enrol(n)
	if *profile != "" {
		w.env = append(w.env, "CPU_PROFILE="+*profile)
	}
	server := w.serve()
	w.env = slices.DeleteFunc(w.env, func(v string) bool { return strings.HasPrefix(v, "CPU_PROFILE=") })
	visitors, idle := &visitors{t: t, page: "http://" + address + "/inscription"}, []time.Duration(nil)
	if s.pages {
		server.rested()
		idle = visitors.come(after(2 * filling))
	}
	before := server.rested()
	w.must("digest", "publish", "--yes")
	var pages []time.Duration
	if s.pages {
		pages = visitors.come(w.sink.Reached(n))
	}
	server.await(n, time.After(hangAfter))
	most := server.most()
	if err := server.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	<-server.ended
	server.check(0)
	r := w.run(server, n, before)
	r.most, r.page, r.idle = most, within(99, pages), within(99, idle)
	return r
}

// free is an address on which nobody listens.
func free(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// after is a channel that is closed after a while.
func after(d time.Duration) <-chan struct{} {
	over := make(chan struct{})
	time.AfterFunc(d, func() { close(over) })
	return over
}

// filling is how long people take to fill in a form; one that is back much sooner is asked for once more.
const filling = 5 * time.Second

// visitors ask for the form, and send it in time.
type visitors struct {
	t     testing.TB
	page  string
	forms []form
	came  int
}

type form struct {
	at     time.Time
	fields url.Values
}

// come has one of them ask for the form 50 times a second until it is over, and one sign up who asked for it long enough before. It says how long each
// answer took.
func (v *visitors) come(over <-chan struct{}) (took []time.Duration) {
	v.t.Helper()
	turn := time.NewTicker(20 * time.Millisecond)
	defer turn.Stop()
	for {
		select {
		case <-over:
			return took
		case <-v.t.Context().Done():
			return took
		case <-turn.C:
		}
		began := time.Now()
		page := v.read(http.Get(v.page))
		took = append(took, time.Since(began))
		v.came++
		v.forms = append(v.forms, form{began, url.Values{
			"email": {fmt.Sprintf("%d@lecteurs.example", v.came)}, "stamp": {hidden(page, "stamp")}, "wording": {hidden(page, "wording")}, "solution": {""}, "website": {""},
		}})
		if first := v.forms[0]; time.Since(first.at) > filling {
			v.forms = v.forms[1:]
			began = time.Now()
			answer := v.read(http.PostForm(v.page, first.fields))
			took = append(took, time.Since(began))
			if hidden(answer, "stamp") != "" {
				v.t.Fatalf("the form came back:\n%s", answer)
			}
		}
	}
}

func (v *visitors) read(answer *http.Response, err error) (page string) {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
	text, err := io.ReadAll(answer.Body)
	if err = errors.Join(err, answer.Body.Close()); err != nil || answer.StatusCode != http.StatusOK {
		v.t.Fatal(answer.Status, err)
	}
	return string(text)
}

// hidden is the value of a field of a page's form; empty: there is none.
func hidden(page, name string) string {
	_, rest, _ := strings.Cut(page, `name="`+name+`" value="`)
	value, _, _ := strings.Cut(rest, `"`)
	return value
}

// within is how long the slowest of so many of 100 took, in milliseconds; 0: there is none.
func within(share int, took []time.Duration) float64 {
	if len(took) == 0 {
		return 0
	}
	slices.Sort(took)
	return milliseconds(took[(len(took)-1)*share/100])
}

// edition is the settings of a newsletter whose letters have some 45 KB.
const edition = `
smtp  = { url = %q, connections = %d, window = %d }
web   = { listen = %q }
[collect]
check_links = false
[signup] # limits that do not bind, and no letter about it: those of the edition are counted
per_client = 1000000
per_network = 1000000
per_hour = 1000000
hold = "always"
attack_factor = 1000000
check_domains = false
[send]
per_second = 1000000
per_hour = 1000000000
[newsletters.hebdo]
schedule = "0 7 29 2 *" # no slot comes in between
sections = [{ name = "actualites", title = "Actualités", quota = 20 }]
`

// articles writes as many articles as an edition has.
func (w *world) articles() (files []string) {
	w.t.Helper()
	summary := strings.Repeat("L’été approche\u202f; la rédaction a relu, vérifié et comparé ce que les modèles savent faire. ", 4)
	for i := range 20 {
		files = append(files, fmt.Sprintf("%d.md", i))
		w.write(files[i], fmt.Sprintf("---\ntitle: Ce que l’IA change au métier de traducteur, volet %d\nurl: https://site.example/%d\nsection: actualites\nsummary: %s\n---\n", i, i, summary))
	}
	return files
}

// letterOnDisk is a letter of that edition as smtp-source reads it: lines that end with LF, no dot doubled.
func letterOnDisk(t testing.TB) string {
	t.Helper()
	w := newWorld(t, newsletter.UnknownResend, 1, smtptest.Faults{})
	w.measured()
	w.write("facteur.toml", fmt.Sprintf(edition, "", 1, 1, "127.0.0.1:0"))
	w.must(append([]string{"article", "add"}, w.articles()...)...)
	w.enrol(1)
	w.must("digest", "publish", "--yes")
	w.drain()
	found, err := filepath.Glob(filepath.Join(w.dir, "data", "outbox", "*.eml"))
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	letter, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	w.write("letter", string(bytes.ReplaceAll(letter, []byte("\r\n"), []byte("\n"))))
	return filepath.Join(w.dir, "letter")
}

// slow has the disk take longer for each confirmation (fsync(2), fdatasync(2)).
func (w *world) slow(by time.Duration) {
	w.t.Helper()
	shim := filepath.Join(w.dir, "slowdisk.so")
	if out, err := exec.CommandContext(w.t.Context(), "cc", "-shared", "-fPIC", "-o", shim, filepath.Join("testdata", "slowdisk.c"), "-ldl").CombinedOutput(); err != nil {
		w.t.Fatalf("%v\n%s", err, out)
	}
	w.env = append(w.env, "LD_PRELOAD="+shim, fmt.Sprintf("SLOW_DISK_US=%d", by.Microseconds()))
}

// encrypted serves the sink over TLS, and has the program trust it.
func (w *world) encrypted() string {
	w.t.Helper()
	certificate, _, err := smtptest.NewCertificate()
	if err != nil {
		w.t.Fatal(err)
	}
	w.write("roots.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Certificate[0]})))
	w.env = append(w.env, "SSL_CERT_FILE="+filepath.Join(w.dir, "roots.pem"))
	return w.listen(&tls.Config{Certificates: []tls.Certificate{certificate}}).String()
}

// run says what came of a program that has ended, which had used so much of the processor before its first letter.
func (w *world) run(l *life, n int, before time.Duration) outcome {
	w.t.Helper()
	r := w.sink.Report()
	if r.Letters != n {
		w.t.Fatalf("%d letters arrived of %d", r.Letters, n)
	}
	used := l.cmd.ProcessState.UserTime() + l.cmd.ProcessState.SystemTime() - before
	return outcome{rate: float64(n-1) / r.Took.Seconds(), cpu: float64(used.Microseconds()) / float64(n)}
}

// used is how much of the processor a program has used so far, to a hundredth of a second.
func (l *life) used() time.Duration {
	l.t.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", l.cmd.Process.Pid))
	if err != nil {
		l.t.Fatal(err)
	}
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:])) // proc_pid_stat(5): from the third on
	var ticks int
	for _, field := range fields[11:13] { // utime, stime
		n, err := strconv.Atoi(field)
		if err != nil {
			l.t.Fatal(err)
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}

// rested waits until a program that has started has nothing left to do: it looks at all its letters besides. It says how much of the processor
// that took.
func (l *life) rested() time.Duration {
	l.t.Helper()
	for used := l.used(); ; {
		select {
		case <-l.t.Context().Done():
			l.t.Fatal("it does not come to rest")
		case <-time.After(300 * time.Millisecond):
		}
		now := l.used()
		if now == used {
			return now
		}
		used = now
	}
}

// table puts all in Markdown. A ratio is that of one round; what stands there is the median of all, with the least and the most.
func table(senders []*sender) string {
	var b strings.Builder
	b.WriteString("| Sender | letters/s | of `smtp-source` | µs of CPU a letter | most memory | 99 of 100 answers within |\n| --- | --- | --- | --- | --- | --- |\n")
	for _, s := range senders {
		memory := "–"
		if m := spread(s.outcomes, func(_ int, r outcome) float64 { return r.most }); m.middle > 0 {
			memory = fmt.Sprintf("%.0f MB", m.middle)
		}
		of := "–" // where it did not take its turn with the others
		if len(s.outcomes) == len(senders[0].outcomes) && s.letters == 0 {
			r := spread(s.outcomes, func(i int, r outcome) float64 { return r.rate / senders[0].outcomes[i].rate })
			of = fmt.Sprintf("%.2f (%.2f to %.2f)", r.middle, r.least, r.most)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", s.name, spread(s.outcomes, func(_ int, r outcome) float64 { return r.rate }), of,
			spread(s.outcomes, func(_ int, r outcome) float64 { return r.cpu }), memory, s.pages())
	}
	return b.String()
}

// pages is the median of how long answers to people took.
func (s *sender) pages() string {
	if took := spread(s.outcomes, func(_ int, r outcome) float64 { return r.page }); took.middle > 0 {
		idle := spread(s.outcomes, func(_ int, r outcome) float64 { return r.idle })
		return fmt.Sprintf("%.0f ms; %.0f ms before the first letter", took.middle, idle.middle)
	}
	return "–"
}

type spreading struct{ least, middle, most float64 }

func spread(runs []outcome, of func(int, outcome) float64) spreading {
	values := make([]float64, len(runs))
	for i, r := range runs {
		values[i] = of(i, r)
	}
	slices.Sort(values)
	return spreading{values[0], (values[(len(values)-1)/2] + values[len(values)/2]) / 2, values[len(values)-1]}
}

func (s spreading) String() string {
	return fmt.Sprintf("%s (%s to %s)", figure(s.middle), figure(s.least), figure(s.most))
}

// figure is a number with two digits or three that say something.
func figure(x float64) string {
	if x >= 1000 {
		return fmt.Sprintf("%.0f", math.Round(x/10)*10)
	}
	return fmt.Sprintf("%.0f", x)
}

// machine names what all of it ran on.
func machine(t testing.TB) string {
	t.Helper()
	model := runtime.GOARCH
	if info, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(info)) {
			if name, value, _ := strings.Cut(line, ":"); strings.TrimSpace(name) == "model name" {
				model = strings.TrimSpace(value)
				break
			}
		}
	}
	load, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%s, %d cores, %s, load %s when all was done", model, runtime.NumCPU(), runtime.Version(), cmp.Or(strings.Fields(string(load))[0], "?"))
}
