// Package source reads articles from the outside: Markdown files with front matter, pages, feeds, and SQLite files of other programs.
//
// A Markdown file is one article. Its front matter, YAML between lines of --- or TOML between lines of +++, holds the keys of
// the inbox; keys of other programs are left alone, so that the files of a site generator can be read as they are. A
// known key with a value of the wrong kind is an error. Every error names the file, the line where there is one, and
// what to change.
//
// A [Page] is one article too, which package extract finds in it.
//
// [Folder], [Feed] and [Foreign] are read again and again. Each goes on from a mark, which only it understands, so that what did not change
// costs next to nothing. What one entry lacks is its own fault and keeps no other from coming.
package source
