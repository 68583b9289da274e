package config

import (
	"fmt"

	"facteur/internal/newsletter"
)

// theSections checks that a word by which an article may name its section means the same section in every newsletter that has it: an article is kept
// with one, and a newsletter that meant another would never see it.
func (l *loader) theSections() {
	type owner struct{ section, newsletter string }
	means := make(map[string]owner)
	for _, name := range sortedKeys(l.cfg.Newsletters) {
		key := "newsletters." + name + ".sections"
		if l.bad[key] {
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
				} else if first.section != s.Name && !l.bad[key] {
					l.reject(key, l.cfg.origins[key], fmt.Sprintf("%s: %q is section %q here and section %q of the newsletter %q, and an article that names it is in one", key, word, s.Name, first.section, first.newsletter),
						"give both sections one name, or other titles")
				}
			}
		}
	}
}
