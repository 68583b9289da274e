// Package render turns an edition and the templates into HTML and text, and an article into HTML for a page.
//
// Its rules:
//   - It is pure: the same edition, templates and strings give the same bytes.
//   - The HTML and the text part say the same in the same order, and every link of the one stands in the other.
//   - A reader's own link is a placeholder of package token here; package letter fills it in. Nothing else differs
//     between readers, and nothing that an article says can bring the placeholder in.
//   - What readers see stands in the templates and in the strings of their language, never in this code.
//   - What an article says in a letter is text: it is escaped once, by html/template, and it never becomes markup. In a
//     page its Markdown becomes the few elements that [HTML] lists.
package render
