package config

import (
	"fmt"
	"slices"

	"facteur/internal/newsletter"
)

func familyFault(name string) string {
	return unless(newsletter.ValidName(name), "a family is named by up to 40 of a–z, 0–9 and single hyphens between them")
}

// Sisters are the other newsletters of the family of one.
func (c *Config) Sisters(name string) []string {
	family := c.Newsletters[name].Family
	return slices.DeleteFunc(sortedKeys(c.Newsletters), func(other string) bool {
		return family == "" || other == name || c.Newsletters[other].Family != family
	})
}

// Former are the newsletters that took part in the family of one, or were itself, and are not in the settings any more: whichever of the family names them.
func (c *Config) Former(name string) (all []string) {
	for _, one := range append([]string{name}, c.Sisters(name)...) {
		for _, former := range c.Newsletters[one].Former {
			if !slices.Contains(all, former) {
				all = append(all, former)
			}
		}
	}
	return all
}

// formerFault asks for the name of a newsletter that is not in the settings.
func (l *loader) formerFault(name string) string {
	if _, is := l.cfg.Newsletters[name]; is {
		return "it is in the settings\nname one family in both"
	}
	return unless(newsletter.ValidName(name), "it cannot be the name of a newsletter")
}

// theFamilies checks that what sisters promise each other has somebody to keep it.
func (l *loader) theFamilies() {
	for _, name := range sortedKeys(l.cfg.Newsletters) {
		n, key := l.cfg.Newsletters[name], "newsletters."+name
		if l.bad[key+".family"] || l.spoiled(key+".sections") || len(l.cfg.Sisters(name)) > 0 {
			continue
		}
		recalls := slices.ContainsFunc(n.Sections, func(s Section) bool { return s.Recall })
		switch {
		case n.Family != "":
			l.reject(key+".family", l.cfg.origins[key+".family"], fmt.Sprintf("%s.family is %q, and no other newsletter is of that family", key, n.Family),
				"name the same family in another newsletter, or in none")
		case recalls:
			l.reject(key+".sections", l.cfg.origins[key+".sections"], key+".sections: a section recalls what the family brought, and there is no family",
				"name its family, "+key+".family, or leave out recall")
		}
	}
}
