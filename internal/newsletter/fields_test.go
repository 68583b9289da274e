package newsletter

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParsePublished(t *testing.T) {
	utc := func(d, h, m, s, ns int) time.Time { return time.Date(2026, 10, d, h, m, s, ns, time.UTC) }
	tests := []struct {
		text string
		want time.Time
	}{
		{"", time.Time{}},
		{"  ", time.Time{}},
		{"2026-10-27", utc(26, 23, 0, 0, 0)},
		{"2026-10-27 07:30", utc(27, 6, 30, 0, 0)},
		{"2026-10-27T07:30", utc(27, 6, 30, 0, 0)},
		{"2026-10-27 07:30:15", utc(27, 6, 30, 15, 0)},
		{" 2026-10-27t07:30:15z ", utc(27, 7, 30, 15, 0)},
		{"2026-10-27T07:30:15+02:00", utc(27, 5, 30, 15, 0)},
		{"2026-10-27T07:30Z", utc(27, 7, 30, 0, 0)},
		{"2026-10-27 07:30:15.5-05:00", utc(27, 12, 30, 15, 5e8)},
		{"2026-10-27T07:30:15.123456", utc(27, 6, 30, 15, 123456000)},
	}
	for _, tt := range tests {
		got, err := ParsePublished(tt.text, time.FixedZone("CET", 3600))
		if err != nil || !got.Equal(tt.want) {
			t.Errorf("%q: %v, %v; want %v", tt.text, got, err, tt.want)
		}
	}
	for _, text := range []string{
		"hier", "27/10/2026", "2026-13-01", "2026-02-29", "2026-10-27 24:01", "20261027", "1761546600", "2026-10-27 7h",
		"0001-01-01T00:00:00Z", "1970-01-01", "10000-01-01", "2026-10-27T", "é026-10-27",
	} {
		if got, err := ParsePublished(text, time.FixedZone("CET", 3600)); err == nil {
			t.Errorf("%q was read as %v", text, got)
		}
	}
	if got, err := ParsePublished("2026-10-27", nil); err != nil || !got.Equal(utc(27, 0, 0, 0, 0)) {
		t.Errorf("without a zone: %v, %v", got, err)
	}
}

func TestParseTags(t *testing.T) {
	tests := []struct {
		text string
		want []string
	}{
		{"", nil}, {" , ", nil}, {"ia", []string{"ia"}}, {"ia,  deux\tmots ", []string{"ia", "deux mots"}},
		{`["a, b", "c", "", "c"]`, []string{"a, b", "c"}}, {"[]", nil},
	}
	for _, tt := range tests {
		got, err := ParseTags(tt.text)
		if err != nil {
			t.Errorf("%q: %v", tt.text, err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%q: %s", tt.text, diff)
		}
	}
	for _, text := range []string{"[", "[a, b]", `["a"`, `[["a"]]`} {
		if got, err := ParseTags(text); err == nil {
			t.Errorf("%q was read as %q", text, got)
		}
	}
}

func TestParseLanguage(t *testing.T) {
	for text, want := range map[string]string{"": "", "FR": "fr", "en_us": "en-US", " pt-BR ": "pt-BR", "und": ""} {
		if got, err := ParseLanguage(text); err != nil || got != want {
			t.Errorf("%q: %q, %v; want %q", text, got, err, want)
		}
	}
	for _, text := range []string{"français", "french language", "x", strings.Repeat("fr-", 20) + "fr", "12"} {
		if got, err := ParseLanguage(text); err == nil {
			t.Errorf("%q was read as %q", text, got)
		}
	}
}
