package outbox_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"facteur/internal/newsletter"
	"facteur/internal/outbox"
)

func TestPolicy_Decide(t *testing.T) {
	const (
		rcpt, data, dot, done = newsletter.StageRcpt, newsletter.StageData, newsletter.StageDot, newsletter.StageDone

		sent, deferred, failed, expired, unknown = newsletter.Sent, newsletter.Deferred, newsletter.Failed, newsletter.Expired, newsletter.Unknown

		resend, hold = newsletter.UnknownResend, newsletter.UnknownHold
	)
	now := time.Date(2026, 11, 24, 6, 0, 0, 0, time.UTC)
	reply := func(code int, text string) newsletter.Reply { return newsletter.NewReply(code, text) }
	tests := []struct {
		name     string
		stage    newsletter.Stage
		reply    newsletter.Reply
		policy   newsletter.UnknownPolicy
		tries    int
		unknowns int
		age      time.Duration // of the round
		nobody   bool          // no subscriber is behind the address
		state    newsletter.DeliveryState
		attempt  newsletter.DeliveryState // where it differs
		wait     time.Duration
		suppress newsletter.SuppressionKind
	}{
		{name: "taken", stage: done, reply: reply(250, "2.0.0 ok"), state: sent},
		{name: "put off for the first time", stage: rcpt, reply: reply(450, "4.2.0 later"), state: deferred, wait: 15 * time.Minute},
		{name: "put off for the second time", stage: done, reply: reply(451, "later"), tries: 1, age: 15 * time.Minute, state: deferred, wait: 30 * time.Minute},
		{name: "put off for the tenth time", stage: done, reply: reply(451, "later"), tries: 9, age: 10 * time.Hour, state: deferred, wait: 6 * time.Hour},
		{name: "put off for too long", stage: done, reply: reply(451, "later"), tries: 9, age: 19 * time.Hour, state: expired},
		{name: "lost before the dot", stage: data, reply: reply(0, "EOF"), state: deferred, wait: 15 * time.Minute},
		{name: "lost before the dot for too long", stage: data, reply: reply(0, "EOF"), tries: 9, age: 19 * time.Hour, state: expired},
		{name: "lost after the dot", stage: dot, reply: reply(0, "EOF"), policy: resend, state: deferred, attempt: unknown},
		{name: "lost after the dot, late", stage: dot, reply: reply(0, "EOF"), policy: resend, tries: 9, age: 48 * time.Hour, state: deferred, attempt: unknown},
		{name: "lost after the dot again", stage: dot, reply: reply(0, "EOF"), policy: resend, tries: 1, unknowns: 1, state: unknown},
		{name: "lost after the dot, held", stage: dot, reply: reply(0, "EOF"), policy: hold, state: unknown},
		{name: "no such user", stage: rcpt, reply: reply(550, "5.1.1 no"), state: failed, suppress: newsletter.SuppressedHardBounce},
		{name: "no such user, says the answer to MAIL", stage: newsletter.StageMail, reply: reply(550, "5.1.1 no"), state: failed},
		{name: "no such user, in words", stage: done, reply: reply(554, "delivery error: dd This user doesn't have a yahoo.com account"), state: failed, suppress: newsletter.SuppressedHardBounce},
		{name: "no such user, of a proof", stage: rcpt, reply: reply(550, "5.1.1 no"), nobody: true, state: failed},
		{name: "a full mailbox", stage: done, reply: reply(552, "5.2.2 full"), state: failed},
		{name: "the sender is refused", stage: done, reply: reply(554, "5.7.1 spam"), state: failed},
		{name: "a login is wanted", stage: newsletter.StageMail, reply: reply(530, "5.7.0 log in"), state: deferred, wait: 15 * time.Minute},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := outbox.Policy{
				Retry:   newsletter.RetryPolicy{First: 12 * time.Minute, Longest: 288 * time.Minute, GiveUp: 24 * time.Hour},
				Unknown: tt.policy,
			}
			d := newsletter.Delivery{ID: 7, Address: "lea@lecteurs.example", Subscriber: 3, Tries: tt.tries, Unknowns: tt.unknowns}
			if tt.nobody {
				d.Subscriber = 0
			}
			if tt.tries > 0 {
				d.Round = now.Add(-tt.age)
			}
			tried := newsletter.Attempt{Started: now.Add(-time.Second), Ended: now, Stage: tt.stage, Reply: tt.reply}
			want := outbox.Settlement{Delivery: 7, To: "lea@lecteurs.example", State: tt.state, Attempt: tried, Suppress: tt.suppress}
			want.Attempt.State = tt.state
			if tt.attempt != "" {
				want.Attempt.State = tt.attempt
			}
			if tt.state == deferred {
				want.Next = now.Add(tt.wait)
			}
			if diff := cmp.Diff(want, p.Decide(d, tried, 0.5)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
