package config

import "slices"

// Files are what these settings stand in and what they name besides the data folder: a copy of that folder is not all that
// the program needs.
func (c *Config) Files() []string {
	files := []string{}
	add := func(path string) {
		if path != "" && !slices.Contains(files, path) {
			files = append(files, path)
		}
	}
	add(c.file)
	for _, s := range settings(c) {
		if origin := c.origins[s.key]; origin.Kind == FromSecretFile || origin.Kind == FromCredential {
			add(origin.Name)
		}
		if s.tag.Get("path") != "" && s.key != "data" {
			add(s.value.String())
		}
	}
	return files
}
