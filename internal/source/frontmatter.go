package source

import "strings"

// A kind is what a front matter's value is, in words for its author.
type kind string

const (
	kindNothing kind = ""
	kindText    kind = "a text"
	kindList    kind = "a list"
	kindDate    kind = "a date"
	kindNumber  kind = "a number"
	kindBool    kind = "true or false"
	kindMixed   kind = "a list that holds more than texts"
	kindOther   kind = "neither a text nor a list"
)

// A value is one value of the front matter, in the terms that YAML and TOML share. A date is held as text.
type value struct {
	kind kind
	text string
	list []string
	line int // of its key in the file, from 1
}

// fields are the known keys of a front matter, in lower case.
type fields map[string]value

// known reports whether a key is one of the inbox, or says that a file is a draft; the others belong to other programs.
func known(key string) bool {
	switch key {
	case keyDraft, "title", "url", "section", "summary", "author", "tags", "language", "published", "picture", "picture_alt", "canonical":
		return true
	}
	return false
}

// set keeps a value under its key, whose case does not matter. A key that stands twice is an error, for only one of its
// values could be meant.
func (f fields) set(key string, v value) error {
	key = strings.ToLower(key)
	if !known(key) {
		return nil
	}
	if first, twice := f[key]; twice {
		return onLine(v.line, "%s stands here and on line %d: keep one", key, first.line)
	}
	f[key] = v
	return nil
}

// line is where key stands; for a key that is missing, the first line, where it should have been looked for.
func (f fields) line(key string) int { return max(f[key].line, 1) }

// A frontMatter is the part of a file between its fences.
type frontMatter struct {
	text  string
	fence string
}

func (m frontMatter) parse() (fields, error) {
	if m.fence == fenceTOML {
		return parseTOML(m.text)
	}
	return parseYAML(m.text)
}

// keyDraft is how site generators mark what is not for readers yet. Who adds a file by hand means it all the same.
const keyDraft = "draft"

// isDraft reports what is marked so; a word that is neither yes nor no counts as yes.
func (f fields) isDraft() bool {
	v := f[keyDraft]
	return v.kind == kindBool && v.text == "true" || v.kind == kindText && !strings.EqualFold(v.text, "false") && !strings.EqualFold(v.text, "no") && v.text != ""
}

const (
	fenceYAML = "---"
	fenceTOML = "+++"
)

// firstLine is the line of the file on which the text between the fences begins.
const firstLine = 2

// split cuts a file into front matter and body.
func split(text string) (frontMatter, string, error) {
	first, rest, _ := strings.Cut(text, "\n")
	fence := strings.TrimRight(first, " \t")
	if fence != fenceYAML && fence != fenceTOML {
		return frontMatter{}, "", onLine(1, "has no front matter: begin the file with a line of ---, then title: and url:, then a line of ---")
	}
	front, body, closed := cutAtFence(rest, fence)
	if !closed {
		return frontMatter{}, "", onLine(1, "front matter is never closed: end it with a line of %s", fence)
	}
	if len(front) > maxFrontMatter {
		return frontMatter{}, "", onLine(1, "front matter is larger than %d bytes: shorten it", maxFrontMatter)
	}
	if i := strings.IndexFunc(front, isControl); i >= 0 {
		return frontMatter{}, "", onLine(firstLine+strings.Count(front[:i], "\n"), "holds a control character: remove it")
	}
	return frontMatter{text: front, fence: fence}, body, nil
}

func isControl(r rune) bool { return r < ' ' && r != '\n' && r != '\t' || r == 0x7f }

// cutAtFence cuts text at the first line that is fence.
func cutAtFence(text, fence string) (before, after string, found bool) {
	for rest, start := text, 0; rest != ""; {
		line, next, more := strings.Cut(rest, "\n")
		if strings.TrimRight(line, " \t") == fence {
			return text[:start], next, true
		}
		if !more {
			break
		}
		start += len(line) + 1
		rest = next
	}
	return "", "", false
}
