package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"github.com/jedib0t/go-pretty/v6/table"
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

// list writes rows under a heading, in columns as wide as their widest text. Columns named in right are of numbers.
func (p *page) list(heading []string, rows [][]string, right ...string) {
	t := table.NewWriter()
	t.SetOutputMirror(p)
	t.SetStyle(columns())
	t.SuppressTrailingSpaces()
	if heading != nil {
		t.AppendHeader(row(heading))
	}
	for _, r := range rows {
		t.AppendRow(row(r))
	}
	var aligned []table.ColumnConfig
	for _, name := range right {
		aligned = append(aligned, table.ColumnConfig{Name: name, Align: text.AlignRight, AlignHeader: text.AlignRight})
	}
	t.SetColumnConfigs(aligned)
	t.Render()
}

// leastTitle is how many columns of a title are worth a place beside the rest of its row.
const leastTitle = 20

// titled is a list whose last column is of titles. At a terminal they are cut to the columns that are left, and where few are, each stands under its row.
func (p *page) titled(heading []string, rows [][]string, right ...string) {
	last := len(heading) - 1
	left, indent := p.columns, 0
	for column := range last {
		most := wide(heading[column])
		for _, r := range rows {
			most = max(most, wide(r[column]))
		}
		left -= most + between
		if column == 0 {
			indent = most + between
		}
	}
	switch {
	case p.columns == 0:
		p.list(heading, rows, right...)
	case left >= leastTitle:
		p.list(heading, titlesCut(rows, left), right...)
	default:
		var above page
		short := make([][]string, len(rows))
		for i, r := range rows {
			short[i] = r[:last]
		}
		above.list(heading[:last], short, right...)
		under := append([][]string{heading}, rows...)
		for i, line := range strings.Split(strings.TrimSuffix(above.String(), "\n"), "\n") {
			p.say("%s\n%s%s", line, strings.Repeat(" ", indent), clip(under[i][last], max(p.columns-indent, leastTitle)))
		}
	}
}

// titlesCut are rows with their last cells cut to so many columns.
func titlesCut(rows [][]string, most int) [][]string {
	short := make([][]string, len(rows))
	for i, r := range rows {
		short[i] = append(r[:len(r)-1:len(r)-1], clip(r[len(r)-1], most))
	}
	return short
}

// between is how many spaces are between two columns.
const between = 2

// facts writes names and values, two by two, without those that have no value.
func (p *page) facts(pairs ...string) {
	var rows [][]string
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			rows = append(rows, []string{"  " + pairs[i], pairs[i+1]})
		}
	}
	if len(rows) > 0 {
		p.list(nil, rows)
	}
}

// columns is a table without any lines, two spaces between columns.
func columns() table.Style {
	style := table.StyleDefault
	style.Box.PaddingLeft, style.Box.PaddingRight = "", strings.Repeat(" ", between)
	style.Format.Header = text.FormatDefault
	style.Options = table.OptionsNoBordersAndSeparators
	return style
}

func row(cells []string) table.Row {
	r := make(table.Row, len(cells))
	for i, c := range cells {
		r[i] = c
	}
	return r
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

// titleWidth leaves room for the other columns on a terminal of usual width.
const titleWidth = 72

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
