package schedule

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

const (
	// longest allows every field to list all its values, which takes 355 bytes.
	longest = 400

	howToWrite = `write minute, hour, day of month, month and day of week, such as "0 7 * * MON" for Mondays at seven`
)

// A field is one of the five of a crontab line.
type field struct {
	name   string
	values string // as people write them
	span   int    // from the least value to the greatest
}

func fields() [5]field {
	return [5]field{
		{"minute", "0-59", 59},
		{"hour", "0-23", 23},
		{"day of month", "1-31", 30},
		{"month", "1-12 or JAN-DEC", 11},
		{"day of week", "0-6 or SUN-SAT", 6},
	}
}

var (
	// element is one member of a field's list: any, a value or a range, and a step. What the library reads beyond
	// this ("*-5", "+5", an empty member) it does not read as meant.
	element = regexp.MustCompile(`^(?:[*?]|[0-9A-Za-z]+(?:-[0-9A-Za-z]+)?)(?:/([0-9]+))?$`)
	seven   = regexp.MustCompile(`(?:^|[,-])0*7(?:$|[,/-])`)
)

// tidy sets single spaces and refuses what no kind of specification may hold.
func tidy(typed string) (string, error) {
	text := strings.Join(strings.Fields(typed), " ")
	switch {
	case text == "":
		return "", &SpecificationError{typed, "is empty", howToWrite}
	case len(text) > longest:
		return "", &SpecificationError{text, "is too long", howToWrite}
	case strings.Contains(strings.ToUpper(text), "TZ="):
		return "", &SpecificationError{text, "names a time zone",
			`set the zone in its own setting and write only the times, such as "0 7 * * MON"`}
	}
	return text, nil
}

// checkFields finds the part of a tidy specification that is wrong, so that the error can name it.
func checkFields(text string) error {
	if strings.HasPrefix(text, "@") {
		if _, err := parseStandard(text); err != nil {
			return &SpecificationError{text, "is not a known name",
				`write @hourly, @daily, @weekly, @monthly or @yearly, or five fields such as "0 7 * * MON"`}
		}
		return nil
	}
	parts := strings.Split(text, " ")
	all := fields()
	if len(parts) != len(all) {
		return &SpecificationError{text, "has " + strconv.Itoa(len(parts)) + " of 5 fields", howToWrite}
	}
	for i, f := range all {
		if err := f.check(text, i, parts[i]); err != nil {
			return err
		}
	}
	return nil
}

// check reads the i-th field of text on its own, the other four being "any".
func (f field) check(text string, i int, part string) error {
	if f.name == "day of week" && seven.MatchString(part) {
		return &SpecificationError{text, "has the day of week 7",
			`write Sunday as 0 or SUN, such as "0 7 * * SUN", and Friday to Sunday as FRI,SAT,SUN`}
	}
	for member := range strings.SplitSeq(part, ",") {
		m := element.FindStringSubmatch(member)
		if m == nil {
			return f.wrong(text, part)
		}
		if step, _ := strconv.Atoi(m[1]); step > f.span {
			return &SpecificationError{text, "has the step " + quote(member) + ", which the " + f.name + " has no room for",
				`write a step that fits the field, such as "*/15 * * * *" or "0 */6 * * *"`}
		}
	}
	alone := [5]string{"*", "*", "*", "*", "*"}
	alone[i] = part
	if _, err := parseStandard(strings.Join(alone[:], " ")); err != nil {
		return f.wrong(text, part)
	}
	return nil
}

func (f field) wrong(text, part string) error {
	write := "write " + f.values + `, a list 1,2, a rising range 1-5 or a step */2, such as "0 7 * * MON-FRI"`
	return &SpecificationError{text, "has no " + f.name + " in " + quote(part), write}
}

// interval reads "@every 10m". every says whether that is what the specification is, however badly written.
func interval(text string) (length time.Duration, every bool) {
	name, written, _ := strings.Cut(text, " ")
	length, err := time.ParseDuration(written)
	if err != nil {
		length = 0
	}
	return length, name == "@every"
}

// quote shows what was typed, or its beginning.
func quote(typed string) string {
	const shown = 60
	if r := []rune(typed); len(r) > shown {
		typed = string(r[:shown]) + "…"
	}
	return strconv.Quote(typed)
}
