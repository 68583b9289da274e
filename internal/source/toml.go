package source

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// parseTOML reads the top level of a TOML document.
func parseTOML(text string) (fields, error) {
	var document map[string]any
	if err := toml.Unmarshal([]byte(text), &document); err != nil {
		line := firstLine
		if bad := (*toml.DecodeError)(nil); errors.As(err, &bad) {
			row, _ := bad.Position()
			line = firstLine - 1 + row
		}
		return nil, onLine(line, "front matter is not TOML: %w; write lines such as title = \"Un titre\"", err)
	}
	f := make(fields)
	lines := tomlLines(text)
	for _, key := range slices.Sorted(maps.Keys(document)) {
		v := tomlValue(document[key])
		v.line = max(lines[key], firstLine)
		if err := f.set(key, v); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// tomlLines finds the line of the file on which each top-level key stands first.
func tomlLines(text string) map[string]int {
	lines := make(map[string]int)
	var p unstable.Parser
	p.Reset([]byte(text))
	for p.NextExpression() {
		e := p.Expression()
		if e.Kind != unstable.KeyValue {
			break // a table: what follows is not top-level
		}
		keys := e.Key()
		if !keys.Next() {
			continue
		}
		key := keys.Node()
		if name := string(key.Data); lines[name] == 0 {
			lines[name] = firstLine - 1 + p.Shape(key.Raw).Start.Line
		}
	}
	return lines
}

func tomlValue(v any) value {
	switch v := v.(type) {
	case string:
		return value{kind: kindText, text: v}
	case []any:
		return tomlList(v)
	case time.Time:
		return value{kind: kindDate, text: v.Format(time.RFC3339Nano)}
	case toml.LocalDate:
		return value{kind: kindDate, text: v.String()}
	case toml.LocalDateTime:
		return value{kind: kindDate, text: v.String()}
	case int64, float64:
		return value{kind: kindNumber}
	case bool:
		return value{kind: kindBool, text: strconv.FormatBool(v)}
	default:
		return value{kind: kindOther}
	}
}

func tomlList(items []any) value {
	list := []string{}
	for _, item := range items {
		text, ok := item.(string)
		if !ok {
			return value{kind: kindMixed}
		}
		list = append(list, text)
	}
	return value{kind: kindList, list: list}
}
