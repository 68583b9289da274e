package sqlite

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/outbox"
)

// A large edition is cancelled in several transactions. Whatever cuts them off, nothing leaves and nobody is forgotten,
// and the same order brings it to its end.
func TestCancel_IsCutOffAndGivenAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const readers = 3*cancelMost + 10
		s, now := edition(t, readers), time.Now()
		if _, err := s.QueueNext(t.Context(), cancelMost+5, now); err != nil {
			t.Fatal(err)
		}
		due, err := s.DueCopies(t.Context(), now, 2*cancelMost, outbox.Room{})
		if err != nil {
			t.Fatal(err)
		}
		ref := newsletter.EditionRef{Newsletter: "hebdo", Number: 1}
		ctx, cut := context.WithCancel(t.Context())
		committed := s.Changed()
		go func() {
			<-committed
			cut()
		}()
		first, err := s.Cancel(ctx, ref, func(int) {})
		if first != 2*cancelMost || !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "order it again") {
			t.Fatalf("%d cancelled, %v; want a part", first, err)
		}

		held(t, s, due)
		if left, err := s.Leave(t.Context(), readers, newsletter.Consent{Act: newsletter.ConsentWithdrawn, At: now, Origin: "page"}); err != nil || !left {
			t.Fatal(left, err)
		}
		var told []int
		second, err := s.Cancel(t.Context(), ref, func(n int) { told = append(told, n) })
		if err != nil || first+second != readers-1 {
			t.Errorf("%d and %d cancelled, %v; want all but the one who left", first, second, err)
		}
		if len(told) < 2 || !slices.IsSorted(told) || told[len(told)-1] != second {
			t.Errorf("told of %v, %d in the end", told, second)
		}
		e, err := s.Edition(t.Context(), ref)
		if err != nil || e.State != newsletter.EditionCancelled || e.Paused || e.LeftBefore != 1 {
			t.Errorf("the edition is %s, held %v, %d left before their row; %v", e.State, e.Paused, e.LeftBefore, err)
		}
		counts, err := s.EditionCounts(t.Context(), e.ID)
		if err != nil || len(counts) != 1 || counts[0].State != newsletter.Cancelled || counts[0].Reason != newsletter.CancelOperator || counts[0].Letters != readers-1 {
			t.Errorf("counts are %v, %v", counts, err)
		}
	})
}

// More letters may be open than rows are still to be made: the last rows are made once, however many transactions follow.
func TestCancel_WithFewRowsToMake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const readers = 2*cancelMost + 10
		s := edition(t, readers)
		if _, err := s.QueueNext(t.Context(), readers-5, time.Now()); err != nil {
			t.Fatal(err)
		}
		ref := newsletter.EditionRef{Newsletter: "hebdo", Number: 1}
		if n, err := s.Cancel(t.Context(), ref, func(int) {}); err != nil || n != readers {
			t.Errorf("%d of %d letters were cancelled: %v", n, readers, err)
		}
	})
}

// held checks that nothing of the edition moves, whatever was due.
func held(t *testing.T, s *Store, due []newsletter.Delivery) {
	t.Helper()
	var begin []newsletter.Parcel
	for _, d := range due {
		begin = append(begin, newsletter.Parcel{Delivery: d.ID, Date: time.Now(), Envelope: newsletter.Envelope{To: d.Address}})
	}
	refused, err := s.Step(t.Context(), nil, begin, time.Now())
	if err != nil || len(refused) != len(due) || len(due) == 0 {
		t.Errorf("%d of %d letters were marked: %v", len(due)-len(refused), len(due), err)
	}
	if still, err := s.DueCopies(t.Context(), time.Now(), 1, outbox.Room{}); err != nil || len(still) != 0 {
		t.Errorf("due: %+v, %v", still, err)
	}
	if more, err := s.QueueNext(t.Context(), 10, time.Now()); err != nil || more {
		t.Errorf("rows are made: %v, %v", more, err)
	}
	if n, err := s.Finish(t.Context()); err != nil || n != 0 {
		t.Errorf("%d editions are done: %v", n, err)
	}
}

// The last letters of an edition that is being sent take the edition with them: the sender never finds it owing nothing.
func TestCancel_IsNeverTakenForDone(t *testing.T) {
	s := edition(t, cancelMost)
	for more := true; more; {
		var err error
		if more, err = s.QueueNext(t.Context(), 2*cancelMost, time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	err := s.update(t.Context(), func(t tx) error {
		n, over, err := t.cancelSome(1)
		if err == nil && (n != cancelMost || !over) {
			err = errors.New("the last letter is cancelled, and the edition is not")
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// A letter of which nobody knows whether it arrived, and that waits to be sent once more, stays known for that when its edition ends; so does
// one that is on the wire then.
func TestCancel_OfWhatMayHaveArrived(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, now := edition(t, 3), time.Now()
		if _, err := s.QueueNext(t.Context(), 10, now); err != nil {
			t.Fatal(err)
		}
		due, err := s.DueCopies(t.Context(), now, 10, outbox.Room{})
		if err != nil || len(due) != 3 {
			t.Fatal(due, err)
		}
		lost := func(d newsletter.Delivery) []outbox.Settlement {
			return []outbox.Settlement{{
				Delivery: d.ID, To: d.Address, State: newsletter.Deferred, Next: now.Add(time.Hour),
				Attempt: newsletter.Attempt{Started: now, Ended: now, Stage: newsletter.StageDot, State: newsletter.Unknown},
			}}
		}
		for _, d := range due[:2] {
			parcel := newsletter.Parcel{Delivery: d.ID, Date: now, Envelope: newsletter.Envelope{To: d.Address}}
			if refused, err := s.Step(t.Context(), nil, []newsletter.Parcel{parcel}, now); err != nil || len(refused) > 0 {
				t.Fatal(refused, err)
			}
		}
		if _, err := s.Step(t.Context(), lost(due[0]), nil, now); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Cancel(t.Context(), newsletter.EditionRef{Newsletter: "hebdo", Number: 1}, func(int) {}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Step(t.Context(), lost(due[1]), nil, now); err != nil {
			t.Fatal(err)
		}
		counts, err := s.EditionCounts(t.Context(), due[0].Edition)
		if sum := outbox.ByState(counts, false); err != nil || sum[newsletter.Unknown] != 2 || sum[newsletter.Cancelled] != 1 || len(sum) != 2 {
			t.Errorf("%v, %v; want two unknown and one cancelled", sum, err)
		}
	})
}
