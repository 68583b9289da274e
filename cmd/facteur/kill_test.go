package main

import (
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/smtptest"
)

var (
	killTimes   = flag.Int("kills", 3, "how often TestKills kills the program")
	killReaders = flag.Int("kills.readers", 300, "how many readers its edition has")
	killSeed    = flag.Uint64("kills.seed", 0, "of the instants and of who leaves; 0: another each time")
	killTable   = flag.Bool("kills.table", false, "print what came of it as a table in Markdown")
)

// The real program sends an edition, is killed with SIGKILL at random instants, and is started again, by either command that
// sends. Nobody is forgotten; a letter comes twice only where it was on the wire at a kill, and is then the same one, and
// never under hold; the ledger says of everybody what the server says; and who leaves in the middle of it gets nothing.
func TestKills(t *testing.T) {
	seed := *killSeed
	if seed == 0 {
		seed = rand.Uint64()
	}
	t.Logf("again, but for the speed of the machine: -kills %d -kills.readers %d -kills.seed %d", *killTimes, *killReaders, seed)
	for _, policy := range []newsletter.UnknownPolicy{newsletter.UnknownResend, newsletter.UnknownHold} {
		t.Run(string(policy), func(t *testing.T) {
			if !*killTable { // what is shown was measured alone
				t.Parallel()
			}
			h := &hunt{
				t: t, world: newWorld(t, policy, connections, smtptest.Faults{Delay: answer}), policy: policy, rand: rand.New(rand.NewPCG(seed, 0)),
				onWire: map[string]int{}, last: map[string]*bag{}, left: map[string]bool{},
			}
			h.publish()
			for left := *killTimes; left > 0 && h.kill(left); left-- {
				h.leave(false)()
			}
			h.finish()
			h.judge()
			if *killTable {
				h.print(os.Stdout)
			}
		})
	}
}

// A hunt is one edition, and the kills of the programs that send it.
type hunt struct {
	t      *testing.T
	world  *world
	policy newsletter.UnknownPolicy
	rand   *rand.Rand
	start  time.Duration // how long the program takes for the least

	bags   [2][3]bag
	onWire map[string]int  // by reader: at how many kills the letter was on the wire
	last   map[string]*bag // by reader: that of the last of these kills
	left   map[string]bool // who left; true: before their letter was marked
	rest   bag             // what is no kill's doing
}

// A bag is what came of the kills of one command in one phase.
type bag struct {
	kills   int
	letters int // taken by the server in the lives that ended so
	onWire  int // of them, whose outcome the kill took away: they may come twice
	twice   int // copies after the first
	waits   int // letters that wait for the operator at the end
	lost    int
}

// Who can be killed.
const (
	byDrain = iota
	byServe
)

// The phases that a kill can fall into.
const (
	starting = iota // no letter was taken in this life
	queueing        // rows are still being made
	sending
)

func (h *hunt) publish() {
	h.world.enrol(*killReaders)
	h.world.must("article", "add", "un.md")
	h.world.must("digest", "publish", "--yes")
	begun := time.Now()
	h.world.must("outbox", "status")
	h.start = time.Since(begun)
}

// kill starts the program, and kills it within its start or some letters later. left is how many kills are to come, this
// one included: the letters are shared out among them. It returns false when no letters are left for that.
func (h *hunt) kill(left int) bool {
	// Letters of those who left are due and do not come; one more may leave meanwhile.
	before := h.world.ledger()
	due := before.open() - len(h.left) - 1
	if due < 1 {
		return false
	}
	command, args := byDrain, []string{"outbox", "drain"}
	if h.rand.IntN(3) == 0 {
		command, args = byServe, []string{"serve"}
	}
	taken := h.world.sink.Letters()
	share := 1 + h.rand.IntN(max(1, min(due, 2*due/(left+1))))
	life := h.world.begin(args...)
	if done := *killTimes - left; done < 1+*killTimes/20 || h.rand.IntN(8) == 0 {
		life.await(taken+share, time.After(time.Duration(h.rand.Int64N(int64(h.start)))))
	} else {
		life.await(taken+(1+share)/2, nil)
		if h.rand.IntN(4) == 0 {
			defer h.leave(true)()
		}
		life.await(taken+share, nil)
	}
	life.spin(time.Duration(h.rand.Int64N(int64(2 * time.Millisecond))))
	if life.kill() {
		h.count(command, before, h.world.sink.Letters()-taken)
	}
	return true
}

// count notes what a kill left behind. What an earlier one left, and this start was too short to settle, is not its doing.
func (h *hunt) count(command int, before ledger, letters int) {
	after := h.world.ledger()
	if n := len(after.attempting); n > connections {
		h.t.Errorf("%d letters were on the wire of %d connections", n, connections)
	}
	phase := sending
	switch {
	case letters == 0:
		phase = starting
	case after.state == "queueing":
		phase = queueing
	}
	b := &h.bags[command][phase]
	b.kills++
	b.letters += letters
	for address, settled := range after.attempting {
		if was, old := before.attempting[address]; old && was == settled {
			continue
		}
		b.onWire++
		h.onWire[address]++
		h.last[address] = b
	}
}

// leave makes somebody leave whose letter waits: while the program runs, one of the last in line; else anyone. The act has
// come to its end when the function has that it returns.
func (h *hunt) leave(running bool) (wait func()) {
	waiting := h.world.waiting(running)
	if len(waiting) == 0 {
		return func() {}
	}
	address := waiting[h.rand.IntN(len(waiting))]
	act := h.world.begin("subscriber", "unsubscribe", address)
	return func() {
		<-act.ended
		act.check(0)
		switch state := h.world.state(address); state {
		case "", "queued", "cancelled":
			h.left[address] = true
		default:
			if !running {
				h.t.Errorf("%s left while nothing was sent, and the letter is %s", address, state)
			}
			h.left[address] = false
		}
	}
}

// finish sends the rest, as an operator does: what is unknown for the second time waits for a word. Under hold it is not given.
func (h *hunt) finish() {
	h.world.drain()
	for range 5 {
		unknown := h.world.unknown()
		if len(unknown) == 0 || h.policy == newsletter.UnknownHold {
			return
		}
		for _, address := range unknown {
			h.world.must("resend", "1", "--to", address, "--yes")
		}
		h.world.drain()
	}
	h.t.Error("letters stay unknown that nothing happens to")
}

// judge compares what the server has, what the ledger says and what was promised.
func (h *hunt) judge() {
	l := h.world.ledger()
	if l.state != "done" || l.open() > 0 || len(l.attempting) > 0 {
		h.t.Errorf("at the end the edition is %s, with %v", l.state, l.letters)
	}
	if h.all().kills == 0 {
		h.t.Error("nothing was killed: the machine sends faster than this test asks; give it more -kills.readers")
	}
	readers := h.world.states()
	if len(readers) != *killReaders {
		h.t.Errorf("the ledger knows %d of %d readers", len(readers), *killReaders)
	}
	for address, state := range readers {
		h.judgeOne(address, state)
	}
	for address, untouched := range h.left {
		if c := h.world.sink.Copies(address); untouched && c.Number > 0 {
			h.t.Errorf("%s left before the letter was marked, and got %d copies", address, c.Number)
		}
	}
}

func (h *hunt) judgeOne(address, state string) {
	c := h.world.sink.Copies(address)
	_, left := h.left[address]
	kills := h.onWire[address]
	b := &h.rest
	if kills > 0 {
		b = h.last[address]
	}
	switch {
	case state == "unknown" && h.policy == newsletter.UnknownHold && kills > 0:
		b.waits++
	case left && kills > 0: // the copy of a kill may have arrived, and the letter be cancelled
	case c.Number == 0 && !left:
		b.lost++
		h.t.Errorf("%s got nothing; the ledger says %q", address, state)
	case (state == "sent") != (c.Number > 0):
		h.t.Errorf("%s got %d copies; the ledger says %q", address, c.Number, state)
	}
	most := 1 + kills
	if h.policy == newsletter.UnknownHold {
		most = 1
	}
	if c.Number > most {
		h.t.Errorf("%s got %d copies, and was on the wire of %d kills", address, c.Number, kills)
	}
	if c.Strange > 0 {
		h.t.Errorf("%s got copies with different Message-IDs", address)
	}
	b.twice += max(0, c.Number-1)
}

// print writes the table at once, so that nothing comes in between.
func (h *hunt) print(w io.Writer) {
	var table strings.Builder
	line := func(what string, b bag) {
		fmt.Fprintf(&table, "| %s | %d | %d | %d | %d | %d | %d |\n", what, b.kills, b.letters, b.onWire, b.twice, b.waits, b.lost)
	}
	fmt.Fprintf(&table, "\n| Killed, under `retry.unknown = %q` | Kills | Letters until then | On the wire | Seen twice | Left unknown | Lost |\n", h.policy)
	table.WriteString("| --- | --- | --- | --- | --- | --- | --- |\n")
	for i, command := range []string{byDrain: "outbox drain", byServe: "serve"} {
		for phase, when := range []string{starting: "before its first letter was taken", queueing: "while rows were made", sending: "sending"} {
			if b := h.bags[i][phase]; b.kills > 0 {
				line(fmt.Sprintf("`%s`, %s", command, when), b)
			}
		}
	}
	line(fmt.Sprintf("all, %d readers", *killReaders), h.all())
	_, _ = fmt.Fprintln(w, table.String())
}

func (h *hunt) all() bag {
	all := h.rest
	for _, phases := range h.bags {
		for _, b := range phases {
			all.kills, all.letters, all.onWire = all.kills+b.kills, all.letters+b.letters, all.onWire+b.onWire
			all.twice, all.waits, all.lost = all.twice+b.twice, all.waits+b.waits, all.lost+b.lost
		}
	}
	return all
}
