// Package typed holds templates against the Go types that fill them.
//
// A template is executed with what there happens to be. This follows the type of the dot through every branch, so that a field that
// is not there is found before the one reader whom the branch is for. What has no type that is known is not judged.
package typed

import (
	"fmt"
	"reflect"
	"strings"
	"text/template/parse"
)

// A Checker looks at the templates of one set.
type Checker struct {
	Tree func(name string) *parse.Tree // nil: there is no such template
	Says func(id string) error         // whether a string is there that a template asks for by its name

	seen   map[string]bool
	tree   *parse.Tree // of the node that is looked at
	faults []error
	fields int
}

// Check returns what is wrong with a template that is filled by a view, and with those that it uses; each fault names its file and line.
func (c *Checker) Check(name string, view reflect.Type) []error {
	c.seen, c.faults, c.fields = map[string]bool{}, nil, 0
	c.template(name, view, nil)
	return c.faults
}

// Fields is how many fields the latest check looked at.
func (c *Checker) Fields() int { return c.fields }

type scope map[string]reflect.Type // by the name of a variable; nil: not known

func (c *Checker) fault(at parse.Node, what string) {
	place := ""
	if at != nil && c.tree != nil {
		place, _ = c.tree.ErrorContext(at)
		place += ": "
	}
	c.faults = append(c.faults, fmt.Errorf("%s%s", place, what))
}

func (c *Checker) template(name string, dot reflect.Type, from parse.Node) {
	key := fmt.Sprint(name, " ", dot)
	if c.seen[key] {
		return
	}
	c.seen[key] = true
	tree := c.Tree(name)
	if tree == nil || tree.Root == nil {
		c.fault(from, fmt.Sprintf("there is no template %q", name))
		return
	}
	before := c.tree
	c.tree = tree
	c.node(tree.Root, dot, scope{"$": dot})
	c.tree = before
}

func (c *Checker) node(n parse.Node, dot reflect.Type, in scope) {
	switch n := n.(type) {
	case *parse.ListNode:
		if n != nil {
			for _, one := range n.Nodes {
				c.node(one, dot, in)
			}
		}
	case *parse.ActionNode:
		c.pipe(n.Pipe, dot, in)
	case *parse.IfNode:
		c.pipe(n.Pipe, dot, in)
		c.node(n.List, dot, in)
		c.node(n.ElseList, dot, in)
	case *parse.WithNode:
		c.node(n.List, c.pipe(n.Pipe, dot, in), in)
		c.node(n.ElseList, dot, in)
	case *parse.RangeNode:
		of := element(c.pipe(n.Pipe, dot, in))
		if names := n.Pipe.Decl; len(names) > 0 {
			in[names[0].Ident[0]] = reflect.TypeFor[int]()
			in[names[len(names)-1].Ident[0]] = of
		}
		c.node(n.List, of, in)
		c.node(n.ElseList, dot, in)
	case *parse.TemplateNode:
		var given reflect.Type
		if n.Pipe != nil {
			given = c.pipe(n.Pipe, dot, in)
		}
		c.template(n.Name, given, n)
	}
}

// element is the type of what a range walks over.
func element(of reflect.Type) reflect.Type {
	if of == nil {
		return nil
	}
	switch of.Kind() {
	case reflect.Slice, reflect.Array, reflect.Map:
		return of.Elem()
	}
	return nil
}

func (c *Checker) pipe(p *parse.PipeNode, dot reflect.Type, in scope) (t reflect.Type) {
	for _, command := range p.Cmds {
		t = c.command(command, dot, in)
	}
	for _, v := range p.Decl {
		in[v.Ident[0]] = t
	}
	return t
}

// command is the type of what one command gives.
func (c *Checker) command(n *parse.CommandNode, dot reflect.Type, in scope) reflect.Type {
	given := make([]reflect.Type, len(n.Args)-1)
	for i, argument := range n.Args[1:] {
		given[i] = c.argument(argument, dot, in)
	}
	if function, ok := n.Args[0].(*parse.IdentifierNode); ok {
		if function.Ident == "t" {
			c.says(n.Args)
		}
		return result(function.Ident, given)
	}
	t := c.argument(n.Args[0], dot, in)
	if strings.HasSuffix(n.Args[0].String(), ".Say") {
		c.says(n.Args)
	}
	return t
}

// result is the type of what a function gives: text, but for those that give one of their arguments or a part of it.
func result(function string, given []reflect.Type) reflect.Type {
	switch function {
	case "or", "and":
		for _, t := range given {
			if t != given[0] {
				return nil // it depends
			}
		}
		return first(given)
	case "slice":
		return first(given)
	case "index":
		of := first(given)
		for range len(given) - 1 {
			of = element(of)
		}
		return of
	case "call":
		return nil
	}
	return reflect.TypeFor[string]()
}

func first(given []reflect.Type) reflect.Type {
	if len(given) == 0 {
		return nil
	}
	return given[0]
}

// says wants a string that is asked for by its name. One that is asked for by what a view holds is the view's.
func (c *Checker) says(args []parse.Node) {
	if len(args) < 2 {
		return
	}
	if id, ok := args[1].(*parse.StringNode); ok {
		if err := c.Says(id.Text); err != nil {
			c.fault(id, err.Error())
		}
	}
}

func (c *Checker) argument(n parse.Node, dot reflect.Type, in scope) reflect.Type {
	switch n := n.(type) {
	case *parse.DotNode:
		return dot
	case *parse.FieldNode:
		return c.chain(dot, n.Ident, n)
	case *parse.VariableNode:
		return c.chain(in[n.Ident[0]], n.Ident[1:], n)
	case *parse.ChainNode:
		return c.chain(c.argument(n.Node, dot, in), n.Field, n)
	case *parse.PipeNode:
		return c.pipe(n, dot, in)
	case *parse.StringNode:
		return reflect.TypeFor[string]()
	}
	return nil
}

func (c *Checker) chain(t reflect.Type, names []string, at parse.Node) reflect.Type {
	for _, name := range names {
		if t == nil {
			return nil
		}
		c.fields++
		next, ok := member(t, name)
		if !ok {
			c.fault(at, fmt.Sprintf("%s: there is no %s in %s", at, name, t))
			return nil
		}
		t = next
	}
	return t
}

// member is the type of a field, or of what a method returns.
func member(t reflect.Type, name string) (reflect.Type, bool) {
	for _, of := range []reflect.Type{t, reflect.PointerTo(t)} {
		if m, ok := of.MethodByName(name); ok && m.Type.NumOut() > 0 {
			return m.Type.Out(0), true
		}
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.Map:
		return t.Elem(), true
	case reflect.Interface:
		return nil, true
	case reflect.Struct:
		f, ok := t.FieldByName(name)
		return f.Type, ok && f.IsExported()
	}
	return nil, false
}
