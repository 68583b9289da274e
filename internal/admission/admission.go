// Package admission tells people at a form from programs that fill it: how old a form may be, how much work a program
// has to do for it, how often somebody may ask, and when so many ask that it is an attack. Pure: what is known comes in,
// what to do goes out.
package admission

import (
	"crypto/sha256"
	"math/bits"
	"time"
)

// A Limit lets something be done Times times within Per, evenly after that (the generic cell rate algorithm, ITU-T I.371
// §5.1). What is kept of it is one instant: when it will be as if nothing had been asked. One more is let through where
// max(instant, now) + Per/Times is not later than now + Per; that sum is then the new instant.
type Limit struct {
	Key   []byte // what is counted: a keyed hash, so that no address and no machine is kept
	Times int
	Per   time.Duration
	Gap   time.Duration // the least time between two of them; not more than Cost, so that the instant is all that has to be kept until it passes
}

// Cost is by how much one use moves the instant.
func (l Limit) Cost() time.Duration { return l.Per / time.Duration(l.Times) }

// Solved reports whether a solution does a stamp's work: SHA-256 of the stamp, a dot and the solution begins with that
// many zero bits. It takes 2^n tries on average to find one, and one to check it.
func Solved(stamp, solution string, n int) bool {
	if len(solution) == 0 || len(solution) > maxSolution {
		return false
	}
	sum := sha256.Sum256([]byte(stamp + "." + solution))
	zeros := 0
	for _, b := range sum {
		zeros += bits.LeadingZeros8(b)
		if b != 0 {
			break
		}
	}
	return zeros >= n
}

const maxSolution = 20 // characters; a decimal counter
