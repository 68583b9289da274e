package extract

import (
	"slices"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// openTables makes blocks of tables that only lay out a page, as letters do: of one column, in a cell of which paragraphs stand. The library takes a cell for an
// article by itself, and sees none of the others.
func (c *clearing) openTables() {
	for _, table := range slices.Collect(c.body.Descendants()) {
		if table.DataAtom != atom.Table {
			continue
		}
		cells := cellsOf(table)
		if holdsBlock := slices.ContainsFunc(cells, func(n *html.Node) bool { return isAny(n.Descendants(), c.isLong) }); !holdsBlock {
			continue
		}
		table.Data, table.DataAtom = "div", atom.Div
		for _, cell := range cells {
			for n := cell; n != table; n = n.Parent {
				n.Data, n.DataAtom = "div", atom.Div
			}
		}
	}
}

// cellsOf are the cells of a table of one column; none: it has several, or says what is in them.
func cellsOf(table *html.Node) (cells []*html.Node) {
	for group := range table.ChildNodes() {
		switch {
		case group.DataAtom == atom.Tbody:
		case group.Type == html.ElementNode:
			return nil
		}
		for row := range group.ChildNodes() {
			inRow := 0
			for cell := range row.ChildNodes() {
				switch cell.DataAtom {
				case atom.Th:
					return nil
				case atom.Td:
					inRow++
					cells = append(cells, cell)
				}
			}
			if inRow > 1 {
				return nil
			}
		}
	}
	return cells
}
