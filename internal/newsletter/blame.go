package newsletter

import (
	"regexp"
	"slices"
	"strings"
)

var (
	// The last three digits of a code of Orange or La Poste say what is wrong: 1xx the machine, 2xx its name, 3xx and 40x
	// the sender or his domain, 425 a block list, 5xx the content and what vouches for it.
	frenchAboutSender = regexp.MustCompile(`(?i)\b(?:OFR|OUK|LPN(?:AAA)?)\d*[_-](?:[135]\d\d|20\d|39\d|40[1-5]|415|421|425|630|99\d)\b|\bSFR_IN_\d`)
	frenchUnknown     = regexp.MustCompile(`(?i)\b(?:OFR|LPN)\d*[_-]?416\b`)

	senderWords = regexp.MustCompile(`(?i)` + strings.Join([]string{
		`\bspams?\b`, `black-?list`, `block ?list`, `\bblocked using\b`, `\breputation\b`, `\bDMARC\b`, `\bSPF\b`, `\bDKIM\b`,
		`reverse[ -]?DNS`, `\bPTR\b`, `policy reasons`, `sender (?:address )?(?:rejected|denied|verif)`,
	}, "|"))
	sizeWords      = regexp.MustCompile(`(?i)\bmessage (?:size )?(?:is )?(?:exceed|too (?:large|big)\b)|\bsize exceed`)
	senderRejected = regexp.MustCompile(`(?i)sender (?:address )?(?:rejected|denied|verif)`)
	// "(S2017062302)" is how Outlook.com signs that it has no such mailbox; without it the words stand in RFC 5321 §4.2.3
	// for any reason.
	unknownWords = regexp.MustCompile(`(?i)` + strings.Join([]string{
		`user (?:is )?(?:unknown|not found)`, `unknown user\b`, `no such (?:user|mailbox)`, `no mailbox (?:here )?by that name`, `mailbox not found`,
		`user doesn't have an? \S+ account`, `recipient not found`, `mailbox unavailable \(S20\d{6}`,
		`utilisateur inconnu`, `destinataire inconnu`,
	}, "|"))
)

// aboutSession reports a refusal of the connection or the login: the operator can mend it, and no letter is to be
// blamed (RFC 4954 §6).
func (r Reply) aboutSession(stage Stage) bool {
	return r.Code >= 400 && stage == StageConnect || r.Code == 530 || r.Code == 535 || r.Code == 538
}

// AboutSender reports a refusal that judges the sender, his machine, his content or his reputation rather than the
// mailbox, as all do for good that come before a mailbox was named. It never counts against the reader.
//
// Where the enhanced code says nothing, the provider's own code or its words decide, the code first.
func (r Reply) AboutSender(stage Stage) bool {
	switch {
	case r.aboutSession(stage):
		return true
	case r.Code < 400 || greylisting.MatchString(r.Text) || frenchUnknown.MatchString(r.Text):
		return false
	case stage == StageMail && r.Permanent():
		return !r.tooLarge()
	case frenchAboutSender.MatchString(r.Text):
		return true
	case r.vague():
		return senderWords.MatchString(r.Text)
	}
	return r.judgesSender()
}

// judgesSender reads the enhanced code: class X.7, what the sender may not (RFC 3463 §3.8), but for what the mailbox's
// owner wants or has become, and X.1.7 and X.1.8, his own address (§3.2).
func (r Reply) judgesSender() bool {
	_, detail, _ := strings.Cut(r.Enhanced, ".")
	switch detail {
	case "1.7", "1.8":
		return true
	case "7.2", "7.17", "7.18": // no list for this sender (RFC 3463 §3.8), another owner (RFC 7293 §14)
		return false
	case "7.124", "7.129", "7.133", "7.134", "7.135", "7.136": // Exchange: only known senders may write to this mailbox
		return false
	}
	return strings.HasPrefix(detail, "7.") && !strings.HasPrefix(r.Text, "RESOLVER.RST.") && !unknownWords.MatchString(r.Text)
}

// vague reports that the enhanced code says nothing: none, X.0.0 or X.5.0 (RFC 3463 §3.1, §3.6), or X.2.0, by which
// Orange means spam.
func (r Reply) vague() bool {
	_, detail, found := strings.Cut(r.Enhanced, ".")
	return !found || slices.Contains([]string{"0.0", "2.0", "5.0"}, detail)
}

// TooLarge reports that a letter is more than the server takes, whomever it is for: X.3.4 (RFC 3463 §3.4), or 552 before a
// mailbox was named (RFC 1870 §6.1). Later 552 is said of full mailboxes too (RFC 5321 §4.2.3), and only words tell them
// apart; X.2.3 is what one mailbox takes.
func (r Reply) TooLarge(stage Stage) bool {
	switch {
	case !r.Permanent():
		return false
	case strings.HasSuffix(r.Enhanced, ".3.4"):
		return true
	case r.Code != 552:
		return false
	}
	return stage == StageMail || r.vague() && sizeWords.MatchString(r.Text)
}

func (r Reply) tooLarge() bool { return r.Code == 552 || strings.HasSuffix(r.Enhanced, ".3.4") }

// NoSuchMailbox reports that the mailbox does not exist and never will: RFC 3463 §3.2 codes X.1.1, X.1.2, X.1.3 and
// X.1.6, a null MX (RFC 7505 §4), or X.2.1, a mailbox that is closed; or words that leave no doubt where the enhanced code
// says nothing. A full mailbox (552, X.2.2) and one that gets too much at the moment are none of them.
func (r Reply) NoSuchMailbox() bool {
	if !r.Permanent() || r.Code == 552 || senderRejected.MatchString(r.Text) || mailboxRate.MatchString(r.Text) {
		return false
	}
	if frenchUnknown.MatchString(r.Text) {
		return true
	}
	if r.vague() {
		_, throttled := r.Throttle()
		return unknownWords.MatchString(r.Text) && !throttled && !senderWords.MatchString(r.Text)
	}
	switch r.Enhanced {
	case "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1":
		return true
	}
	return false
}
