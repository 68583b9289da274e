package config

import (
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Value is one setting in force.
type Value struct {
	Key string `json:"key"`
	// Value is the setting in its own type; a secret shows as asterisks.
	Value any `json:"value"`
	// Text is the value in TOML's notation.
	Text   string `json:"-"`
	Origin Origin `json:"origin"`
}

// Values lists every setting in force in a stable order: that of docs/settings.md, newsletters by name.
func (c *Config) Values() []Value {
	list := settings(c)
	values := make([]Value, 0, len(list))
	for _, s := range list {
		values = append(values, Value{Key: s.key, Value: s.value.Interface(), Text: literal(s.value), Origin: c.origins[s.key]})
	}
	return values
}

// Show writes every setting in force as a TOML document, each with its origin in a comment. But for secrets, which are
// masked, the document read again gives the same settings.
func (c *Config) Show(w io.Writer) error {
	for _, v := range c.Values() {
		if _, err := fmt.Fprintf(w, "%-64s # %s\n", v.Key+" = "+v.Text, v.Origin); err != nil {
			return fmt.Errorf("show the settings: %w", err)
		}
	}
	return nil
}

// literal writes a value in TOML's notation. Texts hold no control characters but line feeds, so that Go's quotes are TOML's.
func literal(v reflect.Value) string {
	if quoted(v) {
		return strconv.Quote(plain(v))
	}
	return plain(v)
}

// quoted says whether a value stands in quotes in TOML.
func quoted(v reflect.Value) bool { return v.Kind() == reflect.String || v.Kind() == reflect.Int64 }

// plain writes a value as the environment takes it.
func plain(v reflect.Value) string {
	switch v.Kind() {
	case reflect.String:
		if v.Type() == secretType {
			return Secret(v.String()).String()
		}
		return v.String()
	case reflect.Int:
		return strconv.FormatInt(v.Int(), 10)
	case reflect.Bool:
		return strconv.FormatBool(v.Bool())
	case reflect.Int64:
		return Duration(v.Int()).String()
	case reflect.Slice:
		elements := make([]string, v.Len())
		for i := range elements {
			elements[i] = literal(v.Index(i))
		}
		return "[" + strings.Join(elements, ", ") + "]"
	default:
		var fields []string
		for _, s := range appendSettings(nil, "", v) {
			if kind := s.value.Kind(); (kind == reflect.Bool || kind == reflect.Int) && s.value.IsZero() {
				continue // in a row of a table, what is off goes without saying
			}
			fields = append(fields, s.key+" = "+literal(s.value))
		}
		return "{" + strings.Join(fields, ", ") + "}"
	}
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
