package token_test

import (
	"testing"

	"facteur/internal/token"
)

func TestPlaceholderFillsATokensPlaceAndIsNone(t *testing.T) {
	ring := keyring(t, 1)
	for _, p := range token.Purposes() {
		mark := token.Placeholder(p)
		if len(mark) != token.Len {
			t.Errorf("the placeholder of %s has %d characters, a token %d", p, len(mark), token.Len)
		}
		if _, err := ring.Verify(mark, p); err == nil {
			t.Errorf("the placeholder of %s verifies", p)
		}
	}
}
