package neardup

import (
	"slices"
	"testing"
)

// Keys are stored: an article of today is found by those of one that came years ago.
func TestKeys_stayWhatTheyAre(t *testing.T) {
	a := story("https://www.pandia.example/actualites/mistigri?utm_source=x", "Boréal présente Mistigri, un modèle sans réseau", launch, day(6, 7))
	a.Canonical = "https://pandia.example/?p=91"
	want := []int64{
		-6946277168074501638, -6697173643913629462, -5588170224801579477, -4500096194195689365, -3218973685595252448, -72362238324607511,
		565769183552852886, 1053585337956031155, 1549787506497310650, 5241480056711167539, 6520116631461074510, 6937267981280062686,
	}
	if got := Of(a, "").Keys(); !slices.Equal(slices.Sorted(slices.Values(got)), want) {
		t.Errorf("%d, want %d", got, want)
	}
}
