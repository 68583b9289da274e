package subscription

import (
	"time"

	"facteur/internal/address"
)

// Rules are the operator's decisions about signing up and keeping.
type Rules struct {
	// Signing up.
	Hold          Holding                  // whether confirmation letters are held back
	Link          time.Duration            // how long the link of a confirmation letter works
	Pending       time.Duration            // how long a sign-up waits for its confirmation before it is forgotten
	Reminder      time.Duration            // how long until the one reminder; 0: none
	Delay         time.Duration            // how much later the letter leaves where no work was done for the form
	Bits          int                      // of work in quiet times
	ClientHourly  int                      // sign-ups from one machine in an hour
	NetworkHourly int                      // from one network
	Hourly        int                      // from everybody
	AttackFactor  int                      // how many times the usual makes an attack
	Disposable    func(domain string) bool // knows the domains of throw-away addresses, in their ASCII form; nil: none is refused
	SMTPUTF8      func() bool              // the relay carries addresses whose local part is not ASCII (RFC 6531); nil: it does not

	// Keeping.
	Inactive time.Duration // after how long without an act of theirs people are asked, and then erased
	Networks time.Duration // how long the network of a consent is kept
	Act      bool          // erase, and not only report
	Operator string        // who gets the notices; empty: nobody
}

// carries reports whether a letter can go to an address, as far as it is known.
func (r Rules) carries(who address.Address) bool {
	return !who.NeedsSMTPUTF8() || r.SMTPUTF8 != nil && r.SMTPUTF8()
}

// Holding says when confirmation letters are held back.
type Holding string

const (
	HoldAuto   Holding = "auto"   // while many more people sign up than usual
	HoldAlways Holding = "always" // until the operator lets them go
	HoldNever  Holding = "never"
)
