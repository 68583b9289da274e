// Package extract understands HTML that others wrote. It gets bytes and gives articles: it asks no server and opens no file.
//
// [Page] finds the article of a page: what stands around its text is taken out, in the order that article.go tells, and a page that holds no
// article, or only its beginning, is a [Wall] that says what was seen. [HTML] and [Text] make Markdown of a text as feeds and databases have it.
// [Names], [Date] and [UTF8] read what is said beside a text as people and programs spell it. What is too long is cut to what an article may
// hold.
package extract
