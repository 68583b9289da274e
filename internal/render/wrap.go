package render

import (
	"strings"
	"unicode/utf8"
)

// textWidth is the longest line of the text part in characters, unless one word alone is longer. RFC 5322 §2.1.1 asks
// for 78; two are left for the marks of those who quote the letter.
const textWidth = 76

// wrap breaks one paragraph into lines at ordinary spaces. A no-break space holds, and no word is cut.
func wrap(paragraph string) string {
	var b strings.Builder
	column := 0
	for _, word := range strings.Split(paragraph, " ") {
		width := utf8.RuneCountInString(word)
		switch {
		case column == 0:
		case column+1+width > textWidth:
			b.WriteByte('\n')
			column = 0
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += width
	}
	return b.String()
}

// underline is a rule as long as the heading above it.
func underline(heading string) string {
	return strings.Repeat("-", min(utf8.RuneCountInString(heading), textWidth))
}

// tidy takes the white space out that the actions of a template leave behind: line ends, and runs of empty lines.
func tidy(s string) string {
	var lines []string
	empty := 0
	for line := range strings.SplitSeq(s, "\n") {
		line = strings.TrimRight(line, " \t\r")
		if line == "" {
			empty++
			continue
		}
		if len(lines) > 0 && empty > 0 {
			lines = append(lines, make([]string, min(empty, 2))...)
		}
		empty = 0
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n") + "\n"
}
