package subscription

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

const (
	maxLine   = 64 << 10 // bytes; no list of people needs as much
	sniffSize = 4 << 10
)

// lines reads the physical lines of a file as UTF-8, one at a time.
type lines struct {
	in      *bufio.Reader
	number  int    // of the line read last, from 1
	back    []line // given back, the next one first
	foreign int    // lines that were not UTF-8 and were read as windows-1252
	utf16   bool
}

// A line is what reading one gave.
type line struct {
	text string
	err  error
}

// A lineError is what is wrong with one line; the next one can be read.
type lineError struct {
	line   int
	reason string
}

func (e *lineError) Error() string { return fmt.Sprintf("line %d: %s", e.line, e.reason) }

// openLines looks at how a file begins: a byte order mark, or every other byte, tells UTF-8 from UTF-16, and what cannot
// be text is refused.
func openLines(r io.Reader) (*lines, error) {
	raw := bufio.NewReaderSize(r, sniffSize)
	begin, err := raw.Peek(sniffSize) // what stops it later is met again where the lines are read
	if len(begin) == 0 && err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read the file: %w", err)
	}
	decoder, wide := wideText(begin)
	switch {
	case len(begin) == 0:
		return nil, invalid(errors.New("the file is empty"))
	case bytes.HasPrefix(begin, []byte("PK\x03\x04")) || bytes.HasPrefix(begin, []byte("\xd0\xcf\x11\xe0")):
		return nil, invalid(errors.New("the file is a spreadsheet or an archive: save the list as CSV"))
	case markedWide(begin) && !bytes.ContainsRune(begin, 0):
		return nil, invalid(errors.New("the file says that it is UTF-16, and is not: save the list as CSV in UTF-8"))
	case !wide && binary(begin):
		return nil, invalid(errors.New("the file is not text: save the list as CSV"))
	}
	text := transform.NewReader(raw, decoder)
	in := bufio.NewReaderSize(text, maxLine)
	if begin, _ = in.Peek(sniffSize); bytes.ContainsRune(begin, '\r') && !bytes.ContainsRune(begin, '\n') {
		in = bufio.NewReaderSize(oldLines{in}, maxLine)
	}
	return &lines{in: in, utf16: wide}, nil
}

// wideText finds UTF-16 by its byte order mark or, where a program wrote none, by its first characters: those of a
// heading are Latin ones, whose upper byte is 0.
func wideText(begin []byte) (decoder transform.Transformer, wide bool) {
	marked := unicode.BOMOverride(transform.Nop)
	switch {
	case markedWide(begin):
		return marked, true
	case latinPairs(begin, 1):
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewDecoder(), true
	case latinPairs(begin, 0):
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewDecoder(), true
	}
	return marked, false
}

// markedWide knows the byte order mark of UTF-16. What names columns and separates them is ASCII, and one byte of each 0.
func markedWide(begin []byte) bool {
	return bytes.HasPrefix(begin, []byte{0xff, 0xfe}) || bytes.HasPrefix(begin, []byte{0xfe, 0xff})
}

// latinPairs reports that the first four pairs of bytes are Latin characters whose upper byte stands at upper, 0 or 1:
// "mail" is the shortest heading there is.
func latinPairs(begin []byte, upper int) bool {
	const shortest = 2 * len("mail")
	if len(begin) < shortest {
		return false
	}
	for i := 0; i < shortest; i += 2 {
		if c := begin[i+1-upper]; begin[i+upper] != 0 || c < ' ' && c != '\t' && c != '\r' && c != '\n' {
			return false
		}
	}
	return true
}

// oldLines reads the line ends of old Macintosh programs, a lone CR, as LF.
type oldLines struct{ in io.Reader }

func (o oldLines) Read(p []byte) (int, error) {
	n, err := o.in.Read(p)
	for i, c := range p[:n] {
		if c == '\r' {
			p[i] = '\n'
		}
	}
	return n, err
}

// binary reports more control characters than a text with a few accidents has.
func binary(begin []byte) bool {
	controls := 0
	for _, c := range begin {
		if c < ' ' && c != '\t' && c != '\r' && c != '\n' {
			controls++
		}
	}
	return controls*100 > len(begin)
}

// next gives a line without its line end; CRLF and LF both end one. After a *lineError the next line can be read. The
// end of the file is io.EOF.
func (l *lines) next() (string, error) {
	l.number++
	if len(l.back) > 0 {
		again := l.back[0]
		l.back = l.back[1:]
		return again.text, again.err
	}
	raw, err := l.in.ReadSlice('\n')
	switch {
	case errors.Is(err, bufio.ErrBufferFull):
		return "", l.skip()
	case errors.Is(err, io.EOF) && len(raw) > 0: // the last line has no end
	case errors.Is(err, io.EOF):
		return "", io.EOF
	case err != nil:
		return "", fmt.Errorf("read the file at line %d: %w", l.number, err)
	}
	raw = bytes.TrimSuffix(bytes.TrimSuffix(raw, []byte("\n")), []byte("\r"))
	if bytes.IndexByte(raw, 0) >= 0 {
		return "", &lineError{l.number, "holds a NUL byte; this is not text"}
	}
	if utf8.Valid(raw) {
		return string(raw), nil
	}
	l.foreign++
	text, err := charmap.Windows1252.NewDecoder().Bytes(raw)
	if err != nil {
		return "", &lineError{l.number, "cannot be read as windows-1252; save the list as UTF-8"}
	}
	return string(text), nil
}

// skip reads past the end of a line that is too long to be kept.
func (l *lines) skip() error {
	number := l.number
	for {
		_, err := l.in.ReadSlice('\n')
		switch {
		case err == nil, errors.Is(err, io.EOF):
			return &lineError{number, fmt.Sprintf("is longer than %d bytes; a closing quote or a line end may be missing", maxLine)}
		case !errors.Is(err, bufio.ErrBufferFull):
			return fmt.Errorf("read the file at line %d: %w", number, err)
		}
	}
}

// unread gives lines back, the first of them to be read next.
func (l *lines) unread(some []line) {
	l.number -= len(some)
	l.back = append(some, l.back...)
}

// encoding names how the file was written, in words for the operator.
func (l *lines) encoding() string {
	switch {
	case l.utf16:
		return "UTF-16"
	case l.foreign > 0:
		return "windows-1252"
	}
	return "UTF-8"
}
