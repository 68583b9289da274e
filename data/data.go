// Package data holds the sample articles that the demo publishes. At run time the folder around them is the default
// home of the database, the keys and the outbox.
package data

import "embed"

// Samples are the sample articles, Markdown with front matter, under "sample".
//
//go:embed sample/*.md
var Samples embed.FS
