package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"facteur/internal/newsletter"
)

// entryFault is fault for one of the texts by which articles of a source are taken or not.
func (s *Source) entryFault(key, text string) string {
	switch key {
	case "tags":
		return cmp.Or(wordFault(text), s.withoutTag(text))
	case "words":
		return cmp.Or(wordFault(text), s.withoutWord(text))
	case "languages":
		return unless(languageTag.MatchString(text), "not the code of a language such as fr")
	}
	return wordFault(text)
}

// withoutTag says that no article with a tag is taken; empty: some may be.
func (s *Source) withoutTag(tag string) string {
	if slices.ContainsFunc(s.WithoutTags, func(not string) bool { return newsletter.TagKey(not) == newsletter.TagKey(tag) }) {
		return "without_tags keeps out what has this tag, so that it has no effect\ntake it out of the one or of the other"
	}
	return ""
}

// withoutWord says that no article with a word in its title or text is taken; empty: some may be.
func (s *Source) withoutWord(word string) string {
	i := slices.IndexFunc(s.WithoutWords, func(not string) bool { return holds(word, not) })
	if i < 0 {
		return ""
	}
	return fmt.Sprintf("without_words keeps out what has %q, so that it has no effect\ntake it out, or %[1]q out of without_words", s.WithoutWords[i])
}

// holds says whether a word, or a row of words, stands in another.
func holds(text, word string) bool {
	return strings.Contains(newsletter.WordKey(text), newsletter.WordKey(word))
}

// rulesFaults says all that is wrong with the rules of a source, which stand at key.
func (l *loader) rulesFaults(key string, s *Source) (all []string) {
	for i, r := range s.Rules {
		if l.bad[element(key, i)] {
			continue
		}
		say := func(why string) {
			if why != "" {
				all = append(all, fmt.Sprintf("rule %d: %s", i+1, why))
			}
		}
		if r.Section == "" {
			say("it needs a section")
		} else {
			say(l.sectionFault(r.Section))
		}
		if why := r.fault(); why != "" {
			say(why)
			continue
		}
		say(s.ruleAside(i))
	}
	return all
}

// fault says what is wrong with that by which a rule fits.
func (r SourceRule) fault() string {
	if r.Tag == "" && r.Title == "" {
		return "it needs a tag, a title, or both"
	}
	return cmp.Or(optional(r.Tag, wordFault), optional(r.Title, wordFault))
}

// ruleAside says why no article ever goes by a rule; empty: some may.
func (s *Source) ruleAside(i int) string {
	r := s.Rules[i]
	for j, earlier := range s.Rules[:i] {
		if earlier.fault() == "" && earlier.covers(r) {
			return fmt.Sprintf("rule %d fits whatever it would, so that it has no effect\ntake it out, or put it before the other if it is the narrower one", j+1)
		}
	}
	why := ""
	if r.Tag != "" {
		why = s.withoutTag(r.Tag)
	}
	if r.Title != "" && why == "" {
		why = s.withoutWord(r.Title)
	}
	return why
}

// covers says whether a rule fits all articles that another fits.
func (r SourceRule) covers(other SourceRule) bool {
	return (r.Tag == "" || newsletter.TagKey(r.Tag) == newsletter.TagKey(other.Tag)) && (r.Title == "" || holds(other.Title, r.Title))
}

// wordFault asks for a letter or a figure, by which words are compared.
func wordFault(text string) string {
	return unless(newsletter.SectionKey(text) != "", "it holds no letter and no figure")
}
