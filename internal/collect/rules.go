package collect

import (
	"slices"
	"strings"

	"facteur/internal/newsletter"
)

// Rules say which articles of a source are taken, and into which section. The zero value takes all, into the section that each names.
type Rules struct {
	Tags      []string // one of them, where there are any
	NotTags   []string // none of them
	Words     []string // one of them in title, summary or text, where there are any
	NotWords  []string
	Languages []string // one of them, where there are any; an article that names none is taken

	Sections []SectionRule // the first that fits counts
	Section  string        // of articles that neither fit a rule nor name one
}

// A SectionRule puts articles into a section that have a tag, a word in their title, or both where both are given.
type SectionRule struct{ Tag, Title, Section string }

// admit reports whether an article is wanted. Capitals and accents make no difference, and tags and words are whole ones.
func (r Rules) admit(a newsletter.Article) bool {
	tagged := func(tag string) bool { return hasTag(a, tag) }
	if len(r.Tags) > 0 && !slices.ContainsFunc(r.Tags, tagged) || slices.ContainsFunc(r.NotTags, tagged) {
		return false
	}
	if !r.speaks(a.Language) {
		return false
	}
	if len(r.Words)+len(r.NotWords) == 0 {
		return true
	}
	text := newsletter.WordKey(a.Title + "\n" + a.Summary + "\n" + a.Body)
	says := func(word string) bool { return strings.Contains(text, newsletter.WordKey(word)) }
	return (len(r.Words) == 0 || slices.ContainsFunc(r.Words, says)) && !slices.ContainsFunc(r.NotWords, says)
}

func (r Rules) speaks(tag string) bool {
	if len(r.Languages) == 0 || tag == "" {
		return true
	}
	return slices.ContainsFunc(r.Languages, func(wanted string) bool { return primary(wanted) == primary(tag) })
}

// primary is the language of a tag without script and region.
func primary(tag string) string {
	main, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
	return main
}

// section is where an article goes.
func (r Rules) section(a newsletter.Article) string {
	for _, rule := range r.Sections {
		if (rule.Tag == "" || hasTag(a, rule.Tag)) && (rule.Title == "" || strings.Contains(newsletter.WordKey(a.Title), newsletter.WordKey(rule.Title))) {
			return rule.Section
		}
	}
	if strings.TrimSpace(a.Section) != "" {
		return a.Section
	}
	return r.Section
}

func hasTag(a newsletter.Article, tag string) bool {
	return slices.ContainsFunc(a.Tags, func(have string) bool { return newsletter.TagKey(have) == newsletter.TagKey(tag) })
}
