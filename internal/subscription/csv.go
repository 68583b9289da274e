package subscription

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

const (
	maxRecord  = maxLine // bytes of one record, quoted line breaks included
	maxSpan    = 100     // further lines that one record goes over
	maxColumns = 500
)

// table reads comma-separated values (RFC 4180) with a heading line, as spreadsheets and other programs write them:
// separated by comma, semicolon or tab. Unlike encoding/csv it finds its feet again after a quote that is never
// closed: only the line with that quote is lost, and memory stays small.
type table struct {
	lines    *lines
	comma    byte
	layout   layout
	index    map[string]int // columns by name
	email    int            // index of the column that holds the address
	rivals   []string       // where several can hold it, their names, the one that is read first
	says     []saying       // the columns that tell who is no reader, whatever the format
	ignored  []string       // the names of the columns that are not read
	width    int            // how many columns there are
	telling  int            // how many of them there are up to the last one that can tell who is no reader
	language int            // index of the column that holds the language, -1 without one
	raw      string         // the record read last, as it stands in the file; empty for a line too long to be kept
}

// emails are the names of the column with the address, in lower case, the clearest first: "adresse" is often the
// postal one.
func emails() []string {
	return []string{"email", "e-mail", "courriel", "email address", "e-mail address", "adresse e-mail", "adresse email",
		"adresse courriel", "adresse électronique", "adresse mail", "mail", "adresse"}
}

func isLanguage(name string) bool { return name == "language" || name == "langue" }

// openTable reads the heading and finds the columns in it. format "" recognises the format by them. Errors are
// [newsletter.ErrInvalid] and say what to mend.
func openTable(r io.Reader, format Format) (*table, error) {
	in, err := openLines(r)
	if err != nil {
		return nil, err
	}
	t := &table{lines: in}
	heading, err := t.heading()
	if err != nil {
		return nil, err
	}
	if len(heading) > maxColumns {
		return nil, invalid(fmt.Errorf("the heading line has %d columns, %d are allowed: keep email and what says who left, and leave out the others",
			len(heading), maxColumns))
	}
	t.language = find(heading, isLanguage)
	if t.email, t.rivals, err = findEmail(heading); err != nil {
		return nil, invalid(err)
	}
	if t.layout, t.index, err = recognise(heading, format); err != nil {
		return nil, invalid(err)
	}
	if t.says = objections(heading); t.layout.format == FormatPlain {
		t.says = append(t.says, standings(heading)...)
	}
	t.ignored, t.width, t.telling = t.unread(heading), len(heading), t.lastTelling()+1
	return t, nil
}

// lastTelling is the last column that can tell who is no reader, or what is known of the consent; -1: there is none.
func (t *table) lastTelling() int {
	last := -1
	for _, s := range t.says {
		last = max(last, s.column)
	}
	for _, name := range slices.Concat(t.layout.marks, t.layout.columns) {
		if i, there := t.index[name]; there {
			last = max(last, i)
		}
	}
	return last
}

// findEmail finds the column that holds the address, the clearest first, and names all that can where those are several.
func findEmail(heading []string) (column int, rivals []string, err error) {
	index, twice := indexed(heading)
	for _, name := range emails() {
		i, there := index[name]
		switch {
		case !there:
			continue
		case len(rivals) == 0 && twice[name]:
			return -1, nil, fmt.Errorf("two columns are called %s: rename the one that does not hold the address", name)
		case len(rivals) == 0:
			column = i
		}
		rivals = append(rivals, strings.TrimSpace(heading[i]))
	}
	switch len(rivals) {
	case 0:
	case 1:
		return column, nil, nil
	default:
		return column, rivals, nil
	}
	return -1, nil, fmt.Errorf("no column is called email, e-mail or courriel: the first line must name the columns, "+
		"separated by comma, semicolon or tab; it has %s", some(heading))
}

// saysSeparator tells whether a line is the one by which Excel is told what separates columns, such as "sep=;".
func saysSeparator(line string) bool {
	separator, found := strings.CutPrefix(strings.ToLower(strings.Trim(line, `"`)), "sep=")
	return found && len(separator) <= 1
}

// heading reads the first line that is not blank and names columns. It is separated by the character that makes a column
// of addresses stand out; where several or none do, by the one that makes most columns.
func (t *table) heading() ([]string, error) {
	for {
		line, err := t.lines.next()
		if bad, ok := errors.AsType[*lineError](err); ok {
			return nil, invalid(bad)
		}
		if errors.Is(err, io.EOF) {
			return nil, invalid(errors.New("the file has no heading line"))
		}
		if err != nil {
			return nil, err
		}
		if text := strings.TrimSpace(line); text == "" || saysSeparator(text) {
			continue
		}
		var heading []string
		found := false
		for _, comma := range []byte{',', ';', '\t'} {
			fields, problem := split(line, comma)
			finds := find(fields, func(name string) bool { return slices.Contains(emails(), name) }) >= 0
			if problem == "" && (finds && !found || finds == found && len(fields) > len(heading)) {
				t.comma, heading, found = comma, fields, finds
			}
		}
		if heading == nil {
			return nil, invalid(fmt.Errorf("the heading in line %d has a quotation mark out of place", t.lines.number))
		}
		return heading, nil
	}
}

func find(heading []string, called func(name string) bool) int {
	return slices.IndexFunc(heading, func(column string) bool {
		return called(strings.ToLower(strings.TrimSpace(column)))
	})
}

// some quotes the first columns of a heading, so that the operator sees what was read. A heading that looks like an
// address is one: the file has no heading, and nobody's address is repeated.
func some(heading []string) string {
	var named []string
	for _, column := range heading[:min(len(heading), 5)] {
		if strings.Contains(column, "@") {
			return "an address instead"
		}
		named = append(named, fmt.Sprintf("%.40q", column))
	}
	if len(heading) > 5 {
		named = append(named, "…")
	}
	return strings.Join(named, ", ")
}

// A row is one person of the table as it is written there.
type row struct {
	line      int // where it begins
	email     string
	language  string
	elsewhere Elsewhere
	proof     string // what the other program knows of the consent
	proven    bool   // it is enough by itself
}

// next gives the next row; blank lines are none. After a *lineError reading goes on. The end is io.EOF.
func (t *table) next() (row, error) {
	for {
		fields, line, err := t.record()
		if err != nil {
			return row{line: line}, err
		}
		if len(fields) == 1 && strings.TrimSpace(fields[0]) == "" {
			continue
		}
		if len(fields) <= t.email {
			return row{line: line}, &lineError{line, fmt.Sprintf("has %d columns; the address should stand in column %d", len(fields), t.email+1)}
		}
		if len(fields) < t.telling {
			return row{line: line}, &lineError{line, fmt.Sprintf("ends after %d columns, before column %d, which can tell who left: it may be cut off", len(fields), t.telling)}
		}
		if t.telling > 0 && len(fields) > t.width && strings.TrimSpace(strings.Join(fields[t.width:], "")) != "" {
			return row{line: line}, &lineError{line, fmt.Sprintf("has %d columns, and the heading %d: its cells may stand in the wrong ones", len(fields), t.width)}
		}
		r := row{line: line, email: fields[t.email]}
		if t.language >= 0 && t.language < len(fields) {
			r.language = strings.TrimSpace(fields[t.language])
		}
		err = t.judge(&r, fields)
		return r, err
	}
}

// judge reads what the other program says of the person and of the consent. An objection outweighs all else.
func (t *table) judge(r *row, fields []string) error {
	var bad problem
	if r.elsewhere, bad = said(fields, t.says); bad != "" {
		return &lineError{r.line, string(bad)}
	}
	if t.layout.elsewhere == nil || r.elsewhere != "" {
		return nil
	}
	c := cells{fields, t.index}
	if r.elsewhere, bad = t.layout.elsewhere(c); bad != "" {
		return &lineError{r.line, string(bad)}
	}
	r.proof, r.proven = t.layout.proof(c)
	return nil
}

// record reads one record and the line on which it begins. It goes over several lines where a quoted field does.
func (t *table) record() ([]string, int, error) {
	first, err := t.lines.next()
	begin := t.lines.number
	t.raw = first
	if err != nil {
		return nil, begin, err
	}
	fields, problem := split(first, t.comma)
	if problem == "" {
		return fields, begin, nil
	}
	var more []line
	text := first
	for problem == unclosed && len(text) < maxRecord && len(more) < maxSpan {
		next, err := t.lines.next()
		more = append(more, line{next, err})
		if err != nil {
			break
		}
		text += "\n" + next
		fields, problem = split(text, t.comma)
	}
	if problem != "" {
		t.lines.unread(more)
		return nil, begin, &lineError{begin, string(problem)}
	}
	t.raw = text
	return fields, begin, nil
}

// A problem is what keeps a text from being a record; none is "".
type problem string

const (
	unclosed problem = "has a quotation mark that is never closed"
	misquote problem = "has a quotation mark in the middle of a field; double it inside quotes"
)

// split cuts a record into its fields (RFC 4180 §2).
func split(text string, comma byte) ([]string, problem) {
	var fields []string
	for {
		if !strings.HasPrefix(text, `"`) {
			field, rest, more := strings.Cut(text, string(comma))
			if strings.Contains(field, `"`) {
				return nil, misquote
			}
			fields = append(fields, field)
			if !more {
				return fields, ""
			}
			text = rest
			continue
		}
		field, rest, closed := unquote(text[1:])
		if !closed {
			return nil, unclosed
		}
		fields = append(fields, field)
		switch {
		case rest == "":
			return fields, ""
		case rest[0] != comma:
			return nil, misquote
		}
		text = rest[1:]
	}
}

// unquote reads up to the quotation mark that closes a field; two of them are one of its characters.
func unquote(text string) (field, rest string, closed bool) {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(text, `"`)
		b.WriteString(before)
		if !found {
			return "", "", false
		}
		if !strings.HasPrefix(after, `"`) {
			return b.String(), after, true
		}
		b.WriteByte('"')
		text = after[1:]
	}
}
