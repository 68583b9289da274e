// Package newsletter holds the words of Facteur: what an article, an edition, a subscription and a delivery are,
// which states they pass through, and the rules that need nothing but their arguments.
//
// It knows no clock, no network and no database. Every other package speaks in these words, and none of them is
// renamed on its way into a table, a command or a page.
package newsletter
