package newsletter_test

import (
	"strings"
	"testing"

	"facteur/internal/newsletter"
)

func TestWordValidate(t *testing.T) {
	for _, good := range []newsletter.Word{{Text: "Bonjour."}, {Text: strings.Repeat("é", 2000), By: strings.Repeat("é", 100)}} {
		if err := good.Validate(); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for want, bad := range map[string]newsletter.Word{
		"says nothing":         {Text: " \n "},
		"shorten it to 2000":   {Text: strings.Repeat("é", 2001)},
		"one line of at most":  {Text: "x", By: strings.Repeat("é", 101)},
		"at most 100":          {Text: "x", By: "Camille\nBcc: x"},
		"control character":    {Text: "x\x00"},
		"signs it is not UTF-": {Text: "x", By: "\xff"},
	} {
		if err := bad.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", bad, err, want)
		}
	}
}
