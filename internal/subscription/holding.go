package subscription

import (
	"context"
	"fmt"
	"sync"
	"time"

	"facteur/internal/newsletter"
)

// traffic remembers for a moment how many people sign up, so that a flood of forms does not count itself in the store each
// time. Those that come meanwhile are added, so that a sudden flood is seen as it comes.
type traffic struct {
	mu   sync.Mutex
	at   time.Time
	look *Hold
}

const trafficLife = 10 * time.Second

// holding tells how holding stands, as it was a moment ago at most but for who signed up since.
func (r *Register) holding(ctx context.Context) (Hold, error) {
	r.traffic.mu.Lock()
	defer r.traffic.mu.Unlock()
	look, err := r.recentTraffic(ctx)
	if err != nil {
		return Hold{}, err
	}
	return *look, nil
}

// joining is holding to somebody who signs up now, and counts them among those who come later. They count before the
// store has admitted them: of many who come at once, each else would be the first. back is for who was not admitted.
func (r *Register) joining(ctx context.Context, worked bool) (hold Hold, back func(), err error) {
	r.traffic.mu.Lock()
	defer r.traffic.mu.Unlock()
	look, err := r.recentTraffic(ctx)
	if err != nil {
		return Hold{}, nil, err
	}
	hold = *look
	look.join(1, worked)
	return hold, func() {
		r.traffic.mu.Lock()
		defer r.traffic.mu.Unlock()
		look.join(-1, worked)
	}, nil
}

func (h *Hold) join(n int, worked bool) {
	h.Traffic.Recent += n
	if worked {
		h.Worked.Recent += n
	}
}

// recentTraffic is the last look, or a new one where that is too old. The caller has the lock.
func (r *Register) recentTraffic(ctx context.Context) (*Hold, error) {
	if age := r.Now().Sub(r.traffic.at); age >= 0 && age < trafficLife {
		return r.traffic.look, nil
	}
	return r.lookAtTraffic(ctx)
}

// lookAtTraffic asks the store. The caller has the lock.
func (r *Register) lookAtTraffic(ctx context.Context) (*Hold, error) {
	now := r.Now()
	hold, err := r.Store.Holding(ctx, now)
	if err != nil {
		return nil, fmt.Errorf("count the sign-ups: %w", err)
	}
	r.traffic.at, r.traffic.look = now, &hold
	return &hold, nil
}

// factor is how many times the usual makes an attack.
func (r *Register) factor() int { return max(1, r.Rules.AttackFactor) }

// holdRule says what is held from here on, besides what the store holds anyway: an attack counts as soon as it is seen.
//
// Letters whose forms came with their work are held only where so many of those come that they are an attack themselves: a
// flood that does no work must not keep the letters of those who do.
func (r *Register) holdRule(h Hold) HoldRule {
	auto := r.Rules.Hold == HoldAuto
	return HoldRule{
		All: r.Rules.Hold == HoldAlways || auto && r.attackedByWork(h), Unworked: auto && r.attacked(h), Never: r.Rules.Hold == HoldNever,
	}
}

// attacked reports an attack, whether the store has been told of it or not.
func (r *Register) attacked(h Hold) bool { return h.Traffic.Attacks(r.factor(), h.State == HoldAttack) }

// attackedByWork reports one whose forms come with their work. That one without work goes on makes none of these: only where
// their letters are held already does it take half as many.
func (r *Register) attackedByWork(h Hold) bool {
	return h.Worked.Attacks(r.factor(), h.State == HoldAttack && h.Keeps)
}

// batch is how many rows one transaction of a job changes, so that others get their turn.
const batch = 500

// WatchSignups sees an attack begin and end. While it lasts, confirmation letters are held back and forms cost more work;
// its beginning is told to the operator, once. The letters whose form came with its work go once there is no attack of
// such forms, the others by the operator's word.
func (r *Register) WatchSignups(ctx context.Context) error {
	r.forgetTraffic()
	hold, err := r.holding(ctx)
	if err != nil {
		return err
	}
	attack := r.attacked(hold)
	switch {
	case hold.State == HoldOperator:
		return nil
	case hold.State == HoldNothing && attack && r.Rules.Hold != HoldNever:
		err = r.switchHolding(ctx, HoldNothing, HoldAttack, r.attackNotice(hold))
	case hold.State == HoldAttack && !attack:
		err = r.switchHolding(ctx, HoldAttack, HoldNothing, nil)
	}
	if err != nil || r.attackedByWork(hold) || r.Rules.Hold == HoldAlways {
		return err
	}
	return r.inBatches(ctx, "let letters go", func() (bool, error) {
		n, err := r.Store.Release(ctx, false, r.Now(), batch)
		return n == batch, err
	})
}

func (r *Register) switchHolding(ctx context.Context, from, to HoldState, notice *newsletter.Notice) error {
	about := ""
	if notice != nil {
		about = r.Newsletters[0].Name
	}
	if _, err := r.Store.SetHolding(ctx, from, to, r.Now(), about, notice); err != nil {
		return fmt.Errorf("hold confirmation letters (%s): %w", to, err)
	}
	r.forgetTraffic()
	return nil
}

func (r *Register) forgetTraffic() {
	r.traffic.mu.Lock()
	defer r.traffic.mu.Unlock()
	r.traffic.at = time.Time{}
}

func (r *Register) attackNotice(h Hold) *newsletter.Notice {
	if r.Rules.Operator == "" {
		return nil
	}
	held := `Those whose form came without its work are held back until you release or discard them. The others leave as ever, as long as fewer come with their work than an attack.`
	if r.attackedByWork(h) {
		held = `All are held back. Those whose form came with its work leave by themselves when it is over, the others wait for you.`
	}
	return &newsletter.Notice{
		To:      r.Rules.Operator,
		Subject: "Confirmation letters are held back: many more sign-ups than usual",
		Text: fmt.Sprintf(`%d people signed up in the last ten minutes, %d of them with the form's work. Usually it is %.0f at most.
%s

That looks like programs that fill the form with other people's addresses. Until it is over the form costs more work.

  facteur signup status     how it stands
  facteur signup release    let the letters leave now, if this is no attack
  facteur signup discard    throw away the letters that are held back
`, h.Traffic.Recent, h.Worked.Recent, h.Traffic.Usual(), held),
	}
}

// A SignUpStatus is how the sign-up stands, judged as the next form will be: an attack counts as soon as there is one.
type SignUpStatus struct {
	Hold
	Attack bool // many more people sign up than usual
	Holds  bool // who signs up now waits for their letter
	Doubts bool // who signs up now without the form's work does
	SignUpCounts
}

// Status tells how the sign-up stands.
func (r *Register) Status(ctx context.Context) (SignUpStatus, error) {
	hold, err := r.Store.Holding(ctx, r.Now())
	if err != nil {
		return SignUpStatus{}, fmt.Errorf("count the sign-ups: %w", err)
	}
	counts, err := r.Store.SignUpCounts(ctx, r.Now())
	if err != nil {
		return SignUpStatus{}, fmt.Errorf("count the sign-ups: %w", err)
	}
	rule := r.holdRule(hold)
	return SignUpStatus{hold, r.attacked(hold), rule.Holds(hold.State, true), rule.Holds(hold.State, false), counts}, nil
}

// HoldLetters holds confirmation letters back until LetGoOn, whatever the traffic says.
func (r *Register) HoldLetters(ctx context.Context) error {
	for _, from := range []HoldState{HoldNothing, HoldAttack} {
		if err := r.switchHolding(ctx, from, HoldOperator, nil); err != nil {
			return err
		}
	}
	return nil
}

// LetGoOn ends what HoldLetters began. The letters held meanwhile go with the next look at the traffic, as after an
// attack. It says false where the operator held nothing.
func (r *Register) LetGoOn(ctx context.Context) (bool, error) {
	changed, err := r.Store.SetHolding(ctx, HoldOperator, HoldNothing, r.Now(), "", nil)
	if err != nil {
		return false, fmt.Errorf("let confirmation letters go on: %w", err)
	}
	r.forgetTraffic()
	return changed, nil
}

// ReleaseHeld lets all letters leave that are held back, and says how many.
func (r *Register) ReleaseHeld(ctx context.Context) (letters int, err error) {
	err = r.inBatches(ctx, "let letters go", func() (bool, error) {
		n, err := r.Store.Release(ctx, true, r.Now(), batch)
		letters += n
		return n == batch, err
	})
	return letters, err
}

// DiscardHeld cancels all letters that are held back, and says how many. Their people can ask again at once.
func (r *Register) DiscardHeld(ctx context.Context) (letters int, err error) {
	err = r.inBatches(ctx, "discard letters", func() (bool, error) {
		n, err := r.Store.Discard(ctx, r.confirmLimit, batch)
		letters += n
		return n == batch, err
	})
	return letters, err
}

// inBatches does a step as long as there is more to do.
func (r *Register) inBatches(ctx context.Context, what string, step func() (more bool, err error)) error {
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return err
		}
		var err error
		if more, err = step(); err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
	}
	return nil
}
