package cli

import (
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

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

const (
	titleWidth  = 72 // columns of a title where nobody knows how wide it may be
	leastTitle  = 20 // columns of a title that are worth a place beside the rest of its row
	leastReason = 40 // and of a reason
)

// titled is a list whose last column is of titles. At a terminal they are cut to the columns that are left, and where few are, each stands under its row.
func (p *page) titled(heading []string, rows [][]string, right ...string) {
	if p.columns > 0 {
		p.yielding(heading, rows, leastTitle, clip, right)
		return
	}
	short := make([][]string, len(rows))
	for i, r := range rows {
		last := len(r) - 1
		short[i] = append(r[:last:last], clip(r[last], titleWidth))
	}
	p.list(heading, short, right...)
}

// reasoned is a list whose last column is of sentences. At a terminal they break in the columns that are left, and where few are, each stands under its row.
func (p *page) reasoned(heading []string, rows [][]string, right ...string) {
	if p.columns > 0 {
		p.yielding(heading, rows, leastReason, wrapped, right)
		return
	}
	p.list(heading, rows, right...)
}

// yielding is a list for a terminal. What has no room in a line goes on in the next, below the second column; the last column is
// fitted into what is left, where that is least at the least.
func (p *page) yielding(heading []string, rows [][]string, least int, fit func(cell string, columns int) string, right []string) {
	all := append([][]string{heading}, rows...)
	widths, last := widest(all), len(heading)-1
	below := strings.Repeat(" ", widths[0]+between)
	for _, r := range all {
		line := ""
		for i, cell := range r[:last] {
			if i > 0 && wide(line)+widths[i] > p.columns {
				p.say("%s", strings.TrimRight(line, " "))
				line = below
			}
			line += aligned(cell, widths[i], slices.Contains(right, heading[i])) + strings.Repeat(" ", between)
		}
		if p.columns-wide(line) < least {
			p.say("%s", strings.TrimRight(line, " "))
			line = below
		}
		fitted := fit(r[last], p.room(wide(line)))
		p.say("%s", strings.TrimRight(line+strings.ReplaceAll(fitted, "\n", "\n"+strings.Repeat(" ", wide(line))), " "))
	}
}

// widest is of each column how wide its widest cell is.
func widest(rows [][]string) []int {
	widths := make([]int, len(rows[0]))
	for _, r := range rows {
		for i, cell := range r {
			widths[i] = max(widths[i], wide(cell))
		}
	}
	return widths
}

func aligned(cell string, columns int, right bool) string {
	blank := strings.Repeat(" ", columns-wide(cell))
	if right {
		return blank + cell
	}
	return cell + blank
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
	if rows == nil {
		return
	}
	name := widest(rows)[0]
	for _, r := range rows {
		p.hang(aligned(r[0], name+between, false), r[1])
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
