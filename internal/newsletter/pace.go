package newsletter

import (
	"regexp"
	"strings"
	"time"
)

// longPause is how long Orange (OFR_999) and SFR (every SFR_IN code) refuse whoever they refuse, as they tell senders.
const longPause = 2 * time.Hour

var (
	// Orange says OFR_999 or OFR005_104 at the end of a reply, La Poste LPN027_503; the last three digits are the reason,
	// and the same ones at both.
	blockedForLong = regexp.MustCompile(`(?i)\bSFR_IN_\d|\bOFR\d*[_-]99\d\b|\.sfr\.fr\b.*\btoo many errors`)
	slowDownCodes  = regexp.MustCompile(`(?i)\b(?:OFR|LPN)\d*[_-](?:10[459]|503)\b|\[TSS?\d\d\]|\bRP-00[123]\b`)
	slowDownWords  = regexp.MustCompile(`(?i)` + strings.Join([]string{
		`\brate[ -]?limit`, `throttl`, `slow down`, `trop de (?:connexions|messages)`,
		`too many (?:\w+ )?(?:connections|sessions|errors|messages|e-?mails|mails)\b`, `too much mail\b`, `too many recipients (?:from|.*this hour)`,
		`(?:concurrent|simultaneous) (?:\w+ )?connections`, `connection (?:rate|limit)`,
		`(?:sending|message|unusual) rate`, `(?:unusual|unexpected) (?:\w+ )?volume`, `(?:messages?|e-?mails?) too (?:fast|quickly)`,
		`(?:sending|hourly|daily) (?:\w+ ){0,3}(?:quota|limit)`, `(?:relay|messaging) limit`, `try again later, closing connection`, `limits? (?:for|on|of) (?:how many|the number of) (?:messages|e-?mails)`,
		`(?:messages|e-?mails) (?:\w+ )?per (?:second|minute|hour|day)\b`,
		`(?:server|system) (?:is )?(?:too )?busy`, `overload`, `insufficient (?:system|disk)`,
	}, "|"))

	goingAway = regexp.MustCompile(`(?i)shut(?:ting)?[ -]?down|maintenance|restart`)
	// Yahoo marks its greylisting with GL01.
	greylisting = regexp.MustCompile(`(?i)gr[ae]y[ -]?list|\bpostgrey\b|\[GL\d\d\]`)
	// Gmail limits what one mailbox receives, whoever sends it (X.2.1, p=ReceivingRate).
	mailboxRate = regexp.MustCompile(`(?i)ReceivingRate|receiving mail (?:at a rate|too quickly)`)
)

// Throttle reports that the server wants fewer letters or connections from us, whomever they are for, or is short of what
// it needs to take more; and the pause that it is known to want before the next one, 0 where it names none.
//
// Greylisting is not throttling, for it wants the same letter again (RFC 6647 §2), and a mailbox that is full or gets too
// much concerns its reader alone.
func (r Reply) Throttle() (pause time.Duration, ok bool) {
	switch {
	case r.Code < 400 || greylisting.MatchString(r.Text):
		return 0, false
	case r.tooLarge() || strings.HasSuffix(r.Enhanced, ".2.2") || mailboxRate.MatchString(r.Text):
		return 0, false
	case blockedForLong.MatchString(r.Text):
		return longPause, true
	default:
		return 0, r.congested() || slowDownCodes.MatchString(r.Text) || slowDownWords.MatchString(r.Text)
	}
}

// congested reads the codes that speak of pace or of load: X.7.28, a flood (IANA's registry), 4.7.500 to 4.7.699, which
// are Microsoft's limits, 4.3.1 and 4.4.5, a system that is full or congested (RFC 3463 §3.4, §3.5), 421 4.3.2, which
// excessive load may cause (§3.4) where no shutdown does, and 4.5.3, too many recipients (§3.6), which with one in each transaction can only be
// those of many. 450 4.3.2 is postscreen's, which wants to see the sender again as greylisting does.
func (r Reply) congested() bool {
	switch {
	case strings.HasSuffix(r.Enhanced, ".7.28"):
		return true
	case r.Code == 421 && r.Enhanced == "4.3.2":
		return !goingAway.MatchString(r.Text)
	case !r.Transient():
		return false
	}
	switch r.Enhanced {
	case "4.3.1", "4.4.5", "4.5.3":
		return true
	}
	detail, found := strings.CutPrefix(r.Enhanced, "4.7.")
	return found && len(detail) == 3 && (detail[0] == '5' || detail[0] == '6')
}
