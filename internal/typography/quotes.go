package typography

import (
	"strings"
	"unicode"
)

// marks are the opening and closing sign of a quotation.
type marks struct{ opening, closing string }

// setQuotes makes a rule that gives straight double quotes their shape where they come in pairs within a paragraph:
// outer, and inner inside another quotation. One without a partner, as in 15", stays.
func setQuotes(outer, inner marks) rule {
	return func(text string) string {
		if !strings.Contains(text, `"`) {
			return text
		}
		runes := []rune(text)
		shaped := pairQuotes(runes, outer, inner)
		var set strings.Builder
		for i, r := range runes {
			if sign, ok := shaped[i]; ok {
				set.WriteString(sign)
				continue
			}
			set.WriteRune(r)
		}
		return set.String()
	}
}

// pairQuotes gives the signs for those straight quotes that have a partner, by their place.
func pairQuotes(runes []rune, outer, inner marks) map[int]string {
	shaped := map[int]string{}
	var open []int // places of quotes that wait for their partner
	depth := 0     // outer quotations already open in their right shape
	for i, r := range runes {
		switch {
		case string(r) == outer.opening:
			depth++
		case string(r) == outer.closing:
			depth = max(depth-1, 0)
		case r == '\n' && endsParagraph(runes[i+1:]):
			open, depth = nil, 0
		case r != '"':
		case len(open) > 0 && open[len(open)-1] < i-1 && mayClose(runes, i):
			last := len(open) - 1
			pair := outer
			if depth+last > 0 {
				pair = inner
			}
			shaped[open[last]], shaped[i] = pair.opening, pair.closing
			open = open[:last]
		case mayOpen(runes, i):
			open = append(open, i)
		}
	}
	return shaped
}

// endsParagraph reports whether only white space stands between this line's end and the next.
func endsParagraph(rest []rune) bool {
	for _, r := range rest {
		if r == '\n' {
			return true
		}
		if !unicode.IsSpace(r) {
			return false
		}
	}
	return false
}

func mayOpen(runes []rune, i int) bool {
	if i+1 == len(runes) || unicode.IsSpace(runes[i+1]) {
		return false
	}
	return i == 0 || unicode.IsSpace(runes[i-1]) || strings.ContainsRune(`([{«“‘'’"-–—/*_`, runes[i-1]) ||
		i > 1 && runes[i-1] == ':' && unicode.IsLetter(runes[i-2])
}

func mayClose(runes []rune, i int) bool {
	if unicode.IsSpace(runes[i-1]) || strings.ContainsRune(`([{«“‘`, runes[i-1]) {
		return false
	}
	return i+1 == len(runes) || unicode.IsSpace(runes[i+1]) || strings.ContainsRune(`.,;:!?…)]}»”'’"-–—/*_`, runes[i+1])
}
