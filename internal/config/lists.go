package config

import (
	"fmt"
	"reflect"
	"strings"
)

// listFaults is [loader.faults] for a list.
func (l *loader) listFaults(key string, v reflect.Value) []string {
	table, rest, _ := strings.Cut(key, ".")
	name, below, _ := strings.Cut(rest, ".")
	switch {
	case key == "web.origins":
		return eachFault(v, browserOriginFault)
	case key == "web.trusted_proxies", key == "collect.picture_networks":
		return eachFault(v, networkFault)
	case table == "groups" && below == "domains":
		return eachFault(v, func(domain string) string { return l.domainFault(name, domain) })
	case table == "newsletters" && below == "sections":
		return l.sectionsFaults(key, v.Interface().([]Section))
	case table == "newsletters" && below == "former":
		return eachFault(v, l.formerFault)
	case table == "sources" && below == "rules":
		return l.rulesFaults(key, l.cfg.Sources[name])
	case table == "sources":
		return eachFault(v, func(text string) string { return l.cfg.Sources[name].entryFault(below, text) })
	}
	return nil
}

// eachFault says of each of several texts what is wrong with it.
func eachFault(texts reflect.Value, fault func(string) string) (all []string) {
	for i := range texts.Len() {
		if why := fault(texts.Index(i).String()); why != "" {
			all = append(all, fmt.Sprintf("%q: %s", withoutUser(texts.Index(i).String()), why))
		}
	}
	return all
}
