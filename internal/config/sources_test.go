package config

import (
	"strings"
	"testing"
)

func TestSources(t *testing.T) {
	here(t, "facteur.toml", `[sources.site]
kind = "feed"
url = "https://pandia.example/feed/"
rules = [{ tag = "tutoriel", section = "Guides" }]
[sources.base]
kind = "sqlite"
path = "site.db"
query = """
	SELECT 'a' AS url,
	title FROM posts"""
`)
	c := load(t, Options{Environ: []string{"FACTEUR_SOURCES_BASE_CURSOR=id", `FACTEUR_SOURCES_SITE_WITHOUT_TAGS=["pub"]`}})
	site, base := c.Sources["site"], c.Sources["base"]
	if site.Schedule != "*/15 * * * *" || len(site.Rules) != 1 || site.Rules[0].Section != "Guides" || site.WithoutTags[0] != "pub" || base.Cursor != "id" || !strings.Contains(base.Query, "\n\ttitle FROM") {
		t.Errorf("%+v, %+v", site, base)
	}
	if shown := string(show(t, c)); !strings.Contains(shown, `sources.site.url = "https://pandia.example/feed/"`) || !strings.Contains(shown, `"SELECT 'a' AS url,\n\ttitle FROM posts"`) && !strings.Contains(shown, `\tSELECT 'a' AS url,\n\ttitle FROM posts`) {
		t.Errorf("shown as\n%s", shown)
	}
}

// recalling is a family of two, of which one recalls what the other brought.
const recalling = "[newsletters.x]\nfamily=\"f\"\n" + full + "[newsletters.y]\nfamily=\"f\"\ntitle=\"T\"\nschedule=\"@daily\"\n" +
	"sections=[{name=\"a\",title=\"A\",quota=1},{name=\"rappel\",title=\"À ne pas manquer\",quota=1,recall=true}]\n"

func TestSources_wrong(t *testing.T) {
	for text, want := range map[string]string{
		`[sources.a]`: "sources.a.kind: it is missing or empty",
		`[sources.a]
kind = "ftp"`: `sources.a.kind is "ftp", expected one of folder, feed, sqlite`,
		`[sources.a]
kind = "feed"`: "sources.a.url: it is missing or empty",
		`[sources.a]
kind = "feed"
url = "pandia.example"`: "not a full http or https address",
		`[sources.a]
kind = "folder"
path = "x"
query = "SELECT 1"`: `a source of the kind "folder" has no query` + "\n  leave it out",
		`[sources.a]
kind = "folder"
path = "x"
cursor = "id"`: "it is for an SQLite file only",
		`[sources.a]
kind = "sqlite"
path = "x"`: "sources.a.query: it is missing or empty",
		`[sources.a]
kind = "folder"
path = "x"
zone = "Mars"`: "not the name of a time zone",
		`[sources.a]
kind = "folder"
path = "x"
words = ["…"]`: "it holds no letter and no figure",
		`[sources.a]
kind = "folder"
path = "x"
languages = ["français"]`: "not the code of a language",
		`[sources.a]
kind = "folder"
path = "x"
rules = [{ tag = "a", section = "guides" }, { tag = "b", section = "cuisine" }]`: `rule 2: "cuisine" is no section of any newsletter; there are actualites, breves, guides, liste-ia, prompts`,
		recalling + `[sources.a]
kind = "folder"
path = "x"
section = "À ne pas manquer"`: `sources.a.section is "À ne pas manquer": "À ne pas manquer" recalls what other newsletters brought, and takes no articles of its own; there are a`,
		recalling + `[sources.a]
kind = "folder"
path = "x"
rules = [{ tag = "a", section = "rappel" }]`: `rule 1: "rappel" recalls what other newsletters brought`,
		`[sources.a]
kind = "folder"
path = "x"
rules = [{ tag = "a" }]`: "rule 1: it needs a section",
		`[sources.a]
kind = "folder"
path = "x"
schedul = "x"`: "unknown key sources.a.schedul",
		`[sources."A b"]
kind = "folder"`: `"A b" cannot be the name of a source`,
		`sources = "x"`: `sources is a text, expected a table`,
	} {
		here(t, "facteur.toml", text)
		if _, err := Load(Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\n%v\nwant %q", text, err, want)
		}
	}
}

// What to do does not contradict what is wrong, and a password is not shown.
func TestSources_hints(t *testing.T) {
	const user = "a user name stands in it\n  leave out all before the @, for nothing is asked with one; change the password if others could see it"
	for text, want := range map[string]string{
		"kind = \"folder\"\npath = \"x\"\ncursor = \"id\"":                       "sources.a.cursor is \"id\": it is for an SQLite file only\n  leave it out",
		"kind = \"folder\"\npath = \"x\"\nurl = \"https://u:geheim@h.example/\"": "sources.a.url is \"https://********@h.example/\": a source of the kind \"folder\" has no url\n  leave it out",
		"kind = \"feed\"\nurl = \"https://nora:geheim@h.example/feed\"":          "sources.a.url is \"https://********@h.example/feed\": " + user,
		"kind = \"feed\"\nurl = \"https://nora@h.example/feed\"":                 "sources.a.url is \"https://********@h.example/feed\": " + user,
		"kind = \"feed\"\nurl = \"https://nora:ge#h%eim/@h.example/feed\"":       "sources.a.url is \"https://********@h.example/feed\": " + user,
		"kind = \"feed\"\nurl = \"nora:geheim@h.example/feed\"":                  "sources.a.url is \"********@h.example/feed\": " + user,
		"kind = \"feed\"\nurl = \"ftp://h.example/@nora\"":                       "sources.a.url is \"ftp://h.example/@nora\": not a full http or https address\n  write for example",
	} {
		here(t, "facteur.toml", "[sources.a]\n"+text)
		_, err := Load(Options{})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "geheim") || strings.Contains(err.Error(), "leave") && strings.Contains(err.Error(), "write for") {
			t.Errorf("%s\n%v\nwant %q", text, err, want)
		}
	}
	here(t, "facteur.toml", "[sources.a]\nkind = \"feed\"\nurl = \"https://social.example/@nora.rss\"")
	load(t, Options{})
}
