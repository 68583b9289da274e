package docs_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A picture is what architecture.md says about the tree.
type picture struct {
	rooms map[string]room
	homes map[string][]string // by import path or its beginning; no home means anywhere
	bans  []ban
}

// A room is one row of the table of floors.
type room struct {
	floor     int // -1 for one that is imported only where it is named
	testsOnly bool
	may       map[string]bool // names of our packages; unused under testsOnly
}

// A ban is one row of the table of what floors do without.
type ban struct {
	from, to int
	imports  []string
	names    []string // as "time.Now"
}

var (
	quoted = regexp.MustCompile("`([^`]+)`")
	span   = regexp.MustCompile(`floors? (\d)(?:–(\d))?`)
)

// parsePicture reads the three tables of architecture.md, each the first below its heading.
func parsePicture(text string) (picture, error) {
	p := picture{rooms: map[string]room{}, homes: map[string][]string{}}
	floors, err := table(text, "## The floors", 4)
	if err != nil {
		return p, err
	}
	for _, row := range floors {
		for _, name := range names(row[1]) {
			r := room{floor: -1, testsOnly: row[0] == "tests"}
			if n, err := strconv.Atoi(row[0]); err == nil {
				r.floor = n
			}
			p.rooms[name] = r
		}
	}
	for _, row := range floors {
		for _, name := range names(row[1]) {
			r := p.rooms[name]
			r.may = p.allowed(r.floor, row[3])
			p.rooms[name] = r
		}
	}
	homes, err := table(text, "## One home for each technology", 3)
	if err != nil {
		return p, err
	}
	for _, row := range homes {
		for _, path := range names(row[1]) {
			p.homes[path] = names(row[2])
		}
	}
	without, err := table(text, "## What a floor does without", 4)
	if err != nil {
		return p, err
	}
	for _, row := range without {
		from, to, ok := floorsIn("floors " + row[0])
		if !ok {
			return p, fmt.Errorf("%q names no floors", row[0])
		}
		p.bans = append(p.bans, ban{from, to, names(row[1]), names(row[2])})
	}
	return p, nil
}

// allowed reads "everything below", "floors 0–2" and the names of packages in a cell, or any of them together.
func (p picture) allowed(floor int, cell string) map[string]bool {
	may := map[string]bool{}
	for _, name := range names(cell) {
		may[name] = true
	}
	from, to, ok := floorsIn(cell)
	if strings.Contains(cell, "everything below") {
		from, to, ok = 0, floor-1, true
	}
	for name, r := range p.rooms {
		if ok && r.floor >= from && r.floor <= to {
			may[name] = true
		}
	}
	return may
}

func floorsIn(cell string) (from, to int, ok bool) {
	m := span.FindStringSubmatch(cell)
	if m == nil {
		return 0, 0, false
	}
	from, _ = strconv.Atoi(m[1])
	to = from
	if m[2] != "" {
		to, _ = strconv.Atoi(m[2])
	}
	return from, to, true
}

// names lists what stands in code quotes in a cell.
func names(cell string) []string {
	var all []string
	for _, m := range quoted.FindAllStringSubmatch(cell, -1) {
		all = append(all, m[1])
	}
	return all
}

// table returns the rows of the first table below a heading, without its head.
func table(text, heading string, columns int) ([][]string, error) {
	_, below, found := strings.Cut(text, "\n"+heading+"\n")
	if !found {
		return nil, fmt.Errorf("no heading %q", heading)
	}
	var rows [][]string
	for line := range strings.Lines(below) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "|") {
			if len(rows) > 0 || strings.HasPrefix(line, "## ") {
				break
			}
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		if len(cells) != columns {
			return nil, fmt.Errorf("%s: %d columns instead of %d: %s", heading, len(cells), columns, line)
		}
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		rows = append(rows, cells)
	}
	if len(rows) < 3 {
		return nil, fmt.Errorf("no table below %q", heading)
	}
	return rows[2:], nil
}

// faults lists everything in which the tree is not as the picture has it.
func (p picture) faults(tree []unit) []string {
	var all []string
	for _, u := range tree {
		r, drawn := p.rooms[u.name]
		if !drawn {
			all = append(all, u.name+" stands in no row of the floors")
			continue
		}
		for _, path := range u.imports {
			if name, ours := strings.CutPrefix(path, module+"/"); ours {
				all = append(all, p.upward(u.name, r, strings.TrimPrefix(name, "internal/"))...)
				continue
			}
			all = append(all, p.homeless(u.name, r, path)...)
		}
		all = append(all, p.banned(u, r)...)
	}
	return all
}

func (p picture) upward(from string, r room, to string) []string {
	switch {
	case r.testsOnly || r.may[to]:
		return nil
	case p.rooms[to].testsOnly:
		return []string{fmt.Sprintf("%s imports %s, which is for tests only", from, to)}
	}
	return []string{fmt.Sprintf("%s imports %s; it may import %v", from, to, slices.Sorted(maps.Keys(r.may)))}
}

// homeless tells of a library that is used outside its home, or that has none. Of the rows that fit a path the longest
// counts.
func (p picture) homeless(from string, r room, path string) []string {
	best, found := "", false
	for prefix := range p.homes {
		if (path == prefix || strings.HasPrefix(path, prefix+"/")) && len(prefix) > len(best) {
			best, found = prefix, true
		}
	}
	foreign := strings.Contains(strings.Split(path, "/")[0], ".")
	switch homes := p.homes[best]; {
	case !found && foreign:
		return []string{fmt.Sprintf("%s imports %s, which has no home", from, path)}
	case found && len(homes) > 0 && !r.testsOnly && !slices.Contains(homes, from):
		return []string{fmt.Sprintf("%s imports %s, whose home is %v", from, path, homes)}
	}
	return nil
}

func (p picture) banned(u unit, r room) []string {
	var all []string
	for _, b := range p.bans {
		if r.floor < b.from || r.floor > b.to {
			continue
		}
		for _, path := range u.imports {
			if slices.Contains(b.imports, path) {
				all = append(all, fmt.Sprintf("%s imports %s, which floor %d does without", u.name, path, r.floor))
			}
		}
		for _, name := range u.uses {
			if slices.Contains(b.names, name) {
				all = append(all, fmt.Sprintf("%s uses %s, which floor %d does without", u.name, name, r.floor))
			}
		}
	}
	return all
}
