package subscription

import (
	"slices"
	"time"

	"facteur/internal/address"
	"facteur/internal/admission"
	"facteur/internal/newsletter"
)

// How often one address is written to because somebody typed it: once a day for each kind of letter, and three times
// before the limit fills up again. A request is forgotten before that, so it is three times in all until it is confirmed.
// Who confirms begins anew: they may come back, or ask for another newsletter, on the same day.
const (
	letterEvery = 24 * time.Hour
	lettersMost = 3
	leastRefill = 10 * 24 * time.Hour // of letters that ask for no confirmation
)

// visitLimits are those of whoever sends a form. One that is not set does not bind. Forms that came with their work and
// forms that did not are counted apart where everybody is: so a flood that does no work takes no place from those who do.
func (r *Register) visitLimits(v Visit, worked bool) []admission.Limit {
	everybody := "everybody"
	if worked {
		everybody = "everybody at work"
	}
	network := r.limitKey("network", v.Network)
	var limits []admission.Limit
	for _, l := range []struct {
		key   []byte
		times int
	}{{network, r.Rules.NetworkHourly}, {slices.Concat(network[:keyPrefix], r.limitKey("client", v.Client)), r.Rules.ClientHourly}, {r.limitKey(everybody, ""), r.Rules.Hourly}} {
		if l.times > 0 {
			limits = append(limits, admission.Limit{Key: l.key, Times: l.times, Per: time.Hour})
		}
	}
	return limits
}

// Bytes of a hash. Limits are kept for weeks and written with every form, so they are short: among ten million of them, that any two are
// one by chance is less likely than 1 in 10^10.
const (
	keyBytes  = 10
	keyPrefix = 5
)

// limitKey is what a limit is remembered under. Nobody can read in it who is meant. What is looked up together begins
// alike, so that the store finds it in one place.
func (r *Register) limitKey(of, who string) []byte {
	return r.Keys.Hash("limit of "+of, []byte(who))[:keyBytes]
}

// mailboxLimits are the keys of all that counts how often an address was written to because somebody typed it into a form.
func (r *Register) mailboxLimits(who address.Address) (keys [][]byte) {
	mailbox := r.mailbox(who)
	for _, kind := range []newsletter.LetterKind{newsletter.LetterConfirm, newsletter.LetterAlready, newsletter.LetterLink, newsletter.LetterMove} {
		keys = append(keys, r.letterLimit(mailbox, kind).Key)
	}
	return append(keys, r.renewLimit(mailbox).Key)
}

// confirmLimit is that of the letters that are held back.
func (r *Register) confirmLimit(who address.Address) admission.Limit {
	return r.letterLimit(r.mailbox(who), newsletter.LetterConfirm)
}

// letterLimit is that of a mailbox for one kind of letter. The reminder counts as the confirmation letter that it is. A change of address is
// asked for by a reader who had a letter for it, and who may mistype the new one, or come too late for its link: they need not wait a day.
func (r *Register) letterLimit(mailbox []byte, kind newsletter.LetterKind) admission.Limit {
	refill := leastRefill
	if kind.Confirms() {
		kind, refill = newsletter.LetterConfirm, max(longestPending, r.Rules.Pending)
	}
	gap := letterEvery
	if kind == newsletter.LetterMove {
		gap = 0
	}
	return admission.Limit{Key: slices.Concat(mailbox, []byte(kind)), Times: lettersMost, Per: lettersMost * refill, Gap: gap}
}

// renewLimit is that of the confirmation letters that a person asks for by the link of one before: it is their own mailbox, and
// what others typed does not count against them.
func (r *Register) renewLimit(mailbox []byte) admission.Limit {
	return admission.Limit{Key: slices.Concat(mailbox, []byte("renewal")), Times: 1, Per: letterEvery}
}

// mailbox is with what the keys of all limits of an address begin.
func (r *Register) mailbox(who address.Address) []byte {
	return r.limitKey("a mailbox", admission.Mailbox(who))
}
