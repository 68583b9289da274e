package docs_test

import (
	"bytes"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/template"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write states.md anew")

// A state is one constant of a type of package newsletter: its value, and its comment without its name.
type state struct{ Value, Comment string }

// states.md is a template, filled with the comments of the code; its drawings may name no state that the code does not
// have, and none may be missing. The arrows are not compared: the code has no table of them, for outcomes are decided in
// newsletter.Outcome and outbox.Policy, and the rest by the conditions of the store's statements, which storetest holds.
func TestStatesDocument(t *testing.T) {
	states := readStates(t, filepath.Join("..", "internal", "newsletter"))
	var out bytes.Buffer
	tmpl, err := template.New("states.md.tmpl").Funcs(template.FuncMap{
		"states": func(kind string) []state { return states[kind] },
	}).ParseFiles("testdata/states.md.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	if err := tmpl.Execute(&out, nil); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("states.md", out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile("states.md")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(have), out.String()); diff != "" {
		t.Errorf("docs/states.md is stale; `make generate` writes it anew (-file +code):\n%s", diff)
	}
	for _, kind := range []string{"SlotState", "EditionState", "PictureState", "SubscriptionState", "DeliveryState"} {
		if diff := cmp.Diff(values(states[kind]), drawn(out.String(), kind)); diff != "" {
			t.Errorf("the drawing of %s (-code +drawing):\n%s", kind, diff)
		}
		for _, s := range states[kind] {
			if s.Comment == "" {
				t.Errorf("%s %q has no comment", kind, s.Value)
			}
		}
	}
}

func values(states []state) []string {
	var all []string
	for _, s := range states {
		all = append(all, s.Value)
	}
	slices.Sort(all)
	return all
}

// drawn lists the states of the drawing that begins with a remark naming their type.
func drawn(text, kind string) []string {
	_, drawing, _ := strings.Cut(text, "%% "+kind+"\n")
	drawing, _, _ = strings.Cut(drawing, "```")
	var all []string
	for line := range strings.Lines(drawing) {
		line, _, _ = strings.Cut(line, ":")
		for end := range strings.SplitSeq(line, "-->") {
			if name := strings.TrimSpace(end); name != "" && name != "[*]" {
				all = append(all, name)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// readStates reads the typed string constants of a package, by type and in the order of the code. A comment stands
// above its constant or behind it.
func readStates(t *testing.T, dir string) map[string][]state {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	states := map[string][]state{}
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.CONST {
				for _, spec := range g.Specs {
					addState(states, spec.(*ast.ValueSpec))
				}
			}
		}
	}
	return states
}

func addState(states map[string][]state, spec *ast.ValueSpec) {
	kind, typed := spec.Type.(*ast.Ident)
	if !typed || len(spec.Values) != 1 {
		return
	}
	literal, ok := spec.Values[0].(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return
	}
	value, err := strconv.Unquote(literal.Value)
	if err != nil {
		return
	}
	comment := spec.Doc.Text() + spec.Comment.Text()
	states[kind.Name] = append(states[kind.Name], state{value, sentence(spec.Names[0].Name, comment)})
}

// sentence is a comment on one line, without the name before it: "Sent: the server …" becomes "The server …".
func sentence(name, comment string) string {
	text := strings.Join(strings.Fields(comment), " ")
	text = strings.TrimPrefix(text, name+": ")
	if text == "" {
		return ""
	}
	text = strings.ToUpper(text[:1]) + text[1:]
	if !strings.HasSuffix(text, ".") {
		text += "."
	}
	return text
}
