package render

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	texttemplate "text/template"
	templateparse "text/template/parse"

	"facteur/templates"
)

// Every field, method and string that a template names is there, in branches too that no sample takes.
func TestTemplatesAreTyped(t *testing.T) {
	files, err := templates.Open("")
	if err != nil {
		t.Fatal(err)
	}
	catalogues, err := mailCatalogues(files)
	if err != nil {
		t.Fatal(err)
	}
	// Parsed anew: html/template rewrites its trees as it executes them.
	trees := func(pattern string) func(string) *templateparse.Tree {
		parsed, err := texttemplate.New("").Funcs(texttemplate.FuncMap{"outlook": outlook, "wrap": wrap, "upper": strings.ToUpper, "underline": underline}).ParseFS(files, pattern)
		if err != nil {
			t.Fatal(err)
		}
		return func(name string) *templateparse.Tree {
			if t := parsed.Lookup(name); t != nil {
				return t.Tree
			}
			return nil
		}
	}
	htmls, texts := trees("mail/*.html.tmpl"), trees("mail/*.txt.tmpl")
	for _, entry := range []struct {
		name string
		view any
		in   func(string) *templateparse.Tree
	}{
		{editionHTML, &editionView{}, htmls}, {editionText, &editionView{}, texts}, {singleHTML, &singleView{}, htmls}, {singleText, &singleView{}, texts},
	} {
		c := &typeChecker{trees: entry.in, seen: map[string]bool{}, catalogues: catalogues}
		c.template(entry.name, reflect.TypeOf(entry.view))
		for _, fault := range c.faults {
			t.Errorf("%s: %s", entry.name, fault)
		}
		if c.fields < 10 {
			t.Errorf("%s: only %d fields were looked at", entry.name, c.fields)
		}
	}
}

func TestTemplatesAreTyped_canFail(t *testing.T) {
	for source, want := range map[string]string{
		`{{if false}}{{.Nope}}{{end}}`:                                 "Nope",
		`{{with .Lead}}{{if .Lang}}{{.Preheader}}{{end}}{{end}}`:       "Preheader",
		`{{range .Chapters}}{{range .Stories}}{{.Name}}{{end}}{{end}}`: "Name",
		`{{with .Lead}}{{$.Subject}}{{$.Summary}}{{end}}`:              "Summary",
		`{{with $x := .Lead}}{{$x.Chapters}}{{end}}`:                   "Chapters",
		`{{if false}}{{.Say "nope"}}{{end}}`:                           `"nope"`,
		`{{template "b" .Lead}}{{define "b"}}{{.Lead}}{{end}}`:         "Lead",
		`{{printf "%s" (.Title.Nope)}}`:                                "Nope",
	} {
		parsed, err := texttemplate.New("a").Parse(source)
		if err != nil {
			t.Fatal(err)
		}
		files, err := templates.Open("")
		if err != nil {
			t.Fatal(err)
		}
		catalogues, err := mailCatalogues(files)
		if err != nil {
			t.Fatal(err)
		}
		c := &typeChecker{trees: func(name string) *templateparse.Tree { return parsed.Lookup(name).Tree }, seen: map[string]bool{}, catalogues: catalogues}
		c.template("a", reflect.TypeFor[*editionView]())
		if len(c.faults) == 0 || !strings.Contains(c.faults[0], want) {
			t.Errorf("%s: faults %q, want one about %s", source, c.faults, want)
		}
	}
}

// A typeChecker follows the type of the dot through templates. A nil type is one that is not known.
type typeChecker struct {
	trees      func(string) *templateparse.Tree
	seen       map[string]bool
	catalogues map[string]*Catalogue
	faults     []string
	fields     int
}

type scope map[string]reflect.Type // by the name of a variable

func (c *typeChecker) template(name string, dot reflect.Type) {
	key := fmt.Sprint(name, " ", dot)
	if c.seen[key] {
		return
	}
	c.seen[key] = true
	tree := c.trees(name)
	if tree == nil {
		c.faults = append(c.faults, fmt.Sprintf("there is no template %q", name))
		return
	}
	c.node(tree.Root, dot, scope{"$": dot})
}

func (c *typeChecker) node(n templateparse.Node, dot reflect.Type, in scope) {
	switch n := n.(type) {
	case *templateparse.ListNode:
		if n != nil {
			for _, one := range n.Nodes {
				c.node(one, dot, in)
			}
		}
	case *templateparse.ActionNode:
		c.pipe(n.Pipe, dot, in)
	case *templateparse.IfNode:
		c.pipe(n.Pipe, dot, in)
		c.node(n.List, dot, in)
		c.node(n.ElseList, dot, in)
	case *templateparse.WithNode:
		c.node(n.List, c.pipe(n.Pipe, dot, in), in)
		c.node(n.ElseList, dot, in)
	case *templateparse.RangeNode:
		of := c.pipe(n.Pipe, dot, in)
		if of != nil && of.Kind() == reflect.Slice {
			of = of.Elem()
		}
		if names := n.Pipe.Decl; len(names) > 0 {
			in[names[len(names)-1].Ident[0]] = of
		}
		c.node(n.List, of, in)
		c.node(n.ElseList, dot, in)
	case *templateparse.TemplateNode:
		var given reflect.Type
		if n.Pipe != nil {
			given = c.pipe(n.Pipe, dot, in)
		}
		c.template(n.Name, given)
	}
}

func (c *typeChecker) pipe(p *templateparse.PipeNode, dot reflect.Type, in scope) (t reflect.Type) {
	for _, command := range p.Cmds {
		t = c.command(command, dot, in)
	}
	for _, v := range p.Decl {
		in[v.Ident[0]] = t
	}
	return t
}

func (c *typeChecker) command(n *templateparse.CommandNode, dot reflect.Type, in scope) reflect.Type {
	for _, argument := range n.Args[1:] {
		c.argument(argument, dot, in)
	}
	if function, ok := n.Args[0].(*templateparse.IdentifierNode); ok {
		switch function.Ident {
		case "or", "and":
			return c.argument(n.Args[len(n.Args)-1], dot, in)
		}
		return reflect.TypeFor[string]()
	}
	t := c.argument(n.Args[0], dot, in)
	if len(n.Args) == 2 && strings.HasSuffix(n.Args[0].String(), ".Say") {
		c.said(n.Args[1])
	}
	return t
}

// said wants a string that is there in every language.
func (c *typeChecker) said(id templateparse.Node) {
	text, ok := id.(*templateparse.StringNode)
	if !ok {
		return
	}
	for lang, catalogue := range c.catalogues {
		if _, err := catalogue.Text(text.Text, nil); err != nil {
			c.faults = append(c.faults, fmt.Sprintf("%s: the string %q: %v", lang, text.Text, err))
		}
	}
}

func (c *typeChecker) argument(n templateparse.Node, dot reflect.Type, in scope) reflect.Type {
	switch n := n.(type) {
	case *templateparse.DotNode:
		return dot
	case *templateparse.FieldNode:
		return c.chain(dot, n.Ident, n)
	case *templateparse.VariableNode:
		return c.chain(in[n.Ident[0]], n.Ident[1:], n)
	case *templateparse.ChainNode:
		return c.chain(c.argument(n.Node, dot, in), n.Field, n)
	case *templateparse.PipeNode:
		return c.pipe(n, dot, in)
	case *templateparse.StringNode:
		return reflect.TypeFor[string]()
	}
	return nil
}

func (c *typeChecker) chain(t reflect.Type, names []string, at templateparse.Node) reflect.Type {
	for _, name := range names {
		if t == nil {
			return nil
		}
		c.fields++
		next, ok := member(t, name)
		if !ok {
			c.faults = append(c.faults, fmt.Sprintf("%s: %s has no %s", at, t, name))
			return nil
		}
		t = next
	}
	return t
}

// member is the type of a field, or of what a method returns.
func member(t reflect.Type, name string) (reflect.Type, bool) {
	for _, of := range []reflect.Type{t, reflect.PointerTo(t)} {
		if m, ok := of.MethodByName(name); ok {
			return m.Type.Out(0), true
		}
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil, false
	}
	f, ok := t.FieldByName(name)
	return f.Type, ok
}
