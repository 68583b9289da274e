package newsletter

import "strings"

// Command is a command of facteur about the newsletter, as people can type it.
func (n Newsletter) Command(words string) string {
	if n.Several {
		words += " --newsletter " + n.Name
	}
	return "facteur " + words
}

// ShellWord is a text, such as the path of a file, as a shell takes it for one word.
func ShellWord(text string) string {
	if text == "" || strings.ContainsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\n'\"\\$`&|;<>()*?[]{}~#!", r) }) {
		return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
	}
	return text
}
