package token

import "strings"

// Placeholder stands for a token of the purpose in texts that are frozen before anybody's token is known. It has the
// length and the alphabet of a token, so that putting one in its place moves nothing; and it verifies as none.
func Placeholder(p Purpose) string {
	mark := string(p) + "-token-of-the-reader-"
	return mark + strings.Repeat("0", Len-len(mark))
}
