package outbox_test

import (
	"strings"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/smtptest"
)

type faultGroup struct {
	name   string
	faults []fault
}

const (
	atMail = "MAIL retour+max@pandia.example"
	atRcpt = "RCPT max@lecteurs.example"
	atData = "DATA max@lecteurs.example"
	inText = "CONTENT max@lecteurs.example"
	atDot  = "DOT max@lecteurs.example"

	mailStage = newsletter.StageMail
	rcptStage = newsletter.StageRcpt
	dataStage = newsletter.StageData
	dotStage  = newsletter.StageDot
	doneStage = newsletter.StageDone

	queued   = newsletter.Queued
	sent     = newsletter.Sent
	deferred = newsletter.Deferred
	failed   = newsletter.Failed
	unknown  = newsletter.Unknown

	silence = "no answer within"
	taken   = "250 2.0.0 taken"
)

func faultGroups() []faultGroup {
	return []faultGroup{
		{"At the door", faultsAtTheDoor()},
		{"At MAIL", faultsAtMail()},
		{"At RCPT", faultsAtRcpt()},
		{"At DATA and in the content", faultsAtData()},
		{"After the final dot", faultsAfterTheDot()},
		{"Between letters", faultsBetween()},
		{"Strange replies", strangeReplies()},
		{"What Orange, La Poste, SFR and Free say", frenchFaults()},
		{"What Gmail, Microsoft, Yahoo and relays say", otherFaults()},
	}
}

func dropped() smtptest.Answer { return smtptest.Answer{Drop: true} }
func hung() smtptest.Answer    { return smtptest.Answer{Hang: true} }
func closing(reply string) smtptest.Answer {
	return smtptest.Answer{Reply: reply, Close: true}
}
func once(a smtptest.Answer) smtptest.Answer {
	a.Times = 1
	return a
}

// faultsAtTheDoor come before any letter: none is blamed, and all go when the server has come to its senses.
func faultsAtTheDoor() []fault {
	const goodbye = "421 4.3.2 shutting down"
	at := func(does, point string, answer smtptest.Answer, said, reads string) fault {
		return fault{does: does, point: point, answer: answer, secure: true, offers: []string{"STARTTLS", "AUTH PLAIN"}, state: queued, said: said, reads: reads}
	}
	also := func(f fault, point string, answer smtptest.Answer) fault {
		f.also = map[string]smtptest.Answer{point: answer}
		return f
	}
	faults := []fault{
		at("greets with 421", "CONNECT", closing(goodbye), "shutting down", readsSender),
		at("greets with 421, too many connections", "CONNECT", closing("421 4.7.0 Error: too many connections from 192.0.2.1"), "too many connections", readsSender+", "+readsPace),
		at("greets with 450", "CONNECT", says("450 4.7.1 come back later"), "come back later", readsSender),
		at("greets with 554", "CONNECT", says("554 5.7.1 no service for you"), "no service for you", readsSender),
		at("greets with 250", "CONNECT", says("250 hello"), "hello", ""),
		at("greets in another protocol", "CONNECT", says("* OK IMAP4rev1 ready"), "IMAP4rev1", ""),
		at("hangs up instead of a greeting", "CONNECT", dropped(), lost, ""),
		at("never greets", "CONNECT", hung(), "not ready for letters within", ""),
		at("greets in lines without end", "CONNECT", smtptest.Answer{Flood: true, Reply: "220-more\n"}, "and was not ready for letters", ""),
		at("greets in one line without end", "CONNECT", smtptest.Answer{Flood: true, Reply: "220 more"}, "and was not ready for letters", ""),
		at("answers 421 to EHLO", "EHLO", closing(goodbye), "shutting down", readsSender),
		also(at("refuses EHLO and HELO for now", "EHLO", says("451 4.3.0 later"), "later", readsSender), "HELO", says("451 4.3.0 later")),
		also(at("refuses EHLO and HELO for good", "EHLO", says("550 5.7.1 bad name"), "bad name", readsSender), "HELO", says("550 5.7.1 bad name")),
		at("refuses EHLO, and so offers no STARTTLS", "EHLO", says("502 5.5.1 what?"), "does not offer STARTTLS", ""),
		at("hangs up at EHLO", "EHLO", dropped(), lost, ""),
		at("never answers EHLO", "EHLO", hung(), "not ready for letters within", ""),
		at("lists extensions without end", "EHLO", smtptest.Answer{Flood: true, Reply: "250-XMORE\n"}, "and was not ready for letters", ""),
		at("answers 421 to STARTTLS", "STARTTLS", closing(goodbye), "shutting down", readsSender),
		at("refuses STARTTLS for now", "STARTTLS", says("454 4.7.0 no TLS today"), "no TLS today", readsSender),
		at("refuses STARTTLS for good", "STARTTLS", says("554 5.7.0 no TLS ever"), "no TLS ever", readsSender),
		at("hangs up at STARTTLS", "STARTTLS", dropped(), lost, ""),
		at("hangs up in the handshake", "STARTTLS", closing("220 go"), lost, ""),
		at("never answers STARTTLS", "STARTTLS", hung(), "not ready for letters within", ""),
		at("talks on in plain after STARTTLS", "STARTTLS", says("220 go\n"+strings.Repeat("x", 1<<16)), "tls:", ""),
		at("answers 421 to AUTH", "AUTH", closing(goodbye), "shutting down", readsSender),
		at("refuses AUTH for now", "AUTH", says("454 4.7.0 later"), "later", readsSender),
		at("refuses AUTH for good", "AUTH", says("535 5.7.8 wrong user or password"), "wrong user or password", readsSender),
		at("wants a stronger login", "AUTH", says("534 5.7.9 too weak"), "too weak", readsSender),
		at("hangs up at AUTH", "AUTH", dropped(), lost, ""),
		at("never answers AUTH", "AUTH", hung(), "not ready for letters within", ""),
	}
	certificate := at("has a certificate that nobody vouches for", "", smtptest.Answer{}, "certificate", "")
	certificate.doubt = true
	name := at("has the certificate of another", "", smtptest.Answer{}, "not autre.example", "")
	name.host = "autre.example"
	injection := at("is spoken for by a third party behind the answer to STARTTLS", "STARTTLS", says("220 go\n250-evil.example\n250 SIZE 1"), taken, "")
	injection.state, injection.stage, injection.got, injection.made = sent, doneStage, 1, 1
	slow := at("says everything byte by byte", "CONNECT", smtptest.Answer{Reply: "220-one\n220 two", Slow: time.Millisecond}, taken, "")
	slow.state, slow.stage, slow.got, slow.made, slow.also = sent, doneStage, 1, 1, map[string]smtptest.Answer{}
	for _, point := range []string{"EHLO", "AUTH", "MAIL", "RCPT", "DATA", "DOT", "QUIT"} {
		slow.also[point] = smtptest.Answer{Slow: time.Millisecond}
	}
	return append(faults, certificate, name, injection, slow)
}

func faultsAtMail() []fault {
	return []fault{
		{does: "answers 421 once, on a kept connection", point: atMail, answer: once(closing("421 4.4.2 idle for too long")),
			state: sent, stage: doneStage, said: taken, made: 2, got: 1},
		{does: "answers 421 again and again", point: atMail, answer: closing("421 4.3.2 shutting down"),
			state: deferred, stage: mailStage, said: "421 4.3.2 shutting down", made: 3},
		{does: "puts off", point: atMail, answer: says("451 4.3.0 later"),
			state: deferred, stage: mailStage, said: "451 4.3.0 later", made: 1},
		{does: "is full", point: atMail, answer: says("452 4.3.1 Insufficient system storage"),
			state: deferred, stage: mailStage, said: "452 4.3.1 Insufficient system storage", reads: readsPace, made: 1},
		{does: "refuses", point: atMail, answer: says("550 5.7.1 not you"),
			state: failed, stage: mailStage, said: "550 5.7.1 not you", reads: readsSender, made: 1},
		{does: "refuses the return path as no user of its own", point: atMail, answer: says("550 5.1.1 <retour+max@pandia.example>: user unknown"),
			state: failed, stage: mailStage, said: "550 5.1.1 <retour+max@pandia.example>: user unknown", reads: readsSender, made: 1},
		{does: "wants a login", point: atMail, answer: says("530 5.7.0 log in first"),
			state: deferred, stage: mailStage, said: "530 5.7.0 log in first", reads: readsSender, made: 1},
		{does: "finds the letter too large", point: atMail, answer: says("552 5.3.4 too large"),
			state: failed, stage: mailStage, said: "552 5.3.4 too large", made: 1},
		{does: "is out of step", point: atMail, answer: says("503 5.5.1 bad sequence"),
			state: failed, stage: mailStage, said: "503 5.5.1 bad sequence", reads: readsSender, made: 1},
		{does: "answers 354", point: atMail, answer: says("354 go on"),
			state: deferred, stage: mailStage, said: "an answer 354 out of place: go on", made: 3},
		{does: "answers nonsense", point: atMail, answer: says("bonjour"),
			state: deferred, stage: mailStage, said: "not an SMTP reply: bonjour", made: 3},
		{does: "hangs up once, on a kept connection", point: atMail, answer: once(dropped()),
			state: sent, stage: doneStage, said: taken, made: 2, got: 1},
		{does: "hangs up again and again", point: atMail, answer: dropped(),
			state: deferred, stage: mailStage, said: lost, made: 3},
		{does: "never answers", point: atMail, answer: hung(),
			state: deferred, stage: mailStage, said: silence, made: 3},
	}
}

func faultsAtRcpt() []fault {
	at := func(does, reply string, state newsletter.DeliveryState, reads string) fault {
		return fault{does: does, point: atRcpt, answer: says(reply), state: state, stage: rcptStage, said: reply, reads: reads, made: 1}
	}
	return []fault{
		{does: "answers 421", point: atRcpt, answer: closing("421 4.3.2 shutting down"),
			state: deferred, stage: rcptStage, said: "421 4.3.2 shutting down", made: 2},
		at("puts off", "450 4.2.1 mailbox busy", deferred, ""),
		{does: "knows no such mailbox, and answers 354 to DATA all the same", point: atRcpt, answer: says("550 5.1.1 no such user"), grants: true,
			state: failed, stage: rcptStage, said: "550 5.1.1 no such user", reads: readsGone, made: 1},
		at("puts off without an enhanced code", "450 mailbox busy", deferred, ""),
		at("greylists with 450", "450 4.2.0 Greylisted, come back in 5 minutes", deferred, ""),
		at("greylists with 451", "451 4.7.1 Greylisting in action, please come back later", deferred, ""),
		at("finds the mailbox full for now", "452 4.2.2 over quota", deferred, ""),
		at("finds the mailbox full", "552 5.2.2 over quota", failed, ""),
		at("knows no such mailbox", "550 5.1.1 no such user", failed, readsGone),
		at("knows no such domain", "550 5.1.2 no such domain", failed, readsGone),
		at("finds the address malformed", "553 5.1.3 no address", failed, readsGone),
		at("has closed the mailbox", "550 5.2.1 mailbox disabled", failed, readsGone),
		at("has a null MX behind it", "556 5.1.10 domain takes no mail", failed, readsGone),
		at("refuses without a reason", "550 no", failed, ""),
		at("refuses by words only", "550 User unknown", failed, readsGone),
		at("refuses with an enhanced code for later", "550 4.1.1 perhaps", failed, ""),
		at("puts off with an enhanced code for good", "450 5.1.1 perhaps", deferred, ""),
		at("refuses relaying", "554 5.7.1 Relay access denied", failed, readsSender),
		at("wants a login", "530 5.7.0 log in first", deferred, readsSender),
		at("is out of step", "503 5.5.1 bad sequence", failed, ""),
		{does: "accepts with an enhanced code of a refusal", point: atRcpt, answer: says("250 5.1.1 yes"),
			state: sent, stage: doneStage, said: taken, made: 1, got: 1},
		{does: "will forward", point: atRcpt, answer: says("251 2.1.5 will forward"),
			state: sent, stage: doneStage, said: taken, made: 1, got: 1},
		{does: "answers 354, as if everybody had been accepted", point: atRcpt, answer: says("354 go on"),
			state: deferred, stage: rcptStage, said: "an answer 354 out of place: go on", made: 2},
		{does: "answers nonsense", point: atRcpt, answer: says("qui ?"),
			state: deferred, stage: rcptStage, said: "not an SMTP reply: qui ?", made: 2},
		{does: "answers twice", point: atRcpt, answer: says("250 2.1.5 yes\n550 5.1.1 no"),
			state: deferred, stage: dataStage, said: "an answer 550 out of turn: no", made: 2, together: func(f *fault) {
				f.state, f.said, f.reads = failed, "550 5.1.1 no", readsGone // it is taken for the answer to DATA
			}},
		{does: "hangs up", point: atRcpt, answer: dropped(), state: deferred, stage: rcptStage, said: lost, made: 2},
		{does: "never answers", point: atRcpt, answer: hung(), state: deferred, stage: rcptStage, said: silence, made: 2},
	}
}

func faultsAtData() []fault {
	return []fault{
		{does: "answers 421 to DATA", point: atData, answer: closing("421 4.3.2 shutting down"),
			state: deferred, stage: dataStage, said: "421 4.3.2 shutting down", made: 2},
		{does: "puts off DATA", point: atData, answer: says("451 4.3.0 later"),
			state: deferred, stage: dataStage, said: "451 4.3.0 later", made: 1},
		{does: "refuses DATA, for all recipients were refused", point: atData, answer: says("554 5.5.1 no valid recipients"),
			state: failed, stage: dataStage, said: "554 5.5.1 no valid recipients", made: 1},
		{does: "is out of step at DATA", point: atData, answer: says("503 5.5.1 bad sequence"),
			state: failed, stage: dataStage, said: "503 5.5.1 bad sequence", made: 1},
		{does: "answers 250 to DATA", point: atData, answer: says("250 2.0.0 thanks"),
			state: deferred, stage: dataStage, said: "an answer 250 out of place: thanks", made: 2},
		{does: "answers DATA and, unseen, the content", point: atData, answer: says("354 go on\n250 2.0.0 thanks"),
			state: deferred, stage: dataStage, said: "an answer 250 out of turn: thanks", made: 2},
		{does: "hangs up at DATA", point: atData, answer: dropped(), state: deferred, stage: dataStage, said: lost, made: 2},
		{does: "never answers DATA", point: atData, answer: hung(), state: deferred, stage: dataStage, said: silence, made: 2},
		{does: "hangs up in the content", point: inText, answer: dropped(), big: true, state: deferred, stage: dataStage, said: lost, made: 2},
		{does: "refuses the content before its end, and hangs up", point: inText, answer: closing("552 5.3.4 larger than large"), big: true,
			state: failed, stage: dataStage, said: "552 5.3.4 larger than large", made: 2},
		{does: "puts the content off before its end, and hangs up", point: inText, answer: closing("452 4.3.1 disk full"), big: true,
			state: deferred, stage: dataStage, said: "452 4.3.1 disk full", reads: readsPace, made: 2},
		{does: "answers 421 in the content", point: inText, answer: closing("421 4.3.2 shutting down"), big: true,
			state: deferred, stage: dataStage, said: "421 4.3.2 shutting down", made: 2},
		{does: "takes the content before its end, and hangs up", point: inText, answer: closing("250 2.0.0 taken already"), big: true,
			state: deferred, stage: dataStage, said: lost, made: 2},
		{does: "offers too small a SIZE, at each letter", offers: []string{"SIZE 100"}, all: true,
			state: failed, stage: mailStage, said: "552 5.3.4 the letter has …", made: 1},
	}
}

func faultsAfterTheDot() []fault {
	at := func(does, reply string, state newsletter.DeliveryState, reads string) fault {
		return fault{does: does, point: atDot, answer: says(reply), state: state, stage: doneStage, said: reply, reads: reads, made: 1}
	}
	accepts := func(does, reply, said string) fault {
		return fault{does: does, point: atDot, answer: says(reply), state: sent, stage: doneStage, said: said, made: 1, got: 1}
	}
	return []fault{
		{does: "answers 421", point: atDot, answer: closing("421 4.3.2 shutting down"),
			state: deferred, stage: doneStage, said: "421 4.3.2 shutting down", made: 2},
		at("puts off", "451 4.3.0 later", deferred, ""),
		at("finds the mailbox full for now", "452 4.2.2 over quota", deferred, ""),
		at("refuses", "554 5.6.0 no", failed, ""),
		at("refuses as spam", "554 5.7.1 spam", failed, readsSender),
		at("refuses a mailbox late", "550 5.1.1 no such user", failed, readsGone),
		at("finds the letter too large", "552 5.3.4 too large", failed, ""),
		accepts("accepts without a word", "250", "250"),
		accepts("accepts with an enhanced code of a refusal", "250 5.7.1 spam", "250 5.7.1 spam"),
		accepts("accepts with 251", "251 2.0.0 will forward", "251 2.0.0 will forward"),
		{does: "accepts, then hangs up", point: atDot, answer: closing("250 2.0.0 taken"), state: sent, stage: doneStage, said: taken, made: 2, got: 1},
		{does: "accepts, then says more", point: atDot, answer: says("250 2.0.0 taken\n550 5.1.1 no"), state: sent, stage: doneStage, said: taken, made: 2, got: 1},
		{does: "hangs up once", point: atDot, answer: once(dropped()), state: sent, stage: dotStage, said: lost, tries: 2, made: 2, got: 2},
		{does: "hangs up again and again", point: atDot, answer: dropped(), state: unknown, stage: dotStage, said: lost, tries: 2, made: 2, got: 2},
		{does: "hangs up, and unknown letters are held", point: atDot, answer: dropped(), holds: true, state: unknown, stage: dotStage, said: lost, made: 2, got: 1},
		{does: "never answers, and unknown letters are held", point: atDot, answer: hung(), holds: true, state: unknown, stage: dotStage, said: silence, made: 2, got: 1},
		{does: "answers nonsense, and unknown letters are held", point: atDot, answer: says("merci"), holds: true,
			state: unknown, stage: dotStage, said: "not an SMTP reply: merci", made: 2, got: 1},
		{does: "answers 354, and unknown letters are held", point: atDot, answer: says("354 more"), holds: true,
			state: unknown, stage: dotStage, said: "an answer 354 out of place: more", made: 2, got: 1},
	}
}

// faultsBetween come when a letter has had its outcome, which they do not change.
func faultsBetween() []fault {
	reset := func(does string, answer smtptest.Answer, made int) fault {
		return fault{does: does, point: "RSET", answer: answer, also: map[string]smtptest.Answer{atRcpt: says("550 5.1.1 no such user")},
			state: failed, stage: rcptStage, said: "550 5.1.1 no such user", reads: readsGone, made: made}
	}
	other := func(does, point string, answer smtptest.Answer) fault {
		return fault{does: does, point: point, answer: answer, state: sent, stage: doneStage, said: taken, made: 1, got: 1}
	}
	return []fault{
		reset("answers 421 to RSET", closing("421 4.3.2 shutting down"), 2),
		reset("puts off RSET", says("451 4.3.0 later"), 2),
		reset("refuses RSET", says("502 5.5.1 no"), 2),
		reset("hangs up at RSET", dropped(), 2),
		reset("never answers RSET", hung(), 2),
		other("would refuse NOOP, which is never sent", "NOOP", closing("421 4.3.2 shutting down")),
		other("answers 421 to QUIT", "QUIT", closing("421 4.3.2 shutting down")),
		other("refuses QUIT", "QUIT", says("500 5.5.1 stay")),
		other("hangs up at QUIT", "QUIT", dropped()),
		other("never answers QUIT", "QUIT", hung()),
	}
}

func strangeReplies() []fault {
	slow := smtptest.Answer{Slow: time.Millisecond}
	at := func(does, reply, said, reads string) fault {
		return fault{does: does, point: atRcpt, answer: says(reply), state: failed, stage: rcptStage, said: said, reads: reads, made: 1}
	}
	breaks := func(does string, answer smtptest.Answer, said string) fault {
		return fault{does: does, point: atRcpt, answer: answer, state: deferred, stage: rcptStage, said: said, made: 2}
	}
	return []fault{
		{does: "offers PIPELINING, and answers command by command, byte by byte", offers: []string{"PIPELINING"}, point: "MAIL", answer: slow,
			also: map[string]smtptest.Answer{"RCPT": slow, "DATA": slow, "DOT": slow}, all: true, state: sent, stage: doneStage, said: taken, made: 1, got: 1},
		at("speaks in several lines", "550-5.1.1 no\n550-5.1.1 such\n550 5.1.1 user", "550 5.1.1 no such user", readsGone),
		at("speaks in lines with different enhanced codes", "550-5.1.1 no\n550 5.7.1 spam", "550 5.7.1 no spam", readsSender),
		at("says nothing but a code", "550", "550", ""),
		at("says things that are not UTF-8", "550 5.1.1 bo\xeete inconnue", "550 5.1.1 bo?te inconnue", readsGone),
		at("writes to the terminal", "550 5.1.1 \x1b]0;owned\x07\x1b[31mno\x00\u202e user", "550 5.1.1 ]0;owned [31mno user", readsGone),
		at("names the reader", "550 5.1.1 <max@lecteurs.example>: MAX@Lecteurs.Example unknown", "550 5.1.1 <<recipient>>: <recipient> unknown", readsGone),
		at("names the reader in other ways", `550 5.1.1 "max"@lecteurs.example, see https://mx.example/?to=max%40lecteurs.example&from=retour+max=lecteurs.example`,
			"550 5.1.1 <recipient>, see https://mx.example/?to=<recipient>&from=retour+<recipient>", readsGone),
		at("says more in a line than RFC 5321 §4.5.3.1.5 allows", "550 5.1.1 "+strings.Repeat("no ", 300), "550 5.1.1 no no no no no no…", readsGone),
		breaks("says a line of 5,000 bytes", says("550 5.1.1 "+strings.Repeat("no ", 1700)), "a reply line longer than 4096 bytes"),
		breaks("says 1,000 lines", says(strings.Repeat("550-no\n", 1000)+"550 no"), "a reply of more than 100 lines"),
		breaks("says a line without end", smtptest.Answer{Flood: true, Reply: "550 no "}, "a reply line longer than 4096 bytes"),
		breaks("says lines without end", smtptest.Answer{Flood: true, Reply: "550-no\n"}, "a reply of more than 100 lines"),
		breaks("contradicts itself from line to line", says("250-yes\n550 never"), "not an SMTP reply"),
		breaks("stops in the middle of a reply", closing("550-no"), lost),
		breaks("says a code of four digits", says("5501 no"), "not an SMTP reply: 5501 no"),
		breaks("says a code that RFC 5321 §4.2 does not know", says("650 no"), "not an SMTP reply: 650 no"),
		breaks("says an empty line", says("\n550 5.1.1 no"), "not an SMTP reply"),
	}
}

// provider is a refusal in a provider's words.
func provider(does, point, reply string, state newsletter.DeliveryState, reads string) fault {
	f := fault{does: does, point: point, answer: says(reply), state: state, stage: rcptStage, said: reply, reads: reads, made: 1}
	if point == atDot {
		f.stage = doneStage
	}
	if strings.HasPrefix(reply, "421") {
		f.made = 2 // the server closes after it (RFC 5321 §3.8)
		f.answer.Close = true
	}
	return f
}

func frenchFaults() []fault {
	return []fault{
		provider("Orange: blocked for long", atRcpt, "421 mwinf5c77 ME Service refuse. Veuillez essayer plus tard. Service refused, please try later. OFR_999 [999]", deferred, readsSender+", "+readsPause),
		provider("Orange: too many connections", atRcpt, "421 mwinf5c79 ME Trop de connexions, veuillez verifier votre configuration. Too many connections, slow down. OFR004_104 [104]", deferred, readsSender+", "+readsPace),
		provider("Orange: unknown", atRcpt, "550 5.1.1 Adresse d au moins un destinataire invalide. Invalid recipient. OFR_416 [416]", failed, readsGone),
		provider("Orange: full", atRcpt, "552 5.1.1 Boite du destinataire pleine. Recipient overquota. OFR_417 [417]", failed, ""),
		provider("Orange: spam", atDot, "550 5.2.0 Mail rejete. Mail rejected. OFR_506 [506]", failed, readsSender),
		provider("La Poste: service refused", atRcpt, "450 4.7.1 <relay.example[192.0.2.1]>: Client host rejected: Service refuse. Veuillez essayer plus tard / please try later. LPN027_503", deferred, readsSender+", "+readsPace),
		provider("La Poste: unknown", atRcpt, "550 5.5.0 Adresse destinataire invalide. Invalid recipient. LPN007_416", failed, readsGone),
		provider("La Poste: blocked account", atRcpt, "550 5.5.0 Le compte du destinataire est bloque. The recipient account isblocked. LPN007_426", failed, ""),
		provider("La Poste: refused", atDot, "550 5.5.0 Service refuse. Veuillez essayer plus tard. service refused, please try later. LPN001_108", failed, readsSender),
		provider("La Poste: the sender takes no mail", atRcpt, "450 4.1.8 Emetteur invalide / Invalid Sender LPN007_405", deferred, readsSender),
		provider("SFR: spam", atRcpt, "450 4.7.1 Service refused due to bad behavior SFR_IN_101", deferred, readsSender+", "+readsPause),
		provider("SFR: volume", atRcpt, "450 4.7.1 Service refused due to bad behavior SFR_IN_105", deferred, readsSender+", "+readsPause),
		provider("SFR: too many errors", atRcpt, "421 4.7.0 msfrf2604.sfr.fr Error: too many errors", deferred, readsSender+", "+readsPause),
		provider("Free: spam", atDot, "550 spam detected", failed, readsSender),
		provider("Free: spam from this address", atRcpt, "550 Too many spams from your IP (192.0.2.1), please visit http://postmaster.free.fr/", failed, readsSender),
	}
}

func otherFaults() []fault {
	return []fault{
		provider("Gmail: unusual rate", atDot, "421 4.7.28 [192.0.2.1] Our system has detected an unusual rate of unsolicited mail originating from your IP address.", deferred, readsSender+", "+readsPace),
		provider("Gmail: unknown", atRcpt, "550 5.1.1 The email account that you tried to reach does not exist.", failed, readsGone),
		provider("Gmail: disabled", atRcpt, "550 5.2.1 The email account that you tried to reach is disabled.", failed, readsGone),
		provider("Gmail: the mailbox gets too much", atRcpt, "450 4.2.1 The user you are trying to contact is receiving mail too quickly.", deferred, ""),
		provider("Gmail: the mailbox gets too much, for good", atRcpt, "550 5.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages from being delivered. https://support.google.com/mail/?p=ReceivingRatePerm", failed, ""),
		provider("Gmail: full", atRcpt, "552 5.2.2 The email account that you tried to reach is over quota.", failed, ""),
		provider("Gmail: unauthenticated", atDot, "550 5.7.26 Your email has been blocked because the sender is unauthenticated.", failed, readsSender),
		provider("Microsoft: busy", atRcpt, "451 4.7.500 Server busy. Please try again later from [192.0.2.1]. (S77719)", deferred, readsSender+", "+readsPace),
		provider("Microsoft: too many in an hour", atRcpt, "421 RP-001 (SNT004-MC1F12) Unfortunately, some messages from 192.0.2.1 weren't sent. Please try again. We have limits for how many messages can be sent per hour and per day.", deferred, readsPace),
		provider("Microsoft: unknown", atRcpt, "550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302).", failed, readsGone),
		provider("Microsoft: block list", atRcpt, "550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3150).", failed, readsSender),
		provider("Microsoft: unauthenticated", atDot, "550 5.7.515 Access denied, sending domain PANDIA.EXAMPLE does not meet the required authentication level.", failed, readsSender),
		provider("Microsoft: only known senders", atRcpt, "550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required", failed, ""),
		provider("Yahoo: complaints or volume", atRcpt, "421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume or user complaints - 4.16.55.1", deferred, readsSender+", "+readsPace),
		provider("Yahoo: greylisting", atRcpt, "451 4.7.1 Message from (192.0.2.1) temporarily deferred - 4.16.50. [GL01]", deferred, ""),
		provider("Yahoo: unknown", atDot, "554 delivery error: dd This user doesn't have a yahoo.com account [0] - mta1001.mail.yahoo.example", failed, readsGone),
		provider("Yahoo: policy", atDot, "554 5.7.9 Message not accepted for policy reasons.", failed, readsSender),
		provider("Amazon SES: too fast", atDot, "454 4.7.0 Throttling failure: Maximum sending rate exceeded.", deferred, readsSender+", "+readsPace),
		provider("Amazon SES: quota of the day", atDot, "454 Throttling failure: Daily message quota exceeded.", deferred, readsPace),
		provider("cPanel: quota of the hour", atDot, "550 Domain pandia.example has exceeded the max emails per hour (100/100 (100%)) allowed. Message discarded.", failed, readsPace),
		provider("Exchange: short of memory", atDot, "452 4.3.1 Insufficient system resources", deferred, readsPace),
		provider("Postfix: too many connections", atRcpt, "421 4.7.0 mx.lecteurs.example Error: too many connections from 192.0.2.1", deferred, readsSender+", "+readsPace),
	}
}
