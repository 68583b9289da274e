package docs_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// vague are names of packages that say nothing about what is in them.
var vague = []string{"base", "common", "core", "helper", "helpers", "misc", "shared", "util", "utils"}

// houseFaults checks the rules that hold for every package: a name that says something, no init, no state that
// outlives a call.
func houseFaults(set *token.FileSet, files []*ast.File) []string {
	var faults []string
	note := func(pos token.Pos, format string, args ...any) {
		at := set.Position(pos)
		faults = append(faults, fmt.Sprintf("%s:%d: %s", at.Filename, at.Line, fmt.Sprintf(format, args...)))
	}
	if name := files[0].Name; slices.Contains(vague, name.Name) {
		note(name.Pos(), "package %s: a name that says nothing", name.Name)
	}
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}}
	// Imports are left unresolved and types with them: only which name means which variable is asked for.
	lax := types.Config{Error: func(error) {}, Importer: blind{}, FakeImportC: true}
	pkg, _ := lax.Check(files[0].Name.Name, set, files, info)
	for _, file := range files {
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Name.Name == "init" && d.Recv == nil {
					note(d.Pos(), "func init: say it where it is needed")
				}
			case *ast.GenDecl:
				for _, name := range stateful(d) {
					note(name.Pos(), "package variable %s: a package has no state", name.Name)
				}
			}
		}
		for _, name := range written(file) {
			if v, ok := info.Uses[name].(*types.Var); ok && pkg != nil && v.Parent() == pkg.Scope() {
				note(name.Pos(), "package variable %s is changed: a package has no state", name.Name)
			}
		}
	}
	return faults
}

type blind struct{}

func (blind) Import(string) (*types.Package, error) { return nil, errors.New("not asked for") }

// stateful lists the variables of a declaration that are made to be changed: without a value, unless go:embed gives it,
// or with one of package sync.
func stateful(d *ast.GenDecl) []*ast.Ident {
	if d.Tok != token.VAR {
		return nil
	}
	var all []*ast.Ident
	for _, spec := range d.Specs {
		v := spec.(*ast.ValueSpec)
		embedded := strings.Contains(directives(d.Doc)+directives(v.Doc), "//go:embed ")
		if len(v.Values) == 0 && !embedded || slices.ContainsFunc(v.Values, guarded) {
			all = append(all, v.Names...)
		}
	}
	return all
}

func directives(g *ast.CommentGroup) string {
	var all strings.Builder
	if g != nil {
		for _, c := range g.List {
			all.WriteString(c.Text + "\n")
		}
	}
	return all.String()
}

// guarded reports a value such as sync.Pool{…} or &atomic.Int64{}.
func guarded(value ast.Expr) bool {
	if address, ok := value.(*ast.UnaryExpr); ok {
		value = address.X
	}
	literal, ok := value.(*ast.CompositeLit)
	if !ok {
		return false
	}
	s, ok := literal.Type.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	x, ok := s.X.(*ast.Ident)
	return ok && (x.Name == "sync" || x.Name == "atomic")
}

// written lists the names at the root of whatever a file assigns to, counts up or takes the address of.
func written(file *ast.File) []*ast.Ident {
	var all []*ast.Ident
	add := func(exprs ...ast.Expr) {
		for _, e := range exprs {
			if name := root(e); name != nil {
				all = append(all, name)
			}
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			add(n.Lhs...)
		case *ast.IncDecStmt:
			add(n.X)
		case *ast.RangeStmt:
			add(n.Key, n.Value)
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				add(n.X)
			}
		}
		return true
	})
	return all
}

func root(e ast.Expr) *ast.Ident {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		default:
			return nil
		}
	}
}

func TestHouseRulesCanFail(t *testing.T) {
	for name, test := range map[string]struct {
		source string
		want   []string
	}{
		"constants in all but name": {`package a; import ("errors"; "regexp"); var errA = errors.New("a"); var r = regexp.MustCompile("a"); var names = []string{"a"}`, nil},
		"embedded":                  {"package a\nimport _ \"embed\"\n//go:embed a.txt\nvar text string", nil},
		"a local of the same name":  {`package a; var n = 1; func f() int { n := 2; n++; return n }`, nil},
		"a method named init":       {`package a; type t struct{}; func (t) init() {}`, nil},
		"init":                      {`package a; func init() {}`, []string{"a.go:1: func init: say it where it is needed"}},
		"vague":                     {`package utils`, []string{"a.go:1: package utils: a name that says nothing"}},
		"no value":                  {`package a; var cache map[string]int`, []string{"a.go:1: package variable cache: a package has no state"}},
		"a pool":                    {`package a; import "sync"; var p = sync.Pool{}`, []string{"a.go:1: package variable p: a package has no state"}},
		"assigned":                  {`package a; var n = 1; func f() { n = 2 }`, []string{"a.go:1: package variable n is changed: a package has no state"}},
		"counted":                   {`package a; var n = 1; func f() { n++ }`, []string{"a.go:1: package variable n is changed: a package has no state"}},
		"an element":                {`package a; var m = map[int]int{}; func f() { m[1] = 2 }`, []string{"a.go:1: package variable m is changed: a package has no state"}},
		"given away":                {`package a; var n = 1; func f() *int { return &n }`, []string{"a.go:1: package variable n is changed: a package has no state"}},
	} {
		t.Run(name, func(t *testing.T) {
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, "a.go", test.source, parser.ParseComments|parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, houseFaults(set, []*ast.File{file})); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}
