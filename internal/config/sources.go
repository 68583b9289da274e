package config

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"facteur/internal/newsletter"
)

func newSource() *Source { return &Source{Schedule: "*/15 * * * *"} }

// sources applies the tables of sources.
func (l *loader) sources(values map[string]any, from Origin) {
	for _, name := range sortedKeys(values) {
		l.named("sources", name, values[name], from, func() reflect.Value {
			if l.cfg.Sources[name] == nil {
				l.cfg.Sources[name] = newSource()
			}
			return reflect.ValueOf(l.cfg.Sources[name])
		})
	}
}

// sourceFault is fault for the key of a source.
func (l *loader) sourceFault(name, key string, v reflect.Value) string {
	s := l.cfg.Sources[name]
	text := v.String()
	switch key {
	case "kind", "schedule":
		return required(text)
	case "url":
		return s.needs(key, text, webFault, SourceFeed)
	case "path":
		return s.needs(key, text, nil, SourceFolder, SourceSQLite)
	case "query":
		return s.needs(key, text, nil, SourceSQLite)
	case "cursor":
		return unless(text == "" || s.Kind == SourceSQLite, "it is for an SQLite file only\nleave it out")
	case "zone":
		return optional(text, zoneFault)
	case "section":
		return optional(text, l.sectionFault)
	}
	return ""
}

// needs asks for a value where a source is of one of these kinds, and that there is none elsewhere.
func (s *Source) needs(key, text string, fault func(string) string, kinds ...SourceKind) string {
	switch {
	case s.Kind == "":
		return ""
	case !slices.Contains(kinds, s.Kind):
		return unless(text == "", fmt.Sprintf("a source of the kind %q has no %s\nleave it out", s.Kind, key))
	case fault == nil:
		return required(text)
	}
	return cmp.Or(required(text), fault(text))
}

// sectionFault asks for a section of some newsletter that takes articles.
func (l *loader) sectionFault(written string) string {
	var known []string
	wrong := "is no section of any newsletter"
	for _, name := range sortedKeys(l.cfg.Newsletters) {
		for _, s := range l.cfg.Newsletters[name].Sections {
			switch is := newsletter.Section(s).Is(written); {
			case is && !s.Recall:
				return ""
			case is:
				wrong = "recalls what other newsletters brought, and takes no articles of its own"
			case !s.Recall && newsletter.ValidName(s.Name):
				known = append(known, s.Name)
			}
		}
	}
	slices.Sort(known)
	return fmt.Sprintf("%q %s; there are %s", written, wrong, strings.Join(slices.Compact(known), ", "))
}
