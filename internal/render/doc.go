// Package render turns an edition and the templates into HTML and text.
package render
