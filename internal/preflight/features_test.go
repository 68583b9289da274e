package preflight

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"facteur/templates"
)

// Whatever lacks somewhere says by which page, and what is known of it stands once.
func TestFacts(t *testing.T) {
	if len(facts) < 150 {
		t.Errorf("the table has only %d facts", len(facts))
	}
	for name, f := range facts {
		if f.name != name || f.lacks != "" && f.page == "" || f.extra != "" && f.lacks == "" {
			t.Errorf("%q: %+v", name, f)
		}
	}
}

var (
	action   = regexp.MustCompile(`\{\{.*?\}\}`)
	property = regexp.MustCompile(`(?m)(?:[;{]|style="|\}\}|^) ?([a-z-]+):[^;:/"]+(?:[;"{]|$)`)
)

// Whatever a built-in template can write, in any of its branches, is in the table. What is missing there belongs into it with its
// source, or not into the template.
func TestTemplatesUseKnownFeatures(t *testing.T) {
	files, err := templates.Open("")
	if err != nil {
		t.Fatal(err)
	}
	names, err := fs.Glob(files, "mail/*.html.tmpl")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	tags, properties := 0, 0
	for _, name := range names {
		source, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		text := action.ReplaceAllStringFunc(string(source), func(a string) string {
			_, markup, _ := strings.Cut(a, "outlook `") // markup for one program, which is looked at as well
			return strings.TrimSuffix(markup, "`}}")
		})
		listed, _ := conditional("[if]>" + text)
		p := page{tags: listed} // which lists elements wherever they stand
		for _, f := range p.features() {
			if _, known := facts[f.name]; !known {
				t.Errorf("%s uses %s, of which nobody knows which mail programs have it", name, f.name)
			}
			tags++
		}
		for _, m := range property.FindAllStringSubmatch(text, -1) {
			if _, known := facts[m[1]+":"]; !known {
				t.Errorf("%s uses the property %s, of which nobody knows which mail programs have it", name, m[1])
			}
			properties++
		}
	}
	if tags < 100 || properties < 40 {
		t.Errorf("only %d elements and attributes and %d properties were found", tags, properties)
	}
}
