package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"github.com/jedib0t/go-pretty/v6/text"
)

// A page gathers what a command has to say to a person, so that it is written in one piece.
type page struct {
	bytes.Buffer
	columns int // of the terminal on which it is read; 0: none
}

// say writes one line.
func (p *page) say(format string, values ...any) {
	p.WriteString(fmt.Sprintf(format, values...) + "\n")
}

// tell writes sentences: at a terminal in lines that end between words.
func (p *page) tell(format string, values ...any) {
	p.say("%s", wrapped(fmt.Sprintf(format, values...), p.columns))
}

// tellIn tells sentences some columns in.
func (p *page) tellIn(indent int, format string, values ...any) {
	p.hang(strings.Repeat(" ", indent), fmt.Sprintf(format, values...))
}

// hang tells sentences behind what begins their first line; the others begin below them.
func (p *page) hang(first, said string) {
	indent := wide(first)
	for i, line := range strings.Split(wrapped(said, p.room(indent)), "\n") {
		if i > 0 {
			first = strings.Repeat(" ", indent)
		}
		p.say("%s", strings.TrimRight(first+line, " "))
	}
}

// room is how many columns are left of a terminal behind so many; 0: it is none.
func (p *page) room(taken int) int {
	if p.columns == 0 {
		return 0
	}
	return max(p.columns-taken, leastTitle)
}

// prose writes Markdown: its sentences as tell does, and code and tables as they are.
func (p *page) prose(markdown string) {
	for line := range strings.SplitSeq(markdown, "\n") {
		if strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t") || strings.HasPrefix(line, "|") {
			p.say("%s", line)
		} else {
			p.tell("%s", line)
		}
	}
}

// wrapped breaks a text between words into lines of so many columns; a word that is longer has its own, and so has a command at its end, to be copied
// from there. No columns: it stays one line.
func wrapped(s string, columns int) string {
	if columns == 0 {
		return s
	}
	prose, command, named := strings.Cut(s, ": facteur ")
	words := strings.Split(prose, " ")
	if named {
		words[len(words)-1] += ":"
		words = append(words, "facteur "+command)
	}
	var lines []string
	for _, word := range words {
		last := len(lines) - 1
		if last >= 0 && wide(lines[last])+1+wide(word) <= columns {
			lines[last] += " " + word
		} else {
			lines = append(lines, word)
		}
	}
	return strings.Join(lines, "\n")
}

// wide is how many columns of a terminal a text takes.
func wide(s string) int { return text.StringWidthWithoutEscSequences(s) }

// gap sets what follows apart from what stands already.
func (p *page) gap() {
	if p.Len() > 0 {
		p.WriteByte('\n')
	}
}

// clip keeps a text to one line of at most so many columns of a terminal.
func clip(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
	if wide(s) <= most {
		return s
	}
	return text.Snip(s, most, "…")
}

// show answers with value as JSON, or with the page that write fills.
func (s *shell) show(value any, write func(p *page)) error {
	p := page{columns: s.Columns}
	if s.json {
		encoder := json.NewEncoder(&p)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		if err := encoder.Encode(value); err != nil {
			return fmt.Errorf("write JSON: %w", err)
		}
	} else {
		write(&p)
	}
	return s.print(&p)
}

func (s *shell) print(p *page) error {
	if _, err := io.Copy(s.Stdout, p); err != nil {
		return fmt.Errorf("write the answer: %w", err)
	}
	return nil
}

// stamp writes an instant as the clock on the newsletter's wall shows it; no instant is no text.
func stamp(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zone).Format("2006-01-02 15:04")
}

// most is a --limit in the words of the store, for which a negative one is none.
func most(limit int) int {
	if limit <= 0 {
		return -1
	}
	return limit
}

// count writes a number with its noun.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func letters(n int) string  { return count(n, "letter", "letters") }
func readers(n int) string  { return count(n, "reader", "readers") }
func articles(n int) string { return count(n, "article", "articles") }

// tallied joins the numbers that are not zero: "2 failed, 1 deferred".
func tallied[K ~string](order []K, numbers map[K]int) string {
	var parts []string
	for _, k := range order {
		if n := numbers[k]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, k))
		}
	}
	return strings.Join(parts, ", ")
}
