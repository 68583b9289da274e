package newsletter_test

import (
	"testing"
	"time"

	"facteur/internal/newsletter"
)

// read reads a reply as it stands in the logs of mail servers.
func read(line string) newsletter.Reply {
	code := 0
	for _, digit := range line[:3] {
		code = 10*code + int(digit-'0')
	}
	return newsletter.NewReply(code, line[4:])
}

// The words are those of the providers and relays, the addresses are not.
func TestReply_Throttle(t *testing.T) {
	for line, want := range map[string]time.Duration{
		// Orange and La Poste
		"421 mwinf5c77 ME Service refuse. Veuillez essayer plus tard. Service refused, please try later. OFR_999 [999]":                               2 * time.Hour,
		"421 mwinf5c77 ME Service refuse. Veuillez essayer plus tard. Service refused, please try later. OFR004_999 [999]":                            2 * time.Hour,
		"421 mwinf5c79 ME Trop de connexions, veuillez verifier votre configuration. Too many connections, slow down. OFR004_104 [104]":               0,
		"421 mwinf5c79 ME Service refuse. Veuillez essayer plus tard. Service refused, please try later. OFR004_105 [105]":                            0,
		"421 4.7.1 Trop de connexions, veuillez verifier votre configuration. LPN105_104":                                                             0,
		"421 Service refuse. Veuillez essayer plus tard. LPN003_109":                                                                                  0,
		"450 4.7.1 <smtp.pandia.example[192.0.2.1]>: Client host rejected: Service refuse. Veuillez essayer plus tard / please try later. LPN027_503": 0,
		// SFR
		"450 4.7.1 <smtp.pandia.example[192.0.2.1]>: Client host rejected: Service refused due to bad behavior SFR_IN_101": 2 * time.Hour,
		"450 4.7.1 Service refused due to bad behavior SFR_IN_205":                                                         2 * time.Hour,
		"421 4.7.0 msfrf2604.sfr.fr Error: too many errors":                                                                2 * time.Hour,
		// Gmail, Microsoft, Yahoo
		"421 4.7.28 [192.0.2.1] Our system has detected an unusual rate of unsolicited mail originating from your IP address. To protect our users from spam, mail sent from your IP address has been temporarily rate limited.": 0,
		"421 4.7.0 [192.0.2.1] Our system has detected an unusual rate of unsolicited mail originating from your IP address.":                                                                                                    0,
		"550 5.7.28 [192.0.2.1] Our system has detected an unusual rate of unsolicited mail originating from your IP address. To protect our users from spam, mail sent from your IP address has been blocked.":                  0,
		"421 4.7.0 Try again later, closing connection.":          0,
		"421 4.4.5 Server busy, try again later.":                 0,
		"550 5.4.5 Daily SMTP relay limit exceeded for customer.": 0,
		"550 5.4.5 Daily user sending limit exceeded. For more information on Gmail sending limits go to https://support.google.com/a/answer/166852":                                    0,
		"451 4.7.500 Server busy. Please try again later from [192.0.2.1]. (S77719)":                                                                                                    0,
		"451 4.7.650 The mail server [192.0.2.1] has been temporarily rate limited due to IP reputation. For e-mail delivery information, see https://postmaster.live.com (S775)":       0,
		"421 RP-001 (SNT004-MC1F12) Unfortunately, some messages from 192.0.2.1 weren't sent. Please try again. We have limits for how many messages can be sent per hour and per day.": 0,
		"421 RP-003 The mail server IP connecting to Outlook.com server has exceeded the connection limit allowed.":                                                                     0,
		"421 RP-002 The mail server IP connecting to Outlook.com server has exceeded the rate limit allowed on this connection.":                                                        0,
		"421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume or user complaints - 4.16.55.1; see https://postmaster.yahooinc.com/error-codes":       0,
		"421 4.7.0 [TS01] Messages from 192.0.2.1 temporarily deferred due to user complaints - 4.16.55.1":                                                                              0,
		// relays and the programs that servers run
		"454 4.7.0 Throttling failure: Maximum sending rate exceeded.": 0,
		"454 Throttling failure: Daily message quota exceeded.":        0,
		"454 Throttling failure":                                       0,
		"454 4.7.0 Maximum sending rate exceeded":                      0,
		"451 4.7.1 Ratelimit \"user\" exceeded":                        0,
		"451 4.7.1 Rate limit exceeded":                                0,
		"550 Domain pandia.example has exceeded the max emails per hour (100/100 (100%)) allowed. Message discarded.": 0,
		"452 4.3.2 Connection rate limit exceeded.":                                                                        0,
		"421 4.7.0 mx.lecteurs.example Error: too many connections from 192.0.2.1":                                         0,
		"421 4.3.2 The maximum number of concurrent server connections has exceeded a limit, closing transmission channel": 0,
		"421 Too many concurrent SMTP connections; please try again later.":                                                0,
		"421 4.3.2 Service not available, closing transmission channel":                                                    0,
		"452 4.3.1 Insufficient system storage":                                                                            0,
		"452 4.3.1 Insufficient system resources (UsedVersionBuckets[C:\\Exchange])":                                       0,
		"452 4.4.5 Insufficient disk space; try again later":                                                               0,
		"452 4.5.3 Too many recipients":                                                                                    0,
		"452 Too many recipients received this hour":                                                                       0,
		"450 4.7.1 <retour@pandia.example>: Sender address rejected: You are sending too many emails too fast.":            0,
		"450 4.7.1 Error: too much mail from 192.0.2.1":                                                                    0,
		"450 4.7.1 Error: too many recipients from 192.0.2.1":                                                              0,
	} {
		if pause, throttled := read(line).Throttle(); !throttled || pause != want {
			t.Errorf("%q: %s, %t; want %s", line, pause, throttled, want)
		}
	}
}

func TestReply_ThrottleIsNot(t *testing.T) {
	for _, line := range []string{
		// greylisting
		"450 4.2.0 <lea@lecteurs.example>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch/help/lecteurs.example.html",
		"451 4.7.1 Greylisting in action, please come back later",
		"451 4.7.1 Message from (192.0.2.1) temporarily deferred - 4.16.50. Please refer to https://postmaster.yahooinc.com/error-codes [GL01]",
		"450 4.3.2 Service currently unavailable",
		// the mailbox
		"452 4.2.2 The email account that you tried to reach is over quota.",
		"552 5.2.2 <lea@lecteurs.example>: Recipient address rejected: Quota exceeded (mailbox for user is full)",
		"552 5.1.1 Boite du destinataire pleine. Recipient overquota. OFR_417 [417]",
		"450 4.2.1 The user you are trying to contact is receiving mail too quickly. Please resend your message at a later time.",
		"450 4.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages from being delivered. https://support.google.com/mail/?p=ReceivingRate",
		"550 5.1.1 <lea@lecteurs.example>: Recipient address rejected: User unknown",
		"550 5.1.1 Adresse d au moins un destinataire invalide. Invalid recipient. OFR_416 [416]",
		// content and reputation
		"550 spam detected",
		"550 5.2.0 Mail rejete. Mail rejected. OFR_506 [506]",
		"550 5.5.0 Service refuse. Veuillez essayer plus tard. service refused, please try later. LPN007_510",
		"550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3150).",
		"421 4.2.0 Service refuse. Veuillez essayer plus tard. Service refused, please try later. OFR005_505 [505]",
		"450 4.1.8 Emetteur invalide / Invalid Sender LPN007_405",
		"552 5.3.4 Message size exceeds fixed limit",
		"554 5.4.6 Too many hops",
		// the server's own trouble
		"451 4.3.0 Error: queue file write error",
		"421 4.4.2 mx.lecteurs.example Error: timeout exceeded",
		"421 4.3.2 Service shutting down and closing transmission channel",
		"421 4.3.2 down for maintenance",
		"451 4.3.0 Temporary lookup failure",
		// no refusal
		"250 2.0.0 Ok: queued, server busy",
		"000 a rate limit in our own words",
	} {
		if pause, throttled := read(line).Throttle(); throttled || pause != 0 {
			t.Errorf("%q was read as throttling (%s)", line, pause)
		}
	}
}

// A reply says the same whether it came in one line or several, and when it is read back from the ledger.
func FuzzReply_Reading(f *testing.F) {
	f.Add(421, "4.7.28 an unusual rate\n4.7.28 of mail")
	f.Add(450, "4.7.1 SFR_IN_101")
	f.Add(421, "mwinf5c77 ME Too many connections, slow down. OFR004_104 [104]")
	f.Add(454, "4.7.0 Throttling failure: Maximum sending rate exceeded.")
	f.Add(550, "5.2.1 receiving mail at a rate p=ReceivingRatePerm")
	f.Add(554, "delivery error: dd This user doesn't have a yahoo.com account")
	f.Add(550, "5.5.0 user unknown LPN007_416")
	f.Add(550, "\x005.1.1 \u202eno\u00a05.1.1")
	f.Fuzz(func(t *testing.T, code int, text string) {
		r := newsletter.NewReply(code, text)
		again := newsletter.NewReply(code, r.Enhanced+" "+r.Text)
		if again != r {
			t.Fatalf("read as %+v, then as %+v", r, again)
		}
		pause, throttled := r.Throttle()
		if pause != 0 && !throttled || pause < 0 || throttled && code < 400 {
			t.Errorf("%+v: %s, %t", r, pause, throttled)
		}
		if r.NoSuchMailbox() && (throttled || !r.Permanent()) {
			t.Errorf("%+v: no such mailbox, throttled %t", r, throttled)
		}
		for _, stage := range []newsletter.Stage{newsletter.StageConnect, newsletter.StageMail, newsletter.StageRcpt, newsletter.StageDone} {
			if r.AboutSender(stage) && code < 400 {
				t.Errorf("%+v at %s judges the sender", r, stage)
			}
		}
	})
}
