package outbox

import (
	"fmt"
	"math/rand/v2"

	"facteur/internal/newsletter"
)

// decide makes of a try what becomes of its delivery, and tells the operator of a letter that waits for him.
func (r *run) decide(d newsletter.Delivery, a newsletter.Attempt) Settlement {
	s := r.Policy.Decide(d, a, rand.Float64())
	if s.State == newsletter.Unknown && d.Kind == newsletter.KindEdition && r.Operator != "" {
		s.Notice = unknownNotice(r.Operator, newsletter.EditionRef{Newsletter: d.Newsletter, Number: d.Number})
	}
	return s
}

// unknownNotice says, once for an edition, that nobody knows whether a letter arrived.
func unknownNotice(to string, edition newsletter.EditionRef) *newsletter.Notice {
	return &newsletter.Notice{
		To:      to,
		Subject: fmt.Sprintf("%s: nobody knows whether a letter arrived", edition),
		Text: fmt.Sprintf(`A letter of %[1]s may or may not have arrived: the connection ended before the server's answer. It is not sent again by itself.
See whose it is, and of others like it: facteur edition show %[1]s
To send all of them again, as the same letters: facteur resend %[1]s --unknown
To send one again: facteur resend %[1]s --to ADDRESS
`, edition),
	}
}
