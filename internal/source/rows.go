package source

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"facteur/internal/collect"
	"facteur/internal/extract"
	"facteur/internal/newsletter"
)

// A foreignTable is a query that is being read.
type foreignTable struct {
	Foreign
	fields  []string // the article's, in the order of the query
	columns []string // as the query names them
	cursor  string   // as the query names it
	first   string   // the statement that begins, or reads everything
	next    string   // the statement that goes on from a value of the cursor
	before  string   // the statement that goes back from one

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

// A foreignMark is how far a query was read: the value of its cursor some rows before the last, what the rows from there to the last were, and the
// value of the last; or, without a cursor, what all rows were.
type foreignMark struct {
	foreignValue
	Last   foreignValue `json:"last,omitzero"`
	Before string       `json:"before,omitempty"` // with spaces between them
	Sum    string       `json:"sum,omitempty"`
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

// An oddCursor is a value from which nothing can be read on, as no mark keeps it.
type oddCursor string

const (
	infinite oddCursor = "an infinite number"
	blob     oddCursor = "a BLOB" // which stands behind all else (sqlite.org/datatype3.html#sort_order)
)

// mostBlobs is how many rows with a BLOB as cursor are read in one reading: each time all of them are.
const mostBlobs = 500

// ordered is a value of the cursor in the one form in which equal ones are equal.
func ordered(v any) any {
	switch v := v.(type) {
	case []byte:
		return blob
	case float64:
		if math.IsInf(v, 0) {
			return infinite
		}
		if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
			return int64(v)
		}
	}
	return v // a whole number, a text, or NULL where there is no cursor
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
	t.before = selecting("+"+c, fmt.Sprintf(" WHERE %s < ?1 COLLATE BINARY ORDER BY %[1]s COLLATE BINARY DESC", c))
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

// counts reports that the cursor can be gone on from.
func (r foreignRow) counts() bool {
	_, odd := r.cursor.(oddCursor)
	return !odd
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
	err = t.reading(ctx, func(db *sql.DB) (err error) {
		all, err = t.rows(ctx, db, statement, about, limit, offset)
		return err
	})
	return all, err
}

func (t *foreignTable) rows(ctx context.Context, db *sql.DB, statement string, about any, limit, offset int) (all []foreignRow, err error) {
	rows, err := db.QueryContext(ctx, statement, about, limit, offset)
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
		r.cursor = ordered(r.cursor)
		all = append(all, r)
		held += min(r.bytes, collect.MaxRow)
	}
	return all, rows.Err()
}

// A foreignPlace is where a reading is: how many rows from a value of the cursor on it has passed, and what the last rows before that value were.
type foreignPlace struct {
	from   any
	passed int // odd ones too, which stand behind the value
	at     []passedRow
	before []passedRow // the last fifty that have a lower cursor
}

type passedRow struct {
	cursor any
	sum    string
}

func (p *foreignPlace) pass(r foreignRow, sum string) {
	switch {
	case !r.counts():
		p.passed++
		return
	case r.cursor != p.from:
		p.before = latest(append(p.before, p.at...))
		p.from, p.passed, p.at = r.cursor, 0, nil
	}
	p.passed++
	p.at = latest(append(p.at, passedRow{r.cursor, sum}))
}

// latest are those of some rows that are read once more.
func latest(rows []passedRow) []passedRow { return slices.Delete(rows, 0, max(0, len(rows)-overlap)) }

// mark is where to read on from the next time: where this reading began, where it passed fewer rows than are read once more.
func (p *foreignPlace) mark(begun any) foreignMark {
	if len(p.before) == overlap {
		begun = p.before[0].cursor
	}
	m := foreignMark{foreignValue: valueOf(begun), Last: valueOf(p.from)}
	var sums []string
	for _, row := range p.before {
		sums = append(sums, row.sum)
	}
	m.Before = strings.Join(sums, " ")
	return m
}

// readOn reads on from the mark. Rows with the same cursor may stand on both sides of a haul: those that were read are passed over.
func (t *foreignTable) readOn(ctx context.Context, take func(collect.Haul) error) error {
	anew, err := t.isAnother(ctx)
	if err != nil {
		return err
	}
	if anew {
		t.at = foreignMark{}
	}
	begun, blobs := t.at.value(), 0
	place := foreignPlace{from: begun}
	for blobs < mostBlobs {
		rows, err := t.some(ctx, place.from, mostInHaul, place.passed)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, r := range rows {
			place.pass(r, t.sum(r))
			if r.cursor == blob {
				blobs++
			}
		}
		if place.from == nil && blobs > 0 {
			return collect.Trouble{What: "the cursor is neither a number nor a text", Do: "name a column that is, such as id or updated_at"}
		}
		h, err := t.haul(t.others(rows), place.mark(begun))
		if h.Anew, anew = anew, false; err == nil {
			err = take(h)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// isAnother reports that there are rows, none where the last was read, and none of the fifty that were read before it: the table was emptied and
// filled anew, or a much older copy is back. Where only the last ones are gone, the others were read.
func (t *foreignTable) isAnother(ctx context.Context) (bool, error) {
	last := t.at.Last.value()
	if last == nil {
		return false, nil
	}
	rows, err := t.some(ctx, last, 1, 0)
	if err != nil || slices.ContainsFunc(rows, foreignRow.counts) {
		return false, err
	}
	read := strings.Fields(t.at.Before)
	rows, err = t.ask(ctx, t.before, last, 2*overlap, 0) // rows may have come between them
	if err != nil || slices.ContainsFunc(rows, func(r foreignRow) bool { return slices.Contains(read, t.sum(r)) }) {
		return false, err
	}
	rows, err = t.some(ctx, nil, 1, 0)
	return slices.ContainsFunc(rows, foreignRow.counts), err
}

// sum tells a row from others in a mark: it is another one once it has another address, or another cursor.
func (t *foreignTable) sum(r foreignRow) string {
	sum := fnv.New32a()
	for _, part := range []string{t.valueIn(r, "id"), t.valueIn(r, "url"), textValue(r.cursor)} {
		_, _ = io.WriteString(sum, part+"\x00") // a hash takes everything
	}
	return strconv.FormatUint(uint64(sum.Sum32()), 36)
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
		h.Whole = len(part) == len(all)
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
	if odd, is := r.cursor.(oddCursor); is {
		return newsletter.Article{}, fmt.Errorf("the cursor is %s: write a number or a text into %s", odd, t.cursor)
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
		paragraphs, _ := extract.HTML(html, page)
		a.Body = extract.Clip(paragraphs)
	}
	var errs [2]error
	a.Tags, errs[0] = newsletter.ParseTags(get("tags"))
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
		return newsletter.ParsePublished(textValue(v), zone)
	}
	t := time.Unix(number, 0)
	if number >= thousandfold {
		t = time.UnixMilli(number)
	}
	return newsletter.ParsePublished(t.UTC().Format(time.RFC3339), zone)
}
