package newsletter_test

import (
	"testing"

	"facteur/internal/newsletter"
)

func TestOutcome(t *testing.T) {
	const (
		connect, mail, rcpt = newsletter.StageConnect, newsletter.StageMail, newsletter.StageRcpt
		data, dot, done     = newsletter.StageData, newsletter.StageDot, newsletter.StageDone

		sent, deferred, failed, unknown = newsletter.Sent, newsletter.Deferred, newsletter.Failed, newsletter.Unknown
	)
	tests := []struct {
		stage newsletter.Stage
		code  int
		want  newsletter.DeliveryState
	}{
		// Lost: before the final dot nothing can have been delivered, after it nobody knows.
		{connect, 0, deferred},
		{mail, 0, deferred},
		{rcpt, 0, deferred},
		{data, 0, deferred},
		{dot, 0, unknown},
		// Put off.
		{connect, 421, deferred},
		{mail, 451, deferred},
		{rcpt, 450, deferred},
		{rcpt, 421, deferred},
		{data, 452, deferred},
		{done, 451, deferred},
		{done, 421, deferred},
		// Refused.
		{mail, 550, failed},
		{rcpt, 550, failed},
		{rcpt, 501, failed},
		{data, 554, failed},
		{done, 554, failed},
		{done, 552, failed},
		// Refused, but not the letter: the connection, or the login (RFC 4954 §6).
		{connect, 554, deferred},
		{connect, 535, deferred},
		{mail, 530, deferred},
		{mail, 535, deferred},
		{mail, 538, deferred},
		{rcpt, 530, deferred},
		// Taken, which only the answer to the final dot can say.
		{done, 250, sent},
		{done, 251, sent},
		{mail, 250, deferred},
		{rcpt, 250, deferred},
		{data, 250, deferred},
		{data, 354, deferred},
		{done, 354, deferred},
	}
	for _, tt := range tests {
		if got := newsletter.Outcome(tt.stage, newsletter.Reply{Code: tt.code}); got != tt.want {
			t.Errorf("%s %d: %s, want %s", tt.stage, tt.code, got, tt.want)
		}
	}
}

// Where the enhanced code contradicts the code, the code decides (RFC 5321 §4.2.1).
func TestOutcome_TheCodeDecides(t *testing.T) {
	for want, r := range map[newsletter.DeliveryState]newsletter.Reply{
		newsletter.Failed:   {Code: 550, Enhanced: "4.1.1"},
		newsletter.Deferred: {Code: 450, Enhanced: "5.1.1"},
		newsletter.Sent:     {Code: 250, Enhanced: "5.1.1"},
	} {
		if got := newsletter.Outcome(newsletter.StageDone, r); got != want {
			t.Errorf("%s: %s, want %s", r, got, want)
		}
	}
}
