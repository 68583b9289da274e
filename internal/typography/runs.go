package typography

import "strings"

// SetRuns sets texts that follow one another as the one text that a reader sees, such as the words before, in and after a link, and gives each its
// part. A space that is added between two belongs to the second.
func SetRuns(runs []string, lang string) []string {
	whole := strings.Join(runs, "")
	set := Set(whole, lang)
	if set == whole {
		return runs
	}
	was, is := []rune(whole), []rune(set)
	parts := make([]string, len(runs))
	end, i, j := 0, 0, 0
	for n, run := range runs {
		end += len([]rune(run))
		from := j
		for i < end {
			di, dj := step(was[i:], is[j:])
			i, j = i+di, j+dj
		}
		if n == len(runs)-1 {
			j = len(is)
		}
		parts[n] = string(is[from:j])
	}
	return parts
}

// furthest is how many characters a rule changes at most between two that stay.
const furthest = 16

// step is how far to go in a text and in what was made of it to be at the same place again.
func step(was, is []rune) (i, j int) {
	if len(was) > 0 && len(is) > 0 && was[0] == is[0] {
		return 1, 1
	}
	for far := 1; far <= furthest; far++ {
		for i := min(far, len(was)); i >= 0 && far-i <= len(is); i-- {
			if alike(was[i:], is[far-i:]) {
				return i, far - i
			}
		}
	}
	return 1, min(1, len(is))
}

// alike reports two texts that go on with the same two characters, or end.
func alike(a, b []rune) bool {
	if len(a) == 0 || len(b) == 0 {
		return len(a) == len(b)
	}
	return a[0] == b[0] && (len(a) == 1 || len(b) == 1 || a[1] == b[1])
}
