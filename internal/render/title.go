package render

// Title returns what a title says of which nobody knows whether it was written as text or as HTML; see [AsHTML]. It is applied once.
func Title(given string, isText bool) string { return sayings(blocks(AsHTML(given, isText), skipped)) }
