package subscription

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"facteur/internal/newsletter"
)

// AnswerTime is how long people may think about it who were asked whether they still want the letters.
const AnswerTime = 30 * 24 * time.Hour

// The end of storage (RGPD art. 5(1)(e)). Three years without an act of the person's own is what the CNIL gives for
// people who are written to: its référentiel on commercial activities, 3 February 2022.
const (
	idleUsual   = 3 * 365 * 24 * time.Hour // where Rules.Inactive is not set
	percent     = 100                      // of the list, at most one is erased or asked in a day
	retainBatch = 100                      // people of one transaction, so that other writers get their turn
	sweepBatch  = 1000                     // networks of one transaction
)

// Retention tells whom the end of storage is about, and what was done about them now.
type Retention struct {
	IdleNumbers
	Allowed Allowance
	Acts    bool // the settings say so, and the operator has confirmed it
	Asked   int  // in this run
	Erased  int  // in this run
}

// Affected is on how many people retention acts in the end, as things stand.
func (n Retention) Affected() int { return n.ToAsk + n.Waiting + n.ToErase }

func (r *Register) idle() Idle {
	inactive := r.Rules.Inactive
	if inactive <= 0 {
		inactive = idleUsual
	}
	now := r.Now()
	return Idle{Since: now.Add(-inactive), Asked: now.Add(-AnswerTime)}
}

// Retention counts and changes nothing.
func (r *Register) Retention(ctx context.Context) (Retention, error) {
	numbers, err := r.Store.CountIdle(ctx, r.idle())
	if err != nil {
		return Retention{}, fmt.Errorf("count who was silent for long: %w", err)
	}
	allowed, err := r.Store.RetentionAllowed(ctx)
	if err != nil {
		return Retention{}, fmt.Errorf("look whether retention may act: %w", err)
	}
	return Retention{IdleNumbers: numbers, Allowed: allowed, Acts: r.Rules.Act && !allowed.At.IsZero()}, nil
}

// AllowRetention keeps that the operator lets retention act, on as many people as are affected now.
func (r *Register) AllowRetention(ctx context.Context, people int) error {
	return r.Store.AllowRetention(ctx, Allowance{At: r.Now(), People: people})
}

// RevokeRetention takes that back.
func (r *Register) RevokeRetention(ctx context.Context) error {
	return r.Store.AllowRetention(ctx, Allowance{})
}

// Retain is the daily job: who was silent for long is asked whether they still want the letters, and is erased where
// no answer came; who receives nothing any more is erased without being asked. It only counts unless the settings say
// "act" and the operator has confirmed it. In a day it acts once, on at most 1 % of the list: the erased count first.
func (r *Register) Retain(ctx context.Context) (Retention, error) {
	n, err := r.Retention(ctx)
	if err != nil || !n.Acts || n.ToAsk+n.ToErase == 0 {
		return n, err
	}
	begun, err := r.Store.BeginRetention(ctx, r.Now())
	if err != nil || !begun {
		return n, err
	}
	most := (n.People + percent - 1) / percent
	var askErr, eraseErr error
	n.Erased, eraseErr = r.eraseIdle(ctx, most)
	n.Asked, askErr = r.askIdle(ctx, most-n.Erased)
	return n, errors.Join(askErr, eraseErr)
}

func (r *Register) askIdle(ctx context.Context, most int) (asked int, err error) {
	readers, err := r.Store.IdleReaders(ctx, r.idle(), most)
	if err != nil {
		return 0, fmt.Errorf("find whom to ask: %w", err)
	}
	for some := range slices.Chunk(readers, retainBatch) {
		questions := make([]Question, len(some))
		for i, reader := range some {
			variant, err := r.letter(ctx, newsletter.LetterKeep, r.speaker(reader.Newsletters))
			if err != nil {
				return asked, err
			}
			questions[i] = Question{Subscriber: reader.Subscriber, Newsletter: reader.Newsletters[0], Variant: variant}
		}
		n, err := r.Store.AskIdle(ctx, questions, r.idle(), r.Now())
		if err != nil {
			return asked, fmt.Errorf("ask who was silent for long: %w", err)
		}
		asked += n
	}
	return asked, nil
}

// speaker is about, or where the settings know none of the newsletters any more, the house.
func (r *Register) speaker(names []string) []newsletter.Newsletter {
	if about := r.about(names); about != nil {
		return about
	}
	return r.Newsletters[:min(1, len(r.Newsletters))]
}

// eraseIdle leaves the traces of all of them to one [Register.Clean].
func (r *Register) eraseIdle(ctx context.Context, most int) (number int, err error) {
	idle := r.idle()
	people, err := r.Store.IdleGone(ctx, idle, most)
	if err != nil {
		return 0, fmt.Errorf("find whom to erase: %w", err)
	}
	for _, id := range people {
		erased, err := r.erase(ctx, Erasure{Subscriber: id, Unless: &idle, Withdrawal: r.withdrawn(newsletter.OriginRetention)})
		if err != nil {
			return number, fmt.Errorf("subscriber %d: %w", id, err)
		}
		if erased.Done {
			number++
		}
	}
	return number, nil
}

// SweepNetworks deletes the networks of consents that are older than Rules.Networks, and returns how many. 0 keeps them.
func (r *Register) SweepNetworks(ctx context.Context) (int, error) {
	if r.Rules.Networks <= 0 {
		return 0, nil
	}
	n, err := r.Store.DropNetworks(ctx, r.Now().Add(-r.Rules.Networks), sweepBatch)
	if err != nil {
		return n, fmt.Errorf("delete old networks: %w", err)
	}
	return n, nil
}
