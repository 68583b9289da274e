package storetest

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/outbox"
	"facteur/internal/subscription"
)

// Providers are told apart from the next row on; each comes in its turn, and none beyond its room.
func roomOfGroups(t *testing.T, b *bench) {
	groups := newsletter.Groups{{Name: "orange", Domains: []string{"orange.example", "wanadoo.example"}}, {Name: "sfr", Domains: []string{"sfr.example"}}}
	b.must(b.SetGroups(b.ctx, groups))
	for i := range 12 {
		domain := []string{"autres.example", "orange.example", "wanadoo.example", "sfr.example"}[i%4]
		_, err := b.Enrol(b.ctx, "hebdo", []subscription.Person{{Address: b.address(fmt.Sprintf("r%02d@%s", i, domain)), Language: "fr"}}, b.consent(newsletter.ConsentConfirmed))
		b.must(err)
	}
	b.publish(1, b.put(1)...)
	list := func(limit int, room map[string]int) (all []string) {
		t.Helper()
		due, err := b.DueCopies(b.ctx, b.now, limit, outbox.Room{Group: func(group string) int { return room[group] }})
		b.must(err)
		for _, d := range due {
			if group := groups.Of(d.Address); d.Group != group {
				t.Errorf("%s is of the group %q, want %q", d.Address, d.Group, group)
			}
			all = append(all, d.Group)
		}
		return all
	}
	for _, test := range []struct {
		name  string
		limit int
		room  map[string]int
		want  map[string]int
	}{
		{"room for all", 100, map[string]int{"": 100, "orange": 100, "sfr": 100}, map[string]int{"": 3, "orange": 6, "sfr": 3}},
		{"no room anywhere", 100, nil, map[string]int{}},
		{"one is left alone", 100, map[string]int{"": 100, "sfr": 100}, map[string]int{"": 3, "sfr": 3}},
		{"one has little room", 100, map[string]int{"": 100, "orange": 2, "sfr": 1}, map[string]int{"": 3, "orange": 2, "sfr": 1}},
		{"a share of each", 6, map[string]int{"": 100, "orange": 100, "sfr": 100}, map[string]int{"": 2, "orange": 2, "sfr": 2}},
		{"what the others leave", 10, map[string]int{"": 1, "orange": 100, "sfr": 100}, map[string]int{"": 1, "orange": 6, "sfr": 3}},
	} {
		got := map[string]int{}
		for _, group := range list(test.limit, test.room) {
			got[group]++
		}
		if !maps.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
	if all := list(3, map[string]int{"": 9, "orange": 9, "sfr": 9}); !slices.Equal(all, []string{"", "orange", "sfr"}) {
		t.Errorf("in turn: %v", all)
	}
	if due := b.due(); len(due) != 12 {
		t.Fatalf("%d are due", len(due))
	}
	b.must(b.SetGroups(b.ctx, groups[1:])) // what has a row keeps its group
	if all := list(100, map[string]int{"orange": 100}); len(all) != 6 {
		t.Errorf("after a change of the settings %d of the group are due, want 6", len(all))
	}
}

func closings(t *testing.T, b *bench) {
	b.must(b.SetGroups(b.ctx, newsletter.Groups{{Name: "orange", Domains: []string{"lecteurs.example"}}, {Name: "sfr", Domains: []string{"sfr.example"}}}))
	b.readers(3)
	b.publish(1, b.put(1)...)
	due := b.due()
	b.mark(due...)
	until := []time.Time{b.now.Add(2 * time.Hour), b.now.Add(time.Hour), b.now.Add(time.Minute)}
	group := []string{"orange", "orange", ""}
	for i, d := range due {
		_, err := b.Step(b.ctx, []outbox.Settlement{{
			Delivery: d.ID, State: newsletter.Deferred, Next: b.now.Add(time.Hour), Closing: &newsletter.Closing{Group: group[i], Until: until[i], Words: "421 " + group[i]},
			Attempt: newsletter.Attempt{Started: b.now, Ended: b.now, Stage: newsletter.StageRcpt, State: newsletter.Deferred},
		}}, nil, b.now)
		b.must(err)
	}
	want := []newsletter.Closing{{Group: "", Until: until[2].UTC(), Words: "421 "}, {Group: "orange", Until: until[0].UTC(), Words: "421 orange"}}
	got, err := b.Closings(b.ctx, b.now)
	b.must(err)
	if !slices.Equal(got, want) {
		t.Errorf("left alone: %+v, want %+v", got, want)
	}
	if got, err := b.Closings(b.ctx, until[0]); err != nil || len(got) != 0 {
		t.Errorf("left alone afterwards: %v, %v", got, err)
	}
}

func departures(t *testing.T, b *bench) {
	b.must(b.SetGroups(b.ctx, newsletter.Groups{{Name: "orange", Domains: []string{"lecteurs.example"}}}))
	b.readers(4)
	b.publish(1, b.put(1)...)
	began := b.now
	for i, d := range b.due() {
		b.mark(d)
		stage := newsletter.StageDone
		if i == 3 {
			stage = newsletter.StageConnect // it never left
		}
		_, err := b.Step(b.ctx, []outbox.Settlement{{
			Delivery: d.ID, State: newsletter.Sent, Attempt: newsletter.Attempt{Started: b.now, Ended: b.now, Stage: stage, State: newsletter.Sent},
		}}, nil, b.now)
		b.must(err)
		if i == 1 {
			b.later(time.Hour)
		}
	}
	minute := func(at time.Time, letters int) outbox.Departure {
		return outbox.Departure{Minute: at.Truncate(time.Minute).UTC(), Group: "orange", Letters: letters}
	}
	for after, want := range map[time.Time][]outbox.Departure{
		began.Add(-time.Second): {minute(began, 2), minute(b.now, 1)},
		began:                   {minute(b.now, 1)},
		b.now:                   nil,
	} {
		if got, err := b.Departures(b.ctx, after); err != nil || !slices.Equal(got, want) {
			t.Errorf("after %s: %v, %v; want %v", after, got, err, want)
		}
	}
}

func opening(t *testing.T, b *bench) {
	b.readers(3)
	e := b.publish(1, b.put(1)...)
	unopened := func(readers int) []outbox.Unopened {
		t.Helper()
		got, err := b.Unopened(b.ctx, readers, b.now)
		b.must(err)
		return got
	}
	if got := unopened(3); !slices.Equal(got, []outbox.Unopened{{Edition: e.ID}}) {
		t.Errorf("before: %+v", got)
	}
	if got := unopened(4); len(got) != 0 {
		t.Errorf("an edition of three readers is among those of four: %+v", got)
	}
	if due, err := b.DueCopies(b.ctx, b.now, 100, outbox.Room{Edition: func(int64) int { return 2 }}); err != nil || len(due) != 2 {
		t.Errorf("%d are due where two are wanted, %v", len(due), err)
	}
	at := b.now.Add(time.Hour).UTC()
	b.must(b.Open(b.ctx, e.ID, at))
	if under, err := b.UnderWay(b.ctx); err != nil || len(under) != 1 || !under[0].Opens.Equal(at) {
		t.Errorf("under way: %+v, %v", under, err)
	}
	if got := unopened(1); !slices.Equal(got, []outbox.Unopened{{Edition: e.ID, Opens: at}}) {
		t.Errorf("until then: %+v", got)
	}
	b.must(b.Pause(b.ctx, e.Ref(), true))
	if got := unopened(1); len(got) != 0 {
		t.Errorf("an edition that is held is not under way: %+v", got)
	}
	b.must(b.Pause(b.ctx, e.Ref(), false))
	b.later(time.Hour)
	if got := unopened(1); len(got) != 0 {
		t.Errorf("afterwards: %+v", got)
	}
}

// An edition that is done has sent its first letters: what is asked for once more does not wait behind others.
func openingOnce(t *testing.T, b *bench) {
	b.readers(3)
	e := b.publish(1, b.put(1)...)
	due := b.due()
	b.send(due...)
	b.finish()
	_, err := b.ResendTo(b.ctx, e.Ref(), b.address(due[0].Address), b.order("op"))
	b.must(err)
	if got, err := b.Unopened(b.ctx, 1, b.now); err != nil || len(got) != 0 || b.edition(e).State != newsletter.EditionSending {
		t.Errorf("sent once more, it is %s and sends its first letters: %+v, %v", b.edition(e).State, got, err)
	}
}

func breaking(t *testing.T, b *bench) {
	b.readers(3)
	e := b.publish(1, b.put(1)...)
	due := b.due()
	b.mark(due[:2]...)
	settle := func(d newsletter.Delivery) {
		t.Helper()
		_, err := b.Step(b.ctx, []outbox.Settlement{{
			Delivery: d.ID, State: newsletter.Failed, Hold: &outbox.Hold{Why: "refused", Notice: newsletter.Notice{To: "op@pandia.example", Subject: "s", Text: "t"}},
			Attempt: newsletter.Attempt{Started: b.now, Ended: b.now, Stage: newsletter.StageRcpt, State: newsletter.Failed},
		}}, nil, b.now)
		b.must(err)
	}
	notices := func() (n int) {
		for _, d := range b.due() {
			if d.Kind == newsletter.KindNotice {
				n++
			}
		}
		return n
	}
	settle(due[0])
	if e := b.edition(e); !e.Paused || e.Held != "refused" || notices() != 1 {
		t.Errorf("held: %t, notices: %d", e.Paused, notices())
	}
	if refused := b.mark(due[2]); len(refused) != 1 {
		t.Error("a letter left while its edition was held")
	}
	settle(due[1])
	if notices() != 1 {
		t.Errorf("what is held was held again: %d notices", notices())
	}
	b.must(b.Pause(b.ctx, e.Ref(), true))
	if e := b.edition(e); e.Held != "" {
		t.Errorf("the operator holds it, and it says %q", e.Held)
	}
	b.must(b.Pause(b.ctx, e.Ref(), false))
	b.mark(due[2])
	settle(due[2])
	if e := b.edition(e); !e.Paused || notices() != 2 {
		t.Errorf("held a second time: %t, notices: %d", e.Paused, notices())
	}
}

func rests(t *testing.T, b *bench) {
	rest := func(relay string) outbox.Rest {
		return outbox.Rest{Relay: relay, Since: b.now, Until: b.now.Add(time.Minute), Why: "connection refused"}
	}
	for _, want := range [][]outbox.Rest{nil, {rest("")}, {rest("east"), rest("north")}, {rest("north")}, nil} {
		b.must(b.SetRests(b.ctx, want))
		got, err := b.Rests(b.ctx)
		b.must(err)
		if !slices.EqualFunc(got, want, func(a, b outbox.Rest) bool {
			return a.Relay == b.Relay && a.Since.Equal(b.Since) && a.Until.Equal(b.Until) && a.Why == b.Why
		}) {
			t.Errorf("%+v take no letters, want %+v", got, want)
		}
	}
}
