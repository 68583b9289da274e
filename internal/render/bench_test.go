package render_test

import "testing"

// BenchmarkEdition30 renders both parts of an edition of 30 articles. It is to take less than 20 ms and 10 MB.
func BenchmarkEdition30(b *testing.B) {
	r, f, c := renderer(b), frame(b), everything()
	c.Beyond = 0
	for len(c.Stories()) < 30 {
		c.Chapters[0].Stories = append(c.Chapters[0].Stories, c.Chapters[0].Stories[0])
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.Edition(f, c); err != nil {
			b.Fatal(err)
		}
	}
}
