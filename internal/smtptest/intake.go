package smtptest

import (
	"bytes"
	"errors"
	"hash/fnv"
	"math/rand/v2"
	"net"
	"strconv"
	"strings"
	"time"
)

// intakeSize bounds a command line; of content it is what one read takes at most.
const intakeSize = 128 << 10

const (
	intakeOffers = "250-sink.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SIZE 0\r\n250-SMTPUTF8\r\n250-CHUNKING\r\n250 ENHANCEDSTATUSCODES\r\n"
	intakeLater  = "451 4.7.1 try again later\r\n"
	intakeOK     = "250 2.0.0 OK\r\n"
)

var (
	crlf      = []byte("\r\n")
	endOfData = []byte("\r\n.\r\n")
)

// An intake is a sink's side of one connection. It is written by hand, because a server that measures others must cost less
// than they do.
type intake struct {
	sink    *Sink
	conn    net.Conn
	chance  *rand.Rand
	in      []byte // what was read is in[from:to]
	from    int
	to      int
	out     []byte // replies that were not written yet: they go together when the client waits (RFC 2920 §3.2)
	letters int    // taken on this connection

	begun      bool
	recipients []string
	head       head
	size       uint64 // of the content at hand
	chunked    bool   // BDAT has begun (RFC 3030 §2)
}

func newIntake(s *Sink, conn net.Conn, number uint64) *intake {
	return &intake{sink: s, conn: conn, chance: rand.New(rand.NewPCG(s.faults.Seed, number)), in: make([]byte, intakeSize)}
}

func (c *intake) run(full bool) {
	if full {
		c.refuse("421 4.7.0 too many connections\r\n")
		_ = c.flush()
		return
	}
	c.say("220 sink.example ESMTP\r\n")
	err := error(nil)
	for err == nil {
		var line []byte
		if line, err = c.line(); err == nil {
			err = c.obey(line)
		}
	}
	if errors.Is(err, errOver) {
		_ = c.flush()
	}
}

func (c *intake) say(reply string) { c.out = append(c.out, reply...) }

func (c *intake) refuse(reply string) {
	c.sink.refused.Add(1)
	c.say(reply)
}

func (c *intake) happens(share float64) bool { return share > 0 && c.chance.Float64() < share }

func (c *intake) flush() error {
	if len(c.out) == 0 {
		return nil
	}
	_, err := c.conn.Write(c.out)
	c.out = c.out[:0]
	return err
}

// fill reads more, once the client has all replies.
func (c *intake) fill() error {
	if err := c.flush(); err != nil {
		return err
	}
	if c.from > 0 {
		c.to = copy(c.in, c.in[c.from:c.to])
		c.from = 0
	}
	n, err := c.conn.Read(c.in[c.to:])
	c.to += n
	if n > 0 {
		return nil
	}
	return err
}

func (c *intake) ready() []byte { return c.in[c.from:c.to] }

// line returns the next line without its end; it is good until more is read.
func (c *intake) line() ([]byte, error) {
	for searched := 0; ; {
		if i := bytes.IndexByte(c.ready()[searched:], '\n'); i >= 0 {
			line := c.ready()[:searched+i+1]
			c.from += len(line)
			return line, nil
		}
		searched = len(c.ready())
		if searched == len(c.in) {
			c.refuse("500 5.5.6 the line is too long\r\n")
			return nil, errOver
		}
		if err := c.fill(); err != nil {
			return nil, err
		}
	}
}

// obey carries out one command.
func (c *intake) obey(line []byte) error {
	command, whole := bytes.CutSuffix(line, crlf)
	if !whole { // RFC 5321 §2.3.8
		c.refuse("500 5.5.2 lines end with CR LF\r\n")
		return nil
	}
	verb, rest, _ := bytes.Cut(command, []byte(" "))
	switch strings.ToUpper(string(verb)) {
	case "EHLO":
		c.clear()
		c.say(intakeOffers)
	case "HELO", "NOOP":
		c.say(intakeOK)
	case "RSET":
		c.clear()
		c.say(intakeOK)
	case "MAIL":
		return c.mail(string(rest))
	case "RCPT":
		c.rcpt(string(rest))
	case "DATA":
		return c.data()
	case "BDAT":
		return c.chunk(string(rest))
	case "QUIT":
		c.say("221 2.0.0 bye\r\n")
		return errOver
	default:
		c.refuse("500 5.5.2 unknown command\r\n")
	}
	return nil
}

func (c *intake) clear() {
	c.begun, c.chunked, c.size = false, false, 0
	c.recipients = c.recipients[:0]
	c.head.clear()
}

func (c *intake) mail(rest string) error {
	_, _, ok := path(rest, "FROM:")
	switch most := c.sink.faults.Letters; {
	case most > 0 && c.letters >= most:
		c.refuse("421 4.7.0 enough letters on this connection\r\n")
		return errOver
	case c.begun:
		c.refuse("503 5.5.1 a transaction is open\r\n")
	case !ok:
		c.refuse("501 5.5.4 syntax: MAIL FROM:<address>\r\n")
	default:
		c.begun = true
		c.say("250 2.1.0 OK\r\n")
	}
	return nil
}

func (c *intake) rcpt(rest string) {
	to, _, ok := path(rest, "TO:")
	switch f := c.sink.faults; {
	case !c.begun || c.chunked:
		c.refuse("503 5.5.1 MAIL first\r\n")
	case !ok:
		c.refuse("501 5.5.4 syntax: RCPT TO:<address>\r\n")
	case f.NoMailbox > 0 && lot(to) < f.NoMailbox:
		c.refuse("550 5.1.1 no such mailbox\r\n")
	case c.happens(f.Later):
		c.refuse(intakeLater)
	default:
		c.recipients = append(c.recipients, to)
		c.say("250 2.1.5 OK\r\n")
	}
}

// lot draws for an address a number in [0, 1), always the same.
func lot(address string) float64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(address))
	// The last bytes hardly reach the upper bits of an FNV hash; a random source that begins there spreads them.
	return rand.New(rand.NewPCG(h.Sum64(), 0)).Float64()
}

func (c *intake) data() error {
	if len(c.recipients) == 0 || c.chunked {
		c.refuse("503 5.5.1 RCPT first\r\n")
		return nil
	}
	c.say("354 go ahead\r\n")
	if c.happens(c.sink.faults.DropBefore) {
		return c.dropWithin()
	}
	c.from -= len(crlf) // the end of this line counts for a dot that comes first of all
	for {
		b := c.ready()
		end := indexEnd(b)
		if end >= 0 {
			c.swallow(b[:end+len(crlf)])
			c.from += end + len(endOfData)
			return c.finish()
		}
		part := b[:max(0, len(b)-len(endOfData)+1)]
		c.swallow(part)
		c.from += len(part)
		if err := c.fill(); err != nil {
			return err
		}
	}
}

// indexEnd finds endOfData, or returns -1. Dots are rarer than line ends, which makes this the quicker way to look.
func indexEnd(b []byte) int {
	for i := 0; ; i++ {
		dot := bytes.IndexByte(b[i:], '.')
		if dot < 0 {
			return -1
		}
		i += dot
		if start := i - len(crlf); start >= 0 && bytes.HasPrefix(b[start:], endOfData) {
			return start
		}
	}
}

// swallow takes note of content.
func (c *intake) swallow(b []byte) {
	c.size += uint64(len(b))
	c.head.read(b)
}

// dropWithin lets the first bytes of content come, and ends the connection.
func (c *intake) dropWithin() error {
	if len(c.ready()) == 0 {
		if err := c.fill(); err != nil {
			return err
		}
	}
	return c.drop()
}

var errDropped = errors.New("dropped on purpose")

func (c *intake) drop() error {
	c.sink.dropped.Add(1)
	return errDropped
}

// chunk takes "SIZE" or "SIZE LAST" and the bytes that follow, which are read in any case (RFC 3030 §2).
func (c *intake) chunk(rest string) error {
	number, last, _ := strings.Cut(rest, " ")
	size, err := strconv.ParseUint(number, 10, 63)
	if err != nil || (last != "" && !strings.EqualFold(last, "LAST")) {
		c.refuse("501 5.5.4 syntax: BDAT size [LAST]\r\n")
		return errOver // what follows may be content
	}
	taken := len(c.recipients) > 0
	if !c.chunked {
		c.head.read(crlf)
	}
	c.chunked = true
	if err := c.chunkBytes(size, taken); err != nil {
		return err
	}
	switch {
	case !taken:
		c.clear()
		c.refuse("503 5.5.1 RCPT first\r\n")
	case last == "":
		c.say(intakeOK)
	default:
		return c.finish()
	}
	return nil
}

func (c *intake) chunkBytes(size uint64, taken bool) error {
	if taken && c.happens(c.sink.faults.DropBefore) {
		return c.dropWithin()
	}
	for size > 0 {
		b := c.ready()
		b = b[:min(uint64(len(b)), size)]
		c.swallow(b)
		c.from += len(b)
		size -= uint64(len(b))
		if size > 0 {
			if err := c.fill(); err != nil {
				return err
			}
		}
	}
	return nil
}

// finish answers the end of a letter.
func (c *intake) finish() error {
	f := c.sink.faults
	if f.DotDelay > 0 {
		time.Sleep(f.DotDelay)
	}
	if c.happens(f.LaterDot) {
		c.clear()
		c.refuse(intakeLater)
		return nil
	}
	c.letters++
	c.sink.count(c.recipients, c.sink.tally.hash(c.head.messageID()), c.size)
	c.clear()
	if c.happens(f.DropAfter) {
		return c.drop()
	}
	c.say(intakeOK)
	return nil
}
