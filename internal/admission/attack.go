package admission

import (
	"math/bits"
	"time"
)

// How many people sign up is looked at in spans.
const (
	Span  = 10 * time.Minute
	Usual = 7 * 24 * time.Hour // the time before it, from which the usual rate is learnt
)

// leastUsual is the usual rate where fewer people ask: so that a good day of a small newsletter is no attack.
const leastUsual = 5

// Traffic is how many people signed up.
type Traffic struct {
	Recent int // in the last Span
	Before int // in the Usual time before it, or before the attack that goes on
}

// Usual is how many people sign up in a span.
func (t Traffic) Usual() float64 {
	return max(leastUsual, float64(t.Before)*float64(Span)/float64(Usual))
}

// Attacks reports an attack: more than factor times the usual. One that goes on is over once it is down to half of that,
// so that it does not begin and end with every breath.
func (t Traffic) Attacks(factor int, going bool) bool {
	most := t.Usual() * float64(factor)
	if going {
		most /= 2
	}
	return float64(t.Recent) > most
}

const (
	firstRise = 2  // bits more as soon as it is an attack
	mostBits  = 20 // beyond which many a telephone works for longer than its form waits, which is 20 seconds
)

// Bits is the work that a form costs: base in quiet times, and in an attack one bit more, which is twice the work, for
// each time that the number of people doubles. It never falls as the number rises.
func (t Traffic) Bits(base, factor int) int {
	if base <= 0 || !t.Attacks(factor, false) {
		return max(base, 0)
	}
	times := float64(t.Recent) / (t.Usual() * float64(factor))
	return max(base, min(base+firstRise+bits.Len(uint(times))-1, mostBits))
}
