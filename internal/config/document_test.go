package config

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/template"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write docs/settings.md and the golden files anew")

// golden compares got with the file, or writes it under -update.
func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s is stale; go test ./internal/config -update writes it anew (-file +now):\n%s", path, diff)
	}
}

type docGroup struct {
	Heading, Doc string
	Keys         []docKey
}

type docKey struct{ Key, Type, Default, Env, Meaning string }

func TestSettingsDocument(t *testing.T) {
	groups := documented(t)
	var out bytes.Buffer
	tmpl := template.Must(template.ParseFiles("testdata/settings.md.tmpl"))
	if err := tmpl.Execute(&out, groups); err != nil {
		t.Fatal(err)
	}
	text := strings.TrimSpace(out.String()) + "\n"
	golden(t, filepath.Join("..", "..", "docs", "settings.md"), []byte(text))

	for _, s := range settings(Default()) {
		key := regexp.MustCompile(`^(newsletters|groups|sources)\.[a-z]+`).ReplaceAllString(s.key, "$1.NAME")
		if !strings.Contains(text, "| `"+key+"` |") {
			t.Errorf("docs/settings.md lacks %s", key)
		}
	}
	for _, g := range groups {
		for _, k := range g.Keys {
			if k.Meaning == "" {
				t.Errorf("%s has no comment", k.Key)
			}
		}
	}
}

// documented is one group for each table of the settings, the keys that stand in none first.
func documented(t *testing.T) []docGroup {
	comments := structComments(t)
	groups := []docGroup{{Heading: "At the top", Doc: "These keys stand before the first table."}}
	root := reflect.TypeFor[Config]()
	for f := range root.Fields() {
		name := f.Tag.Get("toml")
		switch kind := f.Type.Kind(); {
		case !f.IsExported():
		case kind == reflect.Struct:
			groups = append(groups, docGroup{"`[" + name + "]`", sentence(comments[f.Type.Name()]), docKeys(comments, f.Type, name)})
		case kind == reflect.Map && name == "groups":
			doc := sentence(comments["Group"]) + "\n\nThese are built in; tables of a file change them or come beside them:\n"
			for _, g := range sortedKeys(providers()) {
				doc += fmt.Sprintf("- `%s`: %s\n", g, strings.Join(providers()[g].Domains, ", "))
			}
			groups = append(groups, docGroup{"`[groups.NAME]`", doc, docKeys(comments, f.Type.Elem().Elem(), "groups.NAME")})
		case kind == reflect.Map && name == "relays":
			groups = append(groups, docGroup{"`[relays.NAME]`", sentence(comments["RelayTable"]), docKeys(comments, f.Type.Elem().Elem(), "relays.NAME")})
		case kind == reflect.Map && name == "sources":
			groups = append(groups, docGroup{"`[sources.NAME]`", sentence(comments["Source"]), docKeys(comments, f.Type.Elem().Elem(), "sources.NAME")})
		case kind == reflect.Map:
			doc := sentence(comments["Newsletter"]) + "\n\nWithout a file there is one newsletter, `hebdo`. A file that defines newsletters replaces it, unless it sets keys of " +
				"`[newsletters.hebdo]` itself; the keys it leaves out then keep their built-in values.\nThe defaults below but title, schedule and sections hold for every newsletter."
			groups = append(groups, docGroup{"`[newsletters.NAME]`", doc, docKeys(comments, f.Type.Elem().Elem(), "newsletters.NAME")})
		default:
			groups[0].Keys = append(groups[0].Keys, documentedKey(comments, root, f, ""))
		}
	}
	return groups
}

// TestLanguagesAreThoseThatHaveTexts holds the choice of languages to the strings that are there.
func TestLanguagesAreThoseThatHaveTexts(t *testing.T) {
	f, _ := reflect.TypeFor[Newsletter]().FieldByName("Language")
	want := strings.Split(f.Tag.Get("choice"), ",")
	slices.Sort(want)
	for _, family := range []string{"mail", "web"} {
		files, err := filepath.Glob("../../templates/strings/" + family + ".*.toml")
		if err != nil {
			t.Fatal(err)
		}
		var have []string
		for _, name := range files {
			have = append(have, strings.Split(filepath.Base(name), ".")[1])
		}
		if diff := cmp.Diff(want, have); diff != "" {
			t.Errorf("languages of the settings and of the %s strings (-settings +strings):\n%s", family, diff)
		}
	}
}

func docKeys(comments map[string]string, structType reflect.Type, path string) []docKey {
	var keys []docKey
	for f := range structType.Fields() {
		keys = append(keys, documentedKey(comments, structType, f, path))
	}
	return keys
}

func documentedKey(comments map[string]string, structType reflect.Type, f reflect.StructField, path string) docKey {
	key := join(path, f.Tag.Get("toml"))
	s := setting{key: key, value: reflect.New(f.Type).Elem(), tag: f.Tag}
	def := "`" + literal(builtInValue(s)) + "`"
	if def == "`\"\"`" {
		def = "(empty)"
	}
	env := strings.Replace(EnvName(key), "_NAME_", "_‹NAME›_", 1)
	return docKey{key, docType(s), def, env, strings.ReplaceAll(comments[structType.Name()+"."+f.Name], "|", `\|`)}
}

func docType(s setting) string {
	switch {
	case s.tag.Get("choice") != "":
		return "`" + strings.ReplaceAll(s.tag.Get("choice"), ",", "`, `") + "`"
	case s.value.Type() == secretType:
		return "secret text"
	case s.tag.Get("path") != "":
		return s.tag.Get("path")
	case s.value.Kind() == reflect.Int64:
		return "duration"
	case s.value.Kind() == reflect.Int:
		return "number"
	case s.value.Kind() == reflect.Bool:
		return "`true`, `false`"
	case isTexts(s.value):
		return "list of texts"
	case s.value.Kind() == reflect.Slice:
		return "array of tables"
	default:
		return "text"
	}
}

// sentence is a Go doc comment without the name of the type: "SMTP is the relay …" becomes "The relay …".
func sentence(doc string) string {
	_, text, _ := strings.Cut(doc, " ")
	for _, verb := range []string{"is ", "are ", "says "} {
		text = strings.TrimPrefix(text, verb)
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// structComments reads the comments of settings.go: of each type, and of each field as "Type.Field".
func structComments(t *testing.T) map[string]string {
	file, err := parser.ParseFile(token.NewFileSet(), "settings.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	comments := map[string]string{}
	line := func(g *ast.CommentGroup) string { return strings.Join(strings.Fields(g.Text()), " ") }
	for _, decl := range file.Decls {
		gen, ok := decl.(*ast.GenDecl)
		if !ok || gen.Tok != token.TYPE {
			continue
		}
		spec := gen.Specs[0].(*ast.TypeSpec)
		comments[spec.Name.Name] = line(gen.Doc)
		fields, ok := spec.Type.(*ast.StructType)
		if !ok {
			continue
		}
		for _, f := range fields.Fields.List {
			for _, n := range f.Names {
				comments[spec.Name.Name+"."+n.Name] = line(f.Doc)
			}
		}
	}
	return comments
}
