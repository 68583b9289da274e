package cli

import (
	"testing"
	"time"

	"facteur/internal/outbox"
)

func TestAsker(t *testing.T) {
	for _, test := range []struct {
		user, want string
		environ    []string
	}{
		{"camille", "camille", nil},
		{"facteur", "camille as facteur", []string{"HOME=/", "SUDO_USER=camille"}},
		{"facteur", "facteur", []string{"SUDO_USER="}},
		{"root", "root", []string{"SUDO_USER=root"}},
		{"", "not known", nil},
		{"facteur", "a line as facteur", []string{"SUDO_USER=a\nline"}},
	} {
		if got := (&shell{IO: IO{User: test.user, Environ: test.environ}}).asker(); got != test.want {
			t.Errorf("%q with %q asks as %q, want %q", test.user, test.environ, got, test.want)
		}
	}
}

// What is kept of an order names no reader.
func TestGiven_LeavesTheAddressOut(t *testing.T) {
	cmd := (&shell{}).resend()
	for name, value := range map[string]string{"to": "lea@example.org", "since": "2026-11-24 18:00", "yes": "true", "failed": "false", "newcomers": "true"} {
		if err := cmd.Flags().Set(name, value); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := given(cmd.LocalNonPersistentFlags()), "--newcomers --since '2026-11-24 18:00' --to --yes"; got != want {
		t.Errorf("the record says %q, want %q", got, want)
	}
}

func TestRound_SinceWhen(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 24, 6, 5, 0, 0, time.UTC)
	for typed, want := range map[string]time.Time{
		"": {}, "48h": now.Add(-48 * time.Hour), "7d": now.Add(-7 * 24 * time.Hour), "0s": now,
		"2026-11-24 07:00": time.Date(2026, 11, 24, 6, 0, 0, 0, time.UTC), "2026-11-23": time.Date(2026, 11, 22, 23, 0, 0, 0, time.UTC),
	} {
		r, err := resending{newcomers: true, since: typed}.round(paris, now)
		if err != nil || !r.Since.Equal(want) {
			t.Errorf("since %q is %s, %v; want %s", typed, r.Since, err, want)
		}
	}
	for _, typed := range []string{"yesterday", "-48h", "7", "2026-11-24 07:06"} {
		if r, err := (resending{newcomers: true, since: typed}).round(paris, now); err == nil {
			t.Errorf("since %q is taken for %s", typed, r.Since)
		}
	}
}

func TestPeople(t *testing.T) {
	since := time.Date(2026, 11, 24, 6, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		unknown, failed, newcomers int
		since                      time.Time
		want                       string
	}{
		{unknown: 1, want: "1 reader whose letter may have arrived"},
		{failed: 2, want: "2 readers whose letter failed"},
		{newcomers: 1, want: "1 newcomer"},
		{newcomers: 3, since: since, want: "3 newcomers since 2026-11-24 06:00"},
		{unknown: 1, failed: 2, newcomers: 3, want: "6 readers: 1 whose letter may have arrived, 2 whose letter failed, 3 newcomers"},
		{failed: 2, newcomers: 1, want: "3 readers: 2 whose letter failed, 1 newcomer"},
	} {
		v := resentView{
			Letters: test.unknown + test.failed + test.newcomers, Since: test.since, zone: time.UTC, asked: outbox.ResendGroups(),
			Groups: map[outbox.ResendWhat]int{outbox.ResendUnknown: test.unknown, outbox.ResendFailed: test.failed, outbox.ResendNewcomers: test.newcomers},
		}
		if got := v.people(); got != test.want {
			t.Errorf("letters go to %q, want %q", got, test.want)
		}
	}
}
