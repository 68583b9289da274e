package token

import "strings"

// What a reader's own is marked by in texts that are frozen before any reader is known.
const (
	TokenMark = "-token-of-the-reader-" // in every [Placeholder], after its purpose and before zeros
	DayMark   = "~since~"               // at the beginning of every [DayPlaceholder]
)

// Placeholder stands for a token of the purpose in texts that are frozen before anybody's token is known. It has the
// length and the alphabet of a token, so that putting one in its place moves nothing; and it verifies as none.
func Placeholder(p Purpose) string {
	mark := string(p) + TokenMark
	return mark + strings.Repeat("0", Len-len(mark))
}

// DayPlaceholder stands for the day of a reader's consent, written in so many characters, as [Placeholder] does for a
// token. It needs no escaping in HTML and no encoding in a message.
func DayPlaceholder(length int) string {
	return DayMark + strings.Repeat("~", length-len(DayMark))
}
