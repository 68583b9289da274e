// Package render turns an edition, or what a single letter is about, and the templates into HTML and text, and an article
// into HTML for a page.
//
// Its rules:
//   - It is pure: the same edition, templates and strings give the same bytes.
//   - The HTML and the text part say the same in the same order, and every link of the one stands in the other.
//   - A reader's own links and the day of their consent are placeholders of package token here; package letter fills them
//     in. Nothing else differs between readers, and nothing that an article or a title says can bring a placeholder in.
//   - What readers see stands in the templates and in the strings of their language, never in this code.
//   - What an article says in a letter is text: it is escaped once, by html/template, and it never becomes markup. In a
//     page its Markdown becomes the few elements that [HTML] lists.
package render
