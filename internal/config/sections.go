package config

import (
	"fmt"
	"slices"

	"facteur/internal/newsletter"
)

// theSections checks that a word by which an article may name its section means the same section in every newsletter that has it: an article is kept
// with one, and a newsletter that meant another would never see it.
func (l *loader) theSections() {
	type owner struct{ section, newsletter string }
	means := make(map[string]owner)
	for _, name := range sortedKeys(l.cfg.Newsletters) {
		key := "newsletters." + name + ".sections"
		if l.spoiled(key) {
			continue
		}
		for _, s := range l.cfg.Newsletters[name].Sections {
			if s.Recall {
				continue // no article names it
			}
			for _, word := range []string{s.Name, s.Title} {
				first, taken := means[newsletter.SectionKey(word)]
				if !taken {
					means[newsletter.SectionKey(word)] = owner{s.Name, name}
				} else if first.section != s.Name {
					l.reject(key, l.cfg.origins[key], fmt.Sprintf("%s: %q is section %q here and section %q of the newsletter %q, and an article that names it is in one", key, word, s.Name, first.section, first.newsletter),
						"give both sections one name, or other titles")
					break // its other word would say the same
				}
			}
		}
	}
}

// sectionsFaults says all that is wrong with the sections of a newsletter, which stand at key.
func (l *loader) sectionsFaults(key string, sections []Section) (all []string) {
	if len(sections) == 0 {
		return []string{"a newsletter needs at least one section"}
	}
	for i, s := range sections {
		if l.bad[element(key, i)] {
			continue
		}
		called := fmt.Sprintf("section %q", s.Name)
		if !newsletter.ValidName(s.Name) {
			called = fmt.Sprintf("section %d", i+1)
		}
		for _, why := range slices.Concat(s.faults(), s.faultsBeside(sections[:i])) {
			all = append(all, called+" "+why)
		}
	}
	return all
}

// faults says all that is wrong with a section by itself.
func (s Section) faults() (all []string) {
	if !newsletter.ValidName(s.Name) {
		all = append(all, "needs a name: up to 40 of a–z, 0–9 and single hyphens between them\nwrite for example name = \"guides\" in it")
	}
	if required(s.Title) != "" {
		all = append(all, "needs a title\nwrite for example title = \"Guides\" in it")
	}
	if s.Quota < 1 || s.Quota > 1000 {
		all = append(all, "needs a quota from 1 to 1000\nwrite for example quota = 4 in it")
	} else if s.Minimum < 0 || s.Minimum > s.Quota {
		all = append(all, fmt.Sprintf("needs a minimum from 0 to its quota, %d\nlower its minimum, or raise its quota", s.Quota))
	}
	if s.Updated < 0 || s.Updated > 100 {
		all = append(all, "needs an updated from 0 to 100, of so many words in a hundred\nwrite for example updated = 20 in it")
	}
	return all
}

// faultsBeside says all that is wrong with a section behind others.
func (s Section) faultsBeside(earlier []Section) (all []string) {
	if s.Name != "" && slices.ContainsFunc(earlier, func(o Section) bool { return o.Name == s.Name }) {
		all = append(all, "stands twice\ngive one of them another name, or take it out")
	}
	if s.Recall && len(earlier) == 0 {
		all = append(all, "cannot recall: the first one takes the articles without a section\nput a section that does not recall before it")
	}
	if s.Recall && slices.ContainsFunc(earlier, func(o Section) bool { return o.Recall }) {
		all = append(all, "is the second that recalls, and one does\ntake recall = true out of one of them")
	}
	return all
}
