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
type page struct{ bytes.Buffer }

// say writes one line.
func (p *page) say(format string, values ...any) {
	p.WriteString(fmt.Sprintf(format, values...) + "\n")
}

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
	style.Box.PaddingLeft, style.Box.PaddingRight = "", "  "
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
	if text.StringWidthWithoutEscSequences(s) <= most {
		return s
	}
	return text.Snip(s, most, "…")
}

// titleWidth leaves room for the other columns on a terminal of usual width.
const titleWidth = 72

// show answers with value as JSON, or with the page that write fills.
func (s *shell) show(value any, write func(p *page)) error {
	var p page
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
