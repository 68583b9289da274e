package source

import (
	"context"
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"facteur/internal/collect"
)

// mostAgain is how many rows are asked for again at once, so that few are held in memory.
const mostAgain = 25

// readAgainAndOn offers the rows that are asked for again, wherever they stand, and then reads on. Where one is gone that has no id, its row may go
// by another name now, and have kept its cursor: then all rows are read once.
func (t *foreignTable) readAgainAndOn(ctx context.Context, again []string, take func(collect.Haul) error) error {
	t.done, t.gone = map[rowKey]bool{}, map[string]bool{}
	for _, name := range again {
		t.gone[name] = true
	}
	for some := range slices.Chunk(again, mostAgain) {
		lost, err := t.readAgain(ctx, some, take)
		if err != nil {
			return err
		}
		if lost {
			t.at = foreignMark{}
		}
	}
	if err := t.readOn(ctx, take); err != nil || len(t.gone) == 0 {
		return err
	}
	return take(collect.Haul{Gone: slices.Sorted(maps.Keys(t.gone))})
}

// readAgain offers the rows with these names, and reports whether one without an id was not found.
func (t *foreignTable) readAgain(ctx context.Context, names []string, take func(collect.Haul) error) (lost bool, err error) {
	found := map[string][]foreignRow{}
	for field, values := range t.byField(names) {
		err := t.find(ctx, field, values, func(r foreignRow) {
			name := field + " " + t.valueIn(r, field)
			found[name] = append(found[name], r)
		})
		if err != nil {
			return false, err
		}
	}
	var rows []foreignRow
	for _, asked := range names {
		for _, r := range found[asked] {
			t.done[rowKey{t.name(r), r.cursor}] = true
			rows = append(rows, r)
		}
		lost = lost || len(found[asked]) == 0 && !strings.HasPrefix(asked, "id ")
	}
	if len(rows) == 0 {
		return lost, nil
	}
	h, err := t.haul(rows, foreignMark{})
	if h.Again = true; err == nil {
		err = take(h)
	}
	return lost, err
}

// byField are the values by which rows are asked for, by the fields that have them.
func (t *foreignTable) byField(names []string) map[string][]string {
	values := map[string][]string{}
	for _, name := range names {
		if field, value, _ := strings.Cut(name, " "); field == byCursor || slices.Contains(t.fields, field) {
			values[field] = append(values[field], value)
		}
	}
	return values
}

// find hands over the rows that have one of some values in a field.
func (t *foreignTable) find(ctx context.Context, field string, values []string, found func(foreignRow)) error {
	column := t.cursor
	if field != byCursor {
		column = t.columns[slices.Index(t.fields, field)]
	}
	list, err := json.Marshal(asStored(values))
	if err != nil {
		return err
	}
	statement := t.again(quoted(column))
	for passed := 0; passed < maxForeign; {
		rows, err := t.ask(ctx, statement, string(list), maxForeign-passed, passed)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, r := range rows {
			if slices.Contains(values, t.valueIn(r, field)) { // the column may take others for the same
				found(r)
			}
		}
		passed += len(rows)
	}
	return nil
}

// asStored are texts as a table may hold them: as texts, or as the numbers that they tell.
func asStored(texts []string) (values []any) {
	for _, text := range texts {
		values = append(values, text)
		if number, err := strconv.ParseInt(text, 10, 64); err == nil {
			values = append(values, number)
		} else if number, err := strconv.ParseFloat(text, 64); err == nil && !math.IsInf(number, 0) && !math.IsNaN(number) {
			values = append(values, number)
		}
	}
	return values
}

// others are the rows that were not offered before in this reading.
func (t *foreignTable) others(rows []foreignRow) []foreignRow {
	return slices.DeleteFunc(rows, func(r foreignRow) bool { return t.done[rowKey{t.name(r), r.cursor}] })
}
