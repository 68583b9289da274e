package source

import (
	"errors"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// parseYAML reads the top level of a YAML mapping from its syntax tree. Nothing is decoded, so no alias is expanded and
// no value changes its type on the way.
func parseYAML(text string) (fields, error) {
	file, err := parser.ParseBytes([]byte(text), 0)
	if err != nil {
		return nil, yamlError(err)
	}
	f := make(fields)
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		return f, nil
	}
	mapping, ok := file.Docs[0].Body.(*ast.MappingNode)
	if !ok {
		return nil, onLine(firstLine, "front matter is not YAML keys and values: write lines such as title: Un titre")
	}
	for _, entry := range mapping.Values {
		key, ok := entry.Key.(*ast.StringNode)
		if !ok {
			continue
		}
		v := yamlValue(entry.Value)
		v.line = firstLine - 1 + key.GetToken().Position.Line
		if err := f.set(key.Value, v); err != nil {
			return nil, err
		}
	}
	return f, nil
}

func yamlValue(node ast.Node) value {
	switch n := node.(type) {
	case *ast.StringNode:
		return value{kind: kindText, text: n.Value}
	case *ast.LiteralNode:
		return value{kind: kindText, text: n.Value.Value}
	case *ast.SequenceNode:
		return yamlList(n)
	case *ast.NullNode:
		return value{kind: kindNothing}
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		return value{kind: kindNumber}
	case *ast.BoolNode:
		return value{kind: kindBool, text: strconv.FormatBool(n.Value)}
	default:
		return value{kind: kindOther}
	}
}

func yamlList(n *ast.SequenceNode) value {
	list := []string{}
	for _, item := range n.Values {
		v := yamlValue(item)
		if v.kind != kindText {
			return value{kind: kindMixed}
		}
		list = append(list, v.text)
	}
	return value{kind: kindList, list: list}
}

// yamlError says a parser's complaint in one line, with the remedy for the commonest cause.
func yamlError(err error) error {
	line, message := firstLine, err.Error()
	if known := yaml.Error(nil); errors.As(err, &known) {
		message = known.GetMessage()
		if t := known.GetToken(); t != nil && t.Position != nil {
			line = firstLine - 1 + t.Position.Line
		}
	}
	message, _, _ = strings.Cut(message, "\n")
	return onLine(line, "front matter is not YAML: %s; put a text that holds : # or a quote between double quotes", message)
}
