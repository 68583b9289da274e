package render

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	templateparse "text/template/parse"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/pelletier/go-toml/v2"
)

// HoldStrings holds an operator's files of strings against the built-in ones. A place such as {{.Name}} that no built-in string of that id has
// is an error, with file and line: nothing would ever be filled in there. Files that cannot be read are left to [LoadCatalogue].
func HoldStrings(files, builtin fs.FS) error {
	names, err := fs.Glob(builtin, "strings/*.toml")
	if err != nil {
		return err
	}
	known := map[string]map[string]bool{} // places by family and id
	for _, name := range names {
		all, _, err := messages(builtin, name)
		if err != nil {
			return err
		}
		for _, m := range all {
			key := family(name) + " " + m.ID
			if known[key] == nil {
				known[key] = map[string]bool{}
			}
			maps.Copy(known[key], places(m))
		}
	}
	var faults []error
	for _, name := range names {
		all, source, err := messages(files, name)
		if err != nil {
			continue
		}
		faults = append(faults, foreign(name, source, all, known)...)
	}
	return errors.Join(faults...)
}

// foreign reports places of a file that are not known, by line.
func foreign(name, source string, all []*i18n.Message, known map[string]map[string]bool) []error {
	type fault struct {
		line int
		err  error
	}
	var found []fault
	for _, m := range all {
		has, extant := known[family(name)+" "+m.ID]
		for _, place := range slices.Sorted(maps.Keys(places(m))) {
			if extant && !has[place] {
				line := lineOf(source, m.ID)
				found = append(found, fault{line, fmt.Errorf("strings %s:%d: %q has no {{.%s}}; it has %s", name, line, m.ID, place, listed(has))})
			}
		}
	}
	slices.SortStableFunc(found, func(a, b fault) int { return cmp.Compare(a.line, b.line) })
	faults := make([]error, len(found))
	for i, f := range found {
		faults[i] = f.err
	}
	return faults
}

// family is "mail" of strings/mail.fr.toml.
func family(name string) string {
	before, _, _ := strings.Cut(path.Base(name), ".")
	return before
}

func messages(files fs.FS, name string) ([]*i18n.Message, string, error) {
	source, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, "", err
	}
	parsed, err := i18n.ParseMessageFileBytes(source, path.Base(name), map[string]i18n.UnmarshalFunc{"toml": toml.Unmarshal})
	if err != nil {
		return nil, "", fmt.Errorf("strings %s: %w", name, err)
	}
	return parsed.Messages, string(source), nil
}

// lineOf is where a string begins, by its key or its table.
func lineOf(source, id string) int {
	at := regexp.MustCompile(`(?m)^\s*\[?["']?` + regexp.QuoteMeta(id) + `["']?\s*[=\]]`).FindStringIndex(source)
	if at == nil {
		return 1
	}
	return 1 + strings.Count(source[:at[1]], "\n")
}

func listed(has map[string]bool) string {
	if len(has) == 0 {
		return "no place"
	}
	var all []string
	for _, place := range slices.Sorted(maps.Keys(has)) {
		all = append(all, "{{."+place+"}}")
	}
	return strings.Join(all, ", ")
}

// places are the names that the forms of a string ask for. One that is no template is found where it is said.
func places(m *i18n.Message) map[string]bool {
	found := map[string]bool{}
	for _, form := range []string{m.Zero, m.One, m.Two, m.Few, m.Many, m.Other} {
		tree := templateparse.New(m.ID)
		tree.Mode = templateparse.SkipFuncCheck
		if tree, err := tree.Parse(form, "", "", map[string]*templateparse.Tree{}); err == nil && tree.Root != nil {
			gather(tree.Root, found)
		}
	}
	return found
}

// gather notes the first name of each field below a node.
func gather(node templateparse.Node, found map[string]bool) {
	switch n := node.(type) {
	case *templateparse.ListNode:
		if n != nil {
			for _, one := range n.Nodes {
				gather(one, found)
			}
		}
	case *templateparse.ActionNode:
		gather(n.Pipe, found)
	case *templateparse.IfNode:
		gatherBranch(n.BranchNode, found)
	case *templateparse.WithNode:
		gatherBranch(n.BranchNode, found)
	case *templateparse.RangeNode:
		gatherBranch(n.BranchNode, found)
	case *templateparse.PipeNode:
		for _, command := range n.Cmds {
			for _, argument := range command.Args {
				gather(argument, found)
			}
		}
	case *templateparse.FieldNode:
		found[n.Ident[0]] = true
	}
}

func gatherBranch(n templateparse.BranchNode, found map[string]bool) {
	gather(n.Pipe, found)
	gather(n.List, found)
	gather(n.ElseList, found)
}
