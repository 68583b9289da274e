package letter

import (
	"bytes"
	"errors"
	"fmt"
	netmail "net/mail"
	"strings"
	"time"

	"facteur/internal/token"
)

// The values of a copy: those of every letter, and after them the tokens that it needs.
const (
	valueTo = iota
	valueMessageID
	valueDate
	valueDay // of the consent
	valueTokens
)

// A piece of a message is constant, or stands for a value or a part of it: where the encoding breaks lines, it breaks them
// within values, too.
type piece struct {
	constant []byte
	stuffed  []byte // the same as it goes on the wire
	value    int    // where there is nothing constant
	from, to int    // octets of it; to 0: all
}

// An origin says of an octet of a message which value it comes from.
type origin struct {
	own   bool
	value int
	place int // in the value; whole: it is one of all that the value has
}

const whole = -1

// compile composes the letter and finds the octets that are a reader's own: those that change when it is composed for
// somebody who differs there. So a copy is what go-mail would compose, and costs no more than putting pieces together.
func (l *Letter) compile() error {
	sample := l.sampleReader()
	message, err := l.sample(sample)
	if err != nil {
		return err
	}
	origins := make([]origin, len(message))
	for value, name := range []string{valueTo: "To", valueMessageID: "Message-ID", valueDate: "Date"} {
		if err := ownField(origins, message, name, value); err != nil {
			return err
		}
	}
	if isEdition(l.variant.Kind) {
		another := sample
		another.Consent = otherDay
		if err := l.ownOctets(origins, message, sample, another, valueDay); err != nil {
			return err
		}
	}
	for i, p := range l.needs {
		another := l.sampleReader()
		another.Tokens[p] = strings.Repeat("~", token.Len)
		if err := l.ownOctets(origins, message, sample, another, valueTokens+i); err != nil {
			return err
		}
	}
	message, origins = guarded(message, origins)
	l.pieces = pieces(message, origins)
	if l.seal, err = newSeal(l.frame.Keys, message, origins); err != nil {
		return err
	}
	return l.stuff()
}

// Days that differ in every octet in which two days can, written in whatever language.
var (
	sampleDay = time.Date(1111, time.November, 11, 12, 0, 0, 0, time.UTC)
	otherDay  = time.Date(2222, time.February, 22, 12, 0, 0, 0, time.UTC)
)

// sampleReader is somebody for whom a letter can be composed before its first reader is known.
func (l *Letter) sampleReader() Reader {
	r := Reader{Address: "reader@example.org", MessageID: "sample@example.org", Date: sampleDay, Consent: sampleDay, Tokens: map[token.Purpose]string{}}
	for _, p := range l.needs {
		r.Tokens[p] = token.Placeholder(p)
	}
	return r
}

func (l *Letter) sample(r Reader) ([]byte, error) {
	return compose(l.message(&netmail.Address{Address: r.Address}, r))
}

// values are what is a reader's own, as it stands in a message.
func (l *Letter) values(r Reader) []string {
	to := netmail.Address{Address: r.Address}
	values := append(make([]string, 0, valueTokens+len(l.needs)),
		to.String(), "<"+r.MessageID+">", l.zoned(r.Date).Format(time.RFC1123Z), l.day(r))
	for _, p := range l.needs {
		values = append(values, r.Tokens[p])
	}
	return values
}

// of is what stands for the piece where it is not constant.
func (p piece) of(values []string) string {
	value := values[p.value]
	if p.to == 0 {
		return value
	}
	return value[p.from:p.to]
}

// spell appends pieces with the values of a copy in their places.
func spell(dst []byte, pieces []piece, values []string) []byte {
	for _, p := range pieces {
		if dst = append(dst, p.constant...); p.constant == nil {
			dst = append(dst, p.of(values)...)
		}
	}
	return dst
}

// A copied letter is the message of one reader.
type copied struct {
	letter     *Letter
	signatures string // the fields above all others; a line of them never begins with a dot
	values     []string
}

// Len implements [newsletter.Message].
func (c copied) Len() int {
	n := len(c.signatures)
	for _, p := range c.letter.pieces {
		if n += len(p.constant); p.constant == nil {
			n += len(p.of(c.values))
		}
	}
	return n
}

// Append implements [newsletter.Message].
func (c copied) Append(dst []byte) []byte {
	return spell(append(dst, c.signatures...), c.letter.pieces, c.values)
}

// commonLeast is how many octets a piece has at least that is not copied for each letter: a system call takes its time for each piece.
const commonLeast = 512

// AppendStuffed implements [newsletter.Message]. What there is to double is known from the pieces.
func (c copied) AppendStuffed(pieces [][]byte, room []byte) ([][]byte, []byte, error) {
	from := len(room)
	room = append(room, c.signatures...)
	for _, p := range c.letter.pieces {
		switch {
		case p.constant == nil:
			room = append(room, p.of(c.values)...)
		case len(p.stuffed) < commonLeast:
			room = append(room, p.stuffed...)
		default:
			pieces = append(pieces, room[from:], p.stuffed)
			from = len(room)
		}
	}
	room = append(room, '.', '\r', '\n')
	return append(pieces, room[from:]), room, nil
}

// stuff makes the constant pieces ready for the wire. No value has a line end or a dot with which a line could begin: a line of the
// body begins with a token or a day, if with a value at all.
func (l *Letter) stuff() error {
	last := byte('\n')
	for i, p := range l.pieces {
		if p.constant == nil {
			last = 0
			continue
		}
		for _, octet := range p.constant {
			if octet == '.' && last == '\n' {
				l.pieces[i].stuffed = append(l.pieces[i].stuffed, '.')
			}
			l.pieces[i].stuffed = append(l.pieces[i].stuffed, octet)
			last = octet
		}
	}
	sample := copied{letter: l, values: l.values(l.sampleReader())}
	if _, _, err := Octets(sample.Append(nil)).AppendStuffed(nil, nil); err != nil || last != '\n' {
		return errors.Join(errors.New("compose: the message is not in lines that end with CRLF"), err)
	}
	return nil
}

// ownField makes all that a field of the header says a reader's own.
func ownField(origins []origin, message []byte, name string, value int) error {
	at := 0
	for line := range bytes.Lines(message) {
		if bytes.HasPrefix(line, []byte(name+": ")) {
			for i := len(name + ": "); i < len(line)-len("\r\n"); i++ {
				origins[at+i] = origin{true, value, whole}
			}
			return nil
		}
		if len(line) == len("\r\n") {
			break
		}
		at += len(line)
	}
	return fmt.Errorf("compose: the header has no %s", name)
}

// ownOctets makes a reader's own what differs between the messages of two who differ in one value.
func (l *Letter) ownOctets(origins []origin, message []byte, one, another Reader, value int) error {
	changed, err := l.sample(another)
	if err != nil {
		return err
	}
	var places []int // in the value, where the two differ
	with, without := l.values(one)[value], l.values(another)[value]
	for i := range with {
		if with[i] != without[i] {
			places = append(places, i)
		}
	}
	found := 0
	for i := range min(len(message), len(changed)) {
		if message[i] != changed[i] {
			origins[i] = origin{true, value, places[found%len(places)]}
			found++
		}
	}
	if len(message) != len(changed) || found == 0 || found%len(places) != 0 {
		return errors.New("compose: what is a reader's own changes more than itself")
	}
	return nil
}

// guarded breaks a line whose beginning a value could make "From " behind it, as appendGuarded does for what is constant.
func guarded(message []byte, origins []origin) ([]byte, []origin) {
	safe, from := make([]byte, 0, len(message)), make([]origin, 0, len(message))
	column, own := 0, false // on the line, and whether some of it is a reader's
	for i, octet := range message {
		o := origins[i]
		if column == len("From") && own && octet == ' ' && !o.own {
			safe, from = append(safe, "=\r\n"...), append(from, make([]origin, len("=\r\n"))...)
		}
		safe, from = append(safe, octet), append(from, o)
		own = own || o.own
		if column++; octet == '\n' {
			column, own = 0, false
		}
	}
	return safe, from
}

// pieces puts neighbours of the same origin together.
func pieces(message []byte, origins []origin) []piece {
	var all []piece
	for i, octet := range message {
		if o := origins[i]; o.own {
			all = appendOwn(all, o)
		} else {
			all = appendConstant(all, octet)
		}
	}
	return all
}

func appendConstant(all []piece, octet byte) []piece {
	if n := len(all); n > 0 && all[n-1].constant != nil {
		all[n-1].constant = append(all[n-1].constant, octet)
		return all
	}
	return append(all, piece{constant: []byte{octet}})
}

func appendOwn(all []piece, o origin) []piece {
	if n := len(all); n > 0 && all[n-1].constant == nil && all[n-1].value == o.value {
		switch last := &all[n-1]; {
		case o.place == whole:
			return all
		case last.to == o.place:
			last.to++
			return all
		}
	}
	if o.place == whole {
		return append(all, piece{value: o.value})
	}
	return append(all, piece{value: o.value, from: o.place, to: o.place + 1})
}
