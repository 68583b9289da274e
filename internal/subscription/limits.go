package subscription

import (
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
	leastRefill = 10 * 24 * time.Hour
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
	}{{network, r.Rules.NetworkHourly}, {append(network[:8:8], r.limitKey("client", v.Client)...), r.Rules.ClientHourly}, {r.limitKey(everybody, ""), r.Rules.Hourly}} {
		if l.times > 0 {
			limits = append(limits, admission.Limit{Key: l.key, Times: l.times, Per: time.Hour})
		}
	}
	return limits
}

// limitKey is what a limit is remembered under. Nobody can read in it who is meant. What is looked up together begins
// alike, so that the store finds it in one place.
func (r *Register) limitKey(of, who string) []byte {
	return r.Keys.Hash("limit of "+of, []byte(who))[:16]
}

// keys are what limits are remembered under.
func (l LetterLimits) keys() [][]byte { return [][]byte{l.Daily.Key, l.Total.Key} }

// mailboxLimits are the keys of all that counts how often an address was written to because somebody typed it into a form.
func (r *Register) mailboxLimits(who address.Address) (keys [][]byte) {
	for _, kind := range []newsletter.LetterKind{newsletter.LetterConfirm, newsletter.LetterAlready, newsletter.LetterLink} {
		keys = append(keys, r.letterLimits(who, kind).keys()...)
	}
	return keys
}

// confirmLimits are those of the letters that are held back.
func (r *Register) confirmLimits(who address.Address) LetterLimits {
	return r.letterLimits(who, newsletter.LetterConfirm)
}

// letterLimits are those of an address for one kind of letter. The reminder counts as the confirmation letter that it is.
func (r *Register) letterLimits(who address.Address, kind newsletter.LetterKind) LetterLimits {
	of := string(kind)
	if kind.Confirms() {
		of = string(newsletter.LetterConfirm)
	}
	mailbox := r.limitKey("a mailbox", admission.Mailbox(who))
	return LetterLimits{
		Daily: admission.Limit{Key: append(mailbox[:16:16], of+" a day"...), Times: 1, Per: letterEvery},
		Total: admission.Limit{Key: append(mailbox[:16:16], of+" in all"...), Times: lettersMost, Per: lettersMost * max(leastRefill, r.Rules.Pending)},
	}
}
