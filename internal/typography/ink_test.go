package typography_test

import (
	"testing"

	"facteur/internal/typography"
)

func TestIsBlank(t *testing.T) {
	for _, text := range []string{"", " ", "\u00a0\u3000\t\n", "\u3164", "\u2800\u2800", "\u115f\u1160\uffa0", "\u034f\u061c", "\u180b\ufe0f", "\u200b\u2060\ufeff", "\U000e0041\U000e0100", "\u17b4 \u2065"} {
		if !typography.IsBlank(text) {
			t.Errorf("%+q shows something", text)
		}
	}
	for _, text := range []string{"a", "…", "🎉", "한", "⠁", "\u2800\u2801", "\ufffd", "\u0600", "१"} {
		if typography.IsBlank(text) {
			t.Errorf("%+q shows nothing", text)
		}
	}
}
