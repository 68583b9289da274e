// Package data holds the sample articles that the demo publishes. At run time the folder around them is the default
// home of the database, the keys and the outbox.
package data

import "embed"

// Samples are the sample articles, Markdown with front matter, under "sample": those with a number, and under "later" those that
// come after the first edition. The picture that one of them shows, the editor's word and the settings for them stand beside.
//
//go:embed sample
var Samples embed.FS
