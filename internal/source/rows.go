package source

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"facteur/internal/collect"
	"facteur/internal/newsletter"
)

// A foreignTable is a query that is being read.
type foreignTable struct {
	Foreign
	db      *sql.DB
	fields  []string // the article's, in the order of the query
	columns []string // as the query names them
	cursor  string   // as the query names it
	first   string   // the statement that begins, or reads everything
	next    string   // the statement that goes on from a value of the cursor

	again func(column string) string // the statement that asks for some values of it

	at   foreignMark
	done map[rowKey]bool // offered in this reading, because they were asked for again
	gone map[string]bool // names that no row has that was seen in this reading
}

// A rowKey tells a row from others, and from itself once its program has touched it.
type rowKey struct {
	name   string
	cursor any
}

// A foreignMark is how far a query was read: the value of its cursor some rows before the last, and that of the last, or, without a cursor, what
// all rows were.
type foreignMark struct {
	foreignValue
	Last foreignValue `json:"last,omitzero"`
	Sum  string       `json:"sum,omitempty"`
}

// A foreignValue is one of a cursor.
type foreignValue struct {
	Number *int64   `json:"n,omitempty"`
	Real   *float64 `json:"r,omitempty"`
	Text   *string  `json:"t,omitempty"`
}

func (m *foreignMark) read(mark string) {
	if mark != "" && json.Unmarshal([]byte(mark), m) != nil {
		*m = foreignMark{} // all is read once more, which does no harm
	}
}

func (m foreignValue) value() any {
	switch {
	case m.Number != nil:
		return *m.Number
	case m.Real != nil:
		return *m.Real
	case m.Text != nil:
		return *m.Text
	}
	return nil
}

func valueOf(v any) (m foreignValue) {
	switch v := v.(type) {
	case int64:
		m.Number = &v
	case float64:
		m.Real = &v
	case string:
		m.Text = &v
	}
	return m
}

// ordered is a value of the cursor in the one form in which equal ones are equal.
func ordered(v any) (any, error) {
	switch v := v.(type) {
	case nil, int64, string: // NULL where there is no cursor
		return v, nil
	case float64:
		if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
			return int64(v), nil
		}
		return v, nil
	}
	return nil, collect.Trouble{What: "the cursor is neither a number nor a text", Do: "name a column that is, such as id or updated_at"}
}

// quoted is a name in SQL.
func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// prepare makes the query as it is asked. A plus before a column takes its declared type from it, by which the driver would change what
// stands there; a row that is too long comes without its texts, but for those that name it.
func (t *foreignTable) prepare(inner string) {
	var bytes, values []string
	for i, c := range t.columns {
		bytes = append(bytes, fmt.Sprintf("coalesce(octet_length(%s), 0)", quoted(c)))
		comes := fmt.Sprintf("f_bytes <= %d", collect.MaxRow)
		if slices.Contains(namesOfRow(), t.fields[i]) {
			comes += fmt.Sprintf(" OR octet_length(%s) <= %d", quoted(c), collect.LongestIdentity)
		}
		values = append(values, fmt.Sprintf("iif(%s, +%s, NULL)", comes, quoted(c)))
	}
	selecting := func(by, order string) string {
		return fmt.Sprintf("SELECT f_bytes, f_cursor, %s FROM (SELECT *, %s AS f_bytes, %s AS f_cursor FROM (\n%s\n)%s LIMIT ?2 OFFSET ?3)",
			strings.Join(values, ", "), strings.Join(bytes, " + "), by, inner, order)
	}
	if t.cursor == "" {
		t.first = selecting("NULL", "")
		return
	}
	c := quoted(t.cursor)
	t.first = selecting("+"+c, fmt.Sprintf(" WHERE %s IS NOT NULL ORDER BY %[1]s COLLATE BINARY", c))
	t.next = selecting("+"+c, fmt.Sprintf(" WHERE %s >= ?1 COLLATE BINARY ORDER BY %[1]s COLLATE BINARY", c))
	t.again = func(column string) string {
		return selecting("+"+c, fmt.Sprintf(" WHERE %s IN (SELECT value FROM json_each(?1)) AND %s IS NOT NULL", column, c))
	}
}

// A foreignRow is one row: its size, its cursor, its fields, and where it stands among all, from 1 on, where there is no cursor.
type foreignRow struct {
	bytes  int64
	nth    int
	cursor any
	fields []any
}

// some reads at most limit rows from a value of the cursor on, nil being the beginning, and fewer where they would hold too much memory.
func (t *foreignTable) some(ctx context.Context, from any, limit, offset int) ([]foreignRow, error) {
	statement := t.next
	if from == nil {
		statement = t.first
	}
	return t.ask(ctx, statement, from, limit, offset)
}

func (t *foreignTable) ask(ctx context.Context, statement string, about any, limit, offset int) (all []foreignRow, err error) {
	ctx, stop := context.WithTimeout(ctx, queryTurn)
	defer stop()
	rows, err := t.db.QueryContext(ctx, statement, about, limit, offset)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for held := int64(0); held < 2*collect.MaxRow && rows.Next(); {
		r := foreignRow{fields: make([]any, len(t.fields))}
		into := []any{&r.bytes, &r.cursor}
		for i := range r.fields {
			into = append(into, &r.fields[i])
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		if r.cursor, err = ordered(r.cursor); err != nil {
			return nil, err
		}
		all = append(all, r)
		held += min(r.bytes, collect.MaxRow)
	}
	return all, rows.Err()
}

// readOn reads on from the mark. Rows with the same cursor may stand on both sides of a haul: those that were read are passed over.
func (t *foreignTable) readOn(ctx context.Context, take func(collect.Haul) error) error {
	anew, err := t.endsBefore(ctx)
	if err != nil {
		return err
	}
	if anew {
		t.at = foreignMark{}
	}
	begun, passed := t.at.value(), 0
	from := begun
	var below []any // the cursors of the last rows that have a lower one than the last
	for {
		rows, err := t.some(ctx, from, mostInHaul, passed)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, r := range rows {
			if r.cursor != from {
				below = append(below, slices.Repeat([]any{from}, min(passed, overlap))...)
				below = below[max(0, len(below)-overlap):]
				from, passed = r.cursor, 0
			}
			passed++
		}
		next := begun // fewer rows than are read once more: then from where these began
		if len(below) == overlap {
			next = below[0]
		}
		h, err := t.haul(t.others(rows), foreignMark{foreignValue: valueOf(next), Last: valueOf(from)})
		if h.Anew, anew = anew, false; err == nil {
			err = take(h)
		}
		if err != nil {
			return err
		}
	}
}

// endsBefore reports that there are rows, and none where the last was read: the table was emptied and filled anew, or an older copy is back.
func (t *foreignTable) endsBefore(ctx context.Context) (bool, error) {
	last := t.at.Last.value()
	if last == nil {
		return false, nil
	}
	rows, err := t.some(ctx, last, 1, 0)
	if err != nil || len(rows) > 0 {
		return false, err
	}
	rows, err = t.some(ctx, nil, 1, 0)
	return len(rows) > 0, err
}

// readAll reads a query without a cursor, if it gives anything else than the last time.
func (t *foreignTable) readAll(ctx context.Context, again []string, take func(collect.Haul) error) error {
	var all []foreignRow
	for {
		rows, err := t.some(ctx, nil, maxForeign+1-len(all), len(all))
		if err != nil {
			return err
		}
		all = append(all, rows...)
		if len(all) > maxForeign {
			return collect.Trouble{What: fmt.Sprintf("the query gives more than %d rows", maxForeign), Do: "name the column that grows as cursor, such as updated_at, or have it read fewer with WHERE"}
		}
		if len(rows) == 0 {
			break
		}
	}
	for i := range all {
		all[i].nth = i + 1
	}
	mark := foreignMark{Sum: sumOf(all)}
	if mark.Sum == t.at.Sum {
		return nil
	}
	for part := range slices.Chunk(all, mostInHaul) {
		h, err := t.haul(part, foreignMark{})
		if err == nil {
			err = take(h)
		}
		if err != nil {
			return err
		}
	}
	there := map[string]bool{}
	for _, r := range all {
		there[collect.FaultName(t.name(r))] = true
	}
	gone := slices.DeleteFunc(slices.Clone(again), func(name string) bool { return there[name] })
	text, err := json.Marshal(mark)
	return errors.Join(err, take(collect.Haul{Gone: gone, Mark: string(text)}))
}

func sumOf(rows []foreignRow) string {
	sum := sha256.New()
	for _, r := range rows {
		for _, f := range r.fields {
			_, _ = fmt.Fprintf(sum, "%T %v\x00", f, f) // a hash takes everything
		}
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

func (t *foreignTable) haul(rows []foreignRow, mark foreignMark) (collect.Haul, error) {
	var h collect.Haul
	for _, r := range rows {
		name := t.name(r)
		delete(t.gone, collect.FaultName(name))
		a, err := t.article(r)
		if err != nil {
			h.Faults = append(h.Faults, collect.Fault{Name: name, Reason: strings.ReplaceAll(err.Error(), "\n", "; ")})
			continue
		}
		h.Offers = append(h.Offers, collect.Offer{Name: name, Article: a, Identity: t.identity(r)})
	}
	if mark == (foreignMark{}) {
		return h, nil
	}
	text, err := json.Marshal(mark)
	h.Mark = string(text)
	return h, err
}

// namesOfRow are the fields that tell one row from others, the best first.
func namesOfRow() []string { return []string{"id", "url", "title"} }

// name is what people find a row by, and it is asked for again by: its id, its address, its title, or its cursor. Without a cursor all are read each
// time, and the place of a row serves.
func (t *foreignTable) name(r foreignRow) string {
	for _, field := range namesOfRow() {
		if name := field + " " + t.valueIn(r, field); name != field+" " && name == collect.FaultName(name) {
			return name
		}
	}
	if t.cursor == "" {
		return fmt.Sprintf("row %d", r.nth)
	}
	return byCursor + " " + textValue(r.cursor)
}

// identity is the id of a row.
func (t *foreignTable) identity(r foreignRow) string {
	if id := t.valueIn(r, "id"); len(id) <= collect.LongestIdentity {
		return id
	}
	return ""
}

// byCursor stands for the cursor in the name of a row.
const byCursor = "cursor"

// valueIn is what a row has in a field, as text.
func (t *foreignTable) valueIn(r foreignRow, field string) string {
	if field == byCursor {
		return textValue(r.cursor)
	}
	if i := slices.Index(t.fields, field); i >= 0 {
		return textValue(r.fields[i])
	}
	return ""
}

// article reads a row as one of the inbox.
func (t *foreignTable) article(r foreignRow) (newsletter.Article, error) {
	if r.bytes > collect.MaxRow {
		return newsletter.Article{}, fmt.Errorf("the row holds %d bytes of text: shorten it, above all its body", r.bytes)
	}
	values := map[string]any{}
	for i, f := range t.fields {
		values[f] = r.fields[i]
	}
	get := func(field string) string { return textValue(values[field]) }
	a := newsletter.Article{
		URL: get("url"), Title: get("title"), Section: get("section"), Summary: get("summary"), Body: get("body"), Author: get("author"),
		Language: get("language"), Picture: get("picture"), PictureAlt: get("picture_alt"),
		Canonical: get("canonical"),
	}
	if html := get("body_html"); html != "" {
		page, err := url.Parse(a.URL)
		if err != nil {
			page = nil
		}
		paragraphs, _ := readHTML(html, page)
		a.Body = clipBody(paragraphs)
	}
	var errs [2]error
	a.Tags, errs[0] = collect.ParseTags(get("tags"))
	a.Published, errs[1] = dateValue(values["published"], t.Zone)
	return a, errors.Join(errs[:]...)
}

func textValue(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case []byte:
		return string(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	default:
		return fmt.Sprint(v)
	}
}

// thousandfold is the least number that counts milliseconds since 1970, and not seconds: as seconds it would be in the year 5138.
const thousandfold = 100_000_000_000

// dateValue reads a date as text, or as seconds or milliseconds since 1970.
func dateValue(v any, zone *time.Location) (time.Time, error) {
	if real, isReal := v.(float64); isReal && real == math.Trunc(real) && math.Abs(real) < 1<<53 {
		v = int64(real)
	}
	number, isNumber := v.(int64)
	if !isNumber {
		return collect.ParsePublished(textValue(v), zone)
	}
	t := time.Unix(number, 0)
	if number >= thousandfold {
		t = time.UnixMilli(number)
	}
	return collect.ParsePublished(t.UTC().Format(time.RFC3339), zone)
}
