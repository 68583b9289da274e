package docs_test

import (
	"errors"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "facteur"

// A unit is one of our packages as it is, tests left out.
type unit struct {
	name    string   // the path below the module, without "internal/"
	imports []string // import paths
	uses    []string // names of other packages that the code mentions, as "time.Now"
	faults  []string // against the rules of the house that need no picture
}

// readTree reads every package of the module that is more than tests, as the go command would build it.
func readTree(t *testing.T, root string) []unit {
	t.Helper()
	var tree []unit
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		if path != root && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "testdata") {
			return fs.SkipDir
		}
		p, err := build.ImportDir(path, 0)
		var none *build.NoGoError
		if errors.As(err, &none) || err == nil && len(p.GoFiles)+len(p.CgoFiles) == 0 {
			return nil
		}
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		u := unit{name: strings.TrimPrefix(filepath.ToSlash(rel), "internal/"), imports: p.Imports}
		tree = append(tree, u.read(t, path, p))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func (u unit) read(t *testing.T, dir string, p *build.Package) unit {
	t.Helper()
	set := token.NewFileSet()
	var files []*ast.File
	for _, name := range slices.Concat(p.GoFiles, p.CgoFiles) {
		file, err := parser.ParseFile(set, filepath.Join(dir, name), nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
		u.uses = append(u.uses, mentions(file)...)
	}
	u.faults = houseFaults(set, files)
	return u
}

// mentions lists the names of other packages in a file, as "time.Now".
func mentions(file *ast.File) []string {
	var all []string
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok {
				all = append(all, x.Name+"."+s.Sel.Name)
			}
		}
		return true
	})
	slices.Sort(all)
	return slices.Compact(all)
}
