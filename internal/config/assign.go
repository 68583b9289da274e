package config

import (
	"fmt"
	"math"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"

	"facteur/internal/newsletter"
)

// tree is c as the struct that keys are looked up in.
func tree(c *Config) reflect.Value { return reflect.ValueOf(c).Elem() }

// table applies the TOML table values, which stands at path, to the struct dst.
func (l *loader) table(dst reflect.Value, path string, values map[string]any, from Origin) {
	keys := sortedKeys(values)
	slices.SortStableFunc(keys, func(a, b string) int { return l.lines[join(path, a)] - l.lines[join(path, b)] })
	for _, name := range keys {
		key, v := join(path, name), values[name]
		at := l.at(key, from)
		target, tag, known := field(dst, name)
		if !known {
			l.unknown(dst, path, name, v, at)
			continue
		}
		inner, isTable := v.(map[string]any)
		switch kind := target.Kind(); {
		case kind != reflect.Struct && kind != reflect.Map:
			l.set(setting{key, target, tag}, v, at)
		case !isTable:
			l.reject(key, at, notTable(key, v), fmt.Sprintf("write [%s] on a line of its own and its keys below", key))
		case kind == reflect.Map && key == "groups":
			l.groups(inner, from)
		case kind == reflect.Map && key == "relays":
			l.relays(inner, from)
		case kind == reflect.Map && key == "sources":
			l.sources(inner, from)
		case kind == reflect.Map:
			l.newsletters(inner, from)
		default:
			l.table(target, key, inner, from)
		}
	}
}

// newsletters applies the tables of newsletters. Those of a file replace the built-in one, unless it is among them.
func (l *loader) newsletters(values map[string]any, from Origin) {
	if _, kept := values[BuiltIn]; len(values) > 0 && !kept {
		delete(l.cfg.Newsletters, BuiltIn)
	}
	for _, name := range sortedKeys(values) {
		l.named("newsletters", name, values[name], from, func() reflect.Value {
			if l.cfg.Newsletters[name] == nil {
				l.cfg.Newsletters[name] = newNewsletter()
			}
			return reflect.ValueOf(l.cfg.Newsletters[name])
		})
	}
}

// named applies one of several tables of a kind to the struct that find makes or finds for it.
func (l *loader) named(kind, name string, value any, from Origin, find func() reflect.Value) {
	key := join(kind, name)
	at := l.at(key, from)
	inner, isTable := value.(map[string]any)
	sample := map[string]string{"newsletters": "[newsletters.quotidien]", "groups": "[groups.orange]", "relays": "[relays.main]", "sources": "[sources.site]"}[kind]
	switch {
	case !newsletter.ValidName(name):
		l.reject(key, at, fmt.Sprintf("%q cannot be the name of a %s", name, strings.TrimSuffix(kind, "s")),
			"take up to 40 of a–z, 0–9 and single hyphens between them, for example "+sample)
	case !isTable:
		l.reject(key, at, notTable(key, value), "write a table such as "+sample+" with its keys below")
	default:
		l.table(find().Elem(), key, inner, from)
	}
}

// at is from with the line of the key.
func (l *loader) at(key string, from Origin) Origin {
	if from.Kind == FromFile {
		from.Line = l.lines[key]
	}
	return from
}

// unknown complains about a name that no field of dst has. Inside an array only its siblings can be meant.
func (l *loader) unknown(dst reflect.Value, path, name string, v any, at Origin) {
	var candidates []string
	_, isTable := v.(map[string]any)
	switch {
	case strings.Contains(path, "["):
		for _, f := range reflect.VisibleFields(dst.Type()) {
			candidates = append(candidates, join(path, f.Tag.Get("toml")))
		}
	case isTable:
		candidates = tables(l.cfg)
	default:
		for _, s := range settings(l.cfg) {
			candidates = append(candidates, s.key)
		}
	}
	key := join(path, name)
	l.complain(at, fmt.Sprintf("unknown key %s", key), suggest(key, candidates))
}

// setText applies a value of the environment: texts and durations as they are, the rest in TOML's notation.
func (l *loader) setText(s setting, text string, origin Origin) {
	switch s.value.Kind() {
	case reflect.String, reflect.Int64:
		l.set(s, text, origin)
	case reflect.Int:
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			l.set(s, n, origin)
			return
		}
		l.set(s, text, origin)
	default:
		var doc map[string]any
		if err := toml.Unmarshal([]byte("value = "+text), &doc); err != nil || len(doc) != 1 {
			l.mismatch(s, text, origin)
			return
		}
		l.set(s, doc["value"], origin)
	}
}

// set gives a setting the value v, as TOML's decoder makes it, and remembers where it came from.
func (l *loader) set(s setting, v any, origin Origin) {
	text, isText := v.(string)
	number, isNumber := v.(int64)
	elements, isArray := v.([]any)
	yes, isBool := v.(bool)
	switch {
	case s.value.Type() == durationType && isText:
		d, err := ParseDuration(text)
		if err != nil {
			l.mismatch(s, v, origin)
			return
		}
		s.value.SetInt(int64(d))
	case s.value.Kind() == reflect.String && isText:
		if !l.setString(s, text, origin) {
			return
		}
	case s.value.Kind() == reflect.Int && isNumber && number >= math.MinInt32 && number <= math.MaxInt32:
		s.value.SetInt(number)
	case s.value.Kind() == reflect.Bool && isBool:
		s.value.SetBool(yes)
	case isTexts(s.value) && isArray:
		if !l.texts(s, elements, origin) {
			return
		}
	case s.value.Kind() == reflect.Slice && isArray:
		l.array(s, elements, origin)
	default:
		l.mismatch(s, v, origin)
		return
	}
	if !strings.Contains(s.key, "[") {
		l.cfg.origins[s.key] = origin
	}
}

// setString checks a text before it is taken. It says whether it was.
func (l *loader) setString(s setting, text string, origin Origin) bool {
	control := func(r rune) bool {
		return unicode.IsControl(r) && (r != '\n' && r != '\t' || s.tag.Get("lines") != "many")
	}
	if !utf8.ValidString(text) || strings.ContainsFunc(text, control) {
		l.reject(s.key, origin, fmt.Sprintf("%s holds a control character or is not UTF-8", s.key), "write it as one line of plain text")
		return false
	}
	given := text
	if s.tag.Get("kind") == "language" {
		text = primary(text)
	}
	if choice := s.tag.Get("choice"); choice != "" && !slices.Contains(strings.Split(choice, ","), text) {
		l.mismatch(s, given, origin)
		return false
	}
	if s.tag.Get("path") != "" && text != "" && origin.Kind == FromFile && !filepath.IsAbs(text) {
		text = filepath.Join(filepath.Dir(l.path), text)
	}
	s.value.SetString(text)
	return true
}

// languageTag is the shape of the tags that name a language and perhaps a script or region (RFC 5646 §2.1).
var languageTag = regexp.MustCompile(`^(?i)([a-z]{2,3})(-[a-z]{4})?(-([a-z]{2}|[0-9]{3}))?$`)

// primary is the language of a tag without script and region: texts are written by language alone. What is no tag stays.
func primary(tag string) string {
	if found := languageTag.FindStringSubmatch(tag); found != nil {
		return strings.ToLower(found[1])
	}
	return tag
}

// isTexts says whether a value is a list of texts.
func isTexts(v reflect.Value) bool {
	return v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.String
}

// texts replaces a list of texts as a whole. It says whether it did.
func (l *loader) texts(s setting, elements []any, origin Origin) bool {
	if len(elements) == 0 {
		s.value.SetZero()
		return true
	}
	list := reflect.MakeSlice(s.value.Type(), len(elements), len(elements))
	for i, e := range elements {
		text, isText := e.(string)
		if !isText {
			l.mismatch(s, e, origin)
			return false
		}
		if !l.setString(setting{s.key, list.Index(i), s.tag}, text, origin) {
			return false
		}
	}
	s.value.Set(list)
	return true
}

// array replaces an array of tables as a whole.
func (l *loader) array(s setting, elements []any, origin Origin) {
	list := reflect.MakeSlice(s.value.Type(), len(elements), len(elements))
	for i, e := range elements {
		key := element(s.key, i)
		values, isTable := e.(map[string]any)
		if !isTable {
			l.reject(key, l.at(s.key, origin), notTable(key, e), example(s, origin))
			continue
		}
		problems := len(l.problems)
		l.table(list.Index(i), key, values, origin)
		l.bad[key] = l.bad[key] || len(l.problems) > problems
	}
	s.value.Set(list)
}

// element is the key of one of the tables of an array.
func element(key string, i int) string { return fmt.Sprintf("%s[%d]", key, i+1) }

// mismatch says that v is not what the setting takes.
func (l *loader) mismatch(s setting, v any, origin Origin) {
	shown := describe(v)
	if s.value.Type() == secretType {
		shown = "not a text"
	}
	l.reject(s.key, origin, fmt.Sprintf("%s is %s, expected %s", s.key, shown, expected(s)), example(s, origin))
}

// notTable does not quote a text: where [smtp] is meant, a password may stand in it.
func notTable(key string, v any) string {
	shown := "a text"
	if _, isText := v.(string); !isText {
		shown = describe(v)
	}
	return fmt.Sprintf("%s is %s, expected a table", key, shown)
}

// expected is what a setting takes, in words.
func expected(s setting) string {
	if choice := s.tag.Get("choice"); choice != "" {
		return "one of " + strings.ReplaceAll(choice, ",", ", ")
	}
	switch s.value.Kind() {
	case reflect.Int:
		return "a whole number"
	case reflect.Bool:
		return "true or false"
	case reflect.Int64:
		return `a duration such as "90s", "48h" or "30d"`
	case reflect.Slice:
		if isTexts(s.value) {
			return "a list of texts"
		}
		return "an array of tables"
	default:
		return "a text"
	}
}

// example is a line that would do: with the field's own example, else with its default.
func example(s setting, origin Origin) string {
	raw := s.tag.Get("example")
	if raw == "" {
		raw = plain(builtInValue(s))
	}
	if isTexts(s.value) && !strings.HasPrefix(raw, "[") {
		raw = "[" + strconv.Quote(raw) + "]"
	}
	if origin.Kind == FromEnvironment && !strings.Contains(s.key, "[") {
		return fmt.Sprintf("set for example %s='%s'", origin.Name, strings.ReplaceAll(raw, "'", `'\''`))
	}
	if quoted(s.value) {
		raw = strconv.Quote(raw)
	}
	return fmt.Sprintf("write for example %s = %s", s.key[strings.LastIndexByte(s.key, '.')+1:], raw)
}

// builtInValue is the default of a setting; newsletters take theirs from the built-in one.
func builtInValue(s setting) reflect.Value {
	key := s.key
	if rest, found := strings.CutPrefix(key, "newsletters."); found {
		_, name, _ := strings.Cut(rest, ".")
		key = join("newsletters."+BuiltIn, name)
	}
	c := Default()
	if rest, found := strings.CutPrefix(s.key, "groups."); found {
		name, _, _ := strings.Cut(rest, ".")
		c.Groups = map[string]*Group{name: newGroup()}
	}
	if rest, found := strings.CutPrefix(s.key, "relays."); found {
		name, _, _ := strings.Cut(rest, ".")
		c.Relays[name] = newRelay()
	}
	if rest, found := strings.CutPrefix(s.key, "sources."); found {
		name, _, _ := strings.Cut(rest, ".")
		c.Sources[name] = newSource()
	}
	for _, d := range settings(c) {
		if d.key == key {
			return d.value
		}
	}
	return s.value
}

// describe shows a scalar and names the kind of anything larger, in which a secret might stand.
func describe(v any) string {
	switch v := v.(type) {
	case string:
		if len(v) > maxWord {
			return fmt.Sprintf("a text of %d bytes", len(v))
		}
		return strconv.Quote(v)
	case map[string]any:
		return "a table"
	case []any:
		return "an array"
	default:
		return fmt.Sprint(v)
	}
}
