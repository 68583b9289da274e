package config

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// document is a TOML file: its values, and the line of each key and table, by path. The elements of an array have a path
// with their number from 1, as in "newsletters.hebdo.sections[2].quota".
type document struct {
	values map[string]any
	lines  map[string]int
}

// parse reads a settings file. What it says about a bad line does not quote it, because a password may stand there.
func parse(path string, raw []byte) (document, error) {
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	if i := invalidUTF8(raw); i >= 0 {
		line := 1 + bytes.Count(raw[:i], []byte("\n"))
		return document{}, problem(fmt.Sprintf("%s:%d: the settings file is not UTF-8", path, line),
			"save it as UTF-8 (in most editors: Save with encoding)")
	}
	doc := document{lines: map[string]int{}}
	if err := toml.Unmarshal(raw, &doc.values); err != nil {
		origin := Origin{Kind: FromFile, Name: path}
		var at *toml.DecodeError
		if errors.As(err, &at) {
			origin.Line, _ = at.Position()
		}
		return document{}, problem(fmt.Sprintf("%s: %v", origin, err),
			"correct the line; texts stand in double quotes, and each key stands once (https://toml.io)")
	}
	doc.index(raw)
	return doc, nil
}

// invalidUTF8 is the place of the first byte that is not UTF-8, or -1.
func invalidUTF8(raw []byte) int {
	for i := 0; i < len(raw); {
		r, size := utf8.DecodeRune(raw[i:])
		if r == utf8.RuneError && size <= 1 {
			return i
		}
		i += size
	}
	return -1
}

// index notes the line of each key of a document that is known to parse. The decoder itself tells lines only with its errors.
func (d document) index(raw []byte) {
	x := indexer{lines: d.lines, raw: raw, elements: map[string]int{}}
	x.parser.Reset(raw)
	table := ""
	for x.parser.NextExpression() {
		switch e := x.parser.Expression(); e.Kind {
		case unstable.Table:
			table = x.path("", e, false)
		case unstable.ArrayTable:
			table = x.path("", e, true)
		case unstable.KeyValue:
			x.value(x.path(table, e, false), e.Value())
		}
	}
}

type indexer struct {
	parser   unstable.Parser
	raw      []byte
	lines    map[string]int
	elements map[string]int // of each array of tables, so far

	line, offset int // how far newlines were counted
}

// path is where the key of a node stands below base; each part of it gets its line on first sight.
func (x *indexer) path(base string, node *unstable.Node, array bool) string {
	path := base
	for it := node.Key(); it.Next(); {
		part := it.Node()
		path = join(path, string(part.Data))
		if array && it.IsLast() {
			x.elements[path]++
		}
		x.note(path, part.Raw)
		if n := x.elements[path]; n > 0 {
			path = fmt.Sprintf("%s[%d]", path, n)
			x.note(path, part.Raw)
		}
	}
	return path
}

// value notes the keys inside arrays and inline tables.
func (x *indexer) value(path string, node *unstable.Node) {
	n := 0
	for it := node.Children(); it.Next(); {
		child := it.Node()
		switch {
		case node.Kind == unstable.Array:
			n++
			x.value(fmt.Sprintf("%s[%d]", path, n), child)
		case child.Kind == unstable.KeyValue:
			x.value(x.path(path, child, false), child.Value())
		}
	}
}

// note counts lines on from the last key, as keys come in the order of the file.
func (x *indexer) note(path string, at unstable.Range) {
	offset := int(at.Offset)
	x.line += bytes.Count(x.raw[x.offset:offset], []byte("\n"))
	x.offset = offset
	if _, seen := x.lines[path]; !seen {
		x.lines[path] = x.line + 1
	}
}
