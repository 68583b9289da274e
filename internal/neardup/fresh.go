package neardup

import "strings"

const mostFresh = 40_000 // bytes of a text that are looked at

// Fresh says how many of 100 words of a text are new since it was as it was then: those that stand in none of the runs of three words that it had.
// A passage that was moved is not new. It is 0 where either text is too short to be compared, or the earlier was an extract.
func Fresh(then, now string) int {
	if then == now {
		return 0
	}
	before, after := cleaned(then, mostFresh), cleaned(now, mostFresh)
	had, has := words(before), words(after)
	if len(had) < longText || len(has) < longText || isExtract(before) {
		return 0
	}
	runs := shingles(had)
	known := make([]bool, len(has))
	for i := 0; i+shingle <= len(has); i++ {
		if runs.has(hash(has[i : i+shingle]...)) {
			for k := range shingle {
				known[i+k] = true
			}
		}
	}
	fresh := 0
	for _, k := range known {
		if !k {
			fresh++
		}
	}
	return 100 * fresh / len(has)
}

// cleaned are the words of a text, up to so many bytes.
func cleaned(markdown string, most int) string {
	return plain(strings.ToValidUTF8(markdown[:min(len(markdown), most)], ""))
}

// isExtract reports a text that ends as those do that feeds cut.
func isExtract(text string) bool {
	text = strings.TrimRight(strings.TrimSpace(text), " ])")
	return strings.HasSuffix(text, "…") || strings.HasSuffix(text, "...")
}
