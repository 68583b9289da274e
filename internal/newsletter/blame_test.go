package newsletter_test

import (
	"testing"

	"facteur/internal/newsletter"
)

func TestReply_WhomItIsAbout(t *testing.T) {
	tests := []struct {
		line    string
		sender  bool
		mailbox bool // does not exist
	}{
		// the enhanced code says it
		{"550 5.1.1 no", false, true},
		{"550 5.1.2 no", false, true},
		{"553 5.1.3 no", false, true},
		{"550 5.1.6 no", false, true},
		{"556 5.1.10 no", false, true},
		{"550 5.2.1 no", false, true},
		{"550 no", false, false},
		{"550 5.2.2 no", false, false},
		{"552 5.2.2 no", false, false},
		{"552 5.1.1 no", false, false},
		{"450 5.1.1 no", false, false},
		{"550 4.1.1 no", false, false},
		{"550 5.1.7 no", true, false},
		{"550 5.1.8 no", true, false},
		{"450 4.1.8 no", true, false},
		{"550 5.7.1 no", true, false},
		{"550 5.7.26 no", true, false},
		{"451 4.7.0 no", true, false},
		{"550 5.70.1 no", false, false},
		{"550 5.7.17 the mailbox has a new owner", false, false},
		{"530 5.7.0 log in", true, false},
		{"530 log in", true, false},
		{"535 5.7.8 no", true, false},
		{"250 2.7.0 yes", false, false},
		{"000 connection reset", false, false},
		// Orange and La Poste: the same enhanced code means different things
		{"550 5.5.0 Adresse destinataire invalide. Invalid recipient. LPN007_416", false, true},
		{"550 5.5.0 Le compte du destinataire est bloque. The recipient account isblocked. LPN007_426", false, false},
		{"550 5.5.0 Boite du destinataire archivee. Archived recipient. LPN007_420", false, false},
		{"550 5.5.0 Service refuse. Veuillez essayer plus tard. service refused, please try later. LPN001_108", true, false},
		{"550 5.5.0 Service refuse. Veuillez essayer plus tard. service refused, please try later. LPN007_510", true, false},
		{"550 5.5.0 SPF: 192.0.2.1 is not allowed to send mail. LPN004_401", true, false},
		{"571 5.7.1 Message refused, DMARC verification Failed. LPN007_517", true, false},
		{"450 4.1.8 Emetteur invalide / Invalid Sender LPN007_405", true, false},
		{"554 5.7.1 Client host rejected LPN000_630", true, false},
		{"550 5.1.1 Adresse d au moins un destinataire invalide. Invalid recipient. OFR_416 [416]", false, true},
		{"552 5.1.1 Boite du destinataire pleine. Recipient overquota. OFR_417 [417]", false, false},
		{"550 5.2.0 Mail rejete. Mail rejected. OFR_506 [506]", true, false},
		{"550 mwinf5c04 ME Adresse IP source bloquee pour incident de spam. Client host blocked for spamming issues. OFR006_102 [102]", true, false},
		{"501 5.1.0 Emetteur invalide. Invalid Sender. OFR004_405 [405]", true, false},
		{"421 mwinf5c77 ME Service refuse. Veuillez essayer plus tard. OFR_999 [999]", true, false},
		// SFR and Free
		{"450 4.7.1 Service refused due to bad behavior SFR_IN_104", true, false},
		{"550 5.1.1 <lea@sfr.example>: Recipient address rejected: User unknown", false, true},
		{"550 spam detected", true, false},
		{"550 Too many spams from your IP (192.0.2.1), please visit http://postmaster.free.fr/", true, false},
		// Gmail, Microsoft, Yahoo
		{"550 5.1.1 The email account that you tried to reach does not exist. Please try double-checking the recipient's email address", false, true},
		{"550 5.2.1 The email account that you tried to reach is disabled.", false, true},
		{"550 5.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages from being delivered. https://support.google.com/mail/?p=ReceivingRatePerm", false, false},
		{"550 5.7.26 Your email has been blocked because the sender is unauthenticated.", true, false},
		{"552 5.2.2 The email account that you tried to reach is over quota.", false, false},
		{"550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302). [AM7EUR03FT026.eop-EUR03.prod.protection.outlook.com]", false, true},
		{"550 5.5.0 Requested action not taken: mailbox unavailable", false, false},
		{"550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3150).", true, false},
		{"550 5.7.515 Access denied, sending domain PANDIA.EXAMPLE does not meet the required authentication level.", true, false},
		{"550 5.4.1 Recipient address rejected: Access denied. AS(201806281)", false, false},
		{"550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup", false, true},
		{"550 5.7.1 RESOLVER.RST.AuthRequired; authentication required", false, false},
		{"550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required", false, false},
		{"554 delivery error: dd This user doesn't have a yahoo.com account (lea@yahoo.example) [0] - mta1001.mail.yahoo.example", false, true},
		{"554 30 Sorry, your message to lea@yahoo.example cannot be delivered. This mailbox is disabled (554.30).", false, false},
		{"552 1 Requested mail action aborted, mailbox not found", false, false},
		{"554 5.7.9 Message not accepted for policy reasons. See https://postmaster.yahooinc.com/error-codes", true, false},
		{"553 5.7.1 [BL21] Connections will not be accepted from 192.0.2.1, because the ip is in Spamhaus's list", true, false},
		// programs that servers run
		{"550 5.7.1 <lea@lecteurs.example>: Recipient address rejected: User unknown", false, false},
		{"550 User unknown", false, true},
		{"550 No such user here", false, true},
		{"550 sorry, no mailbox here by that name. (#5.7.17)", false, true},
		{"550 5.1.1 lea... User unknown", false, true},
		{"550 Too many unknown users", false, false},
		{"550 5.1.1 <retour@pandia.example>: Sender address rejected: User unknown", false, false},
		{"550 Sender verify failed", true, false},
		{"550 5.1.0 <retour@pandia.example>: Sender address rejected: no", false, false},
		{"554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org", true, false},
		{"550 unknown user blocked using a blacklist", true, false},
		{"451 4.7.1 Greylisting in action, please come back later", false, false},
		{"452 4.3.1 Insufficient system storage", false, false},
	}
	for _, tt := range tests {
		r := read(tt.line)
		if r.AboutSender(newsletter.StageRcpt) != tt.sender || r.NoSuchMailbox() != tt.mailbox {
			t.Errorf("%s: about the sender %t, no such mailbox %t", r, r.AboutSender(newsletter.StageRcpt), r.NoSuchMailbox())
		}
	}
}

// Before a mailbox was named, whatever is refused for good is about who sends, but for the size that MAIL tells
// (RFC 1870 §6.1).
func TestReply_WhomItIsAbout_ByStage(t *testing.T) {
	for _, tt := range []struct {
		stage newsletter.Stage
		line  string
		want  bool
	}{
		{newsletter.StageConnect, "421 4.3.2 closed", true},
		{newsletter.StageConnect, "554 no", true},
		{newsletter.StageConnect, "220 yes", false},
		{newsletter.StageMail, "550 no", true},
		{newsletter.StageMail, "553 5.1.1 no", true},
		{newsletter.StageMail, "552 5.3.4 too large", false},
		{newsletter.StageMail, "552 too large", false},
		{newsletter.StageMail, "451 4.3.0 later", false},
		{newsletter.StageRcpt, "550 no", false},
		{newsletter.StageDone, "554 no", false},
	} {
		if got := read(tt.line).AboutSender(tt.stage); got != tt.want {
			t.Errorf("%s at %s: %t", tt.line, tt.stage, got)
		}
	}
}

// What a server says of a letter's size is about the letter; a full mailbox, and one that takes little, are not.
func TestReply_TooLarge(t *testing.T) {
	for _, tt := range []struct {
		stage newsletter.Stage
		line  string
		want  bool
	}{
		{newsletter.StageMail, "552 5.3.4 the letter has 2000 bytes, the server takes 1000", true},
		{newsletter.StageMail, "552 5.3.4 Message size exceeds fixed limit", true},                       // Postfix
		{newsletter.StageMail, "552 5.2.3 Message size exceeds fixed maximum message size (1000)", true}, // Sendmail
		{newsletter.StageMail, "552 Message size exceeds maximum permitted", true},                       // Exim
		{newsletter.StageDone, "552 Message size exceeds maximum permitted", true},
		{newsletter.StageDone, "552-5.3.4 Your message exceeded Google's message size limits.", true},
		{newsletter.StageData, "554 5.3.4 too big", true},
		{newsletter.StageMail, "452 5.3.4 not now", false},
		{newsletter.StageMail, "550 5.7.1 too large for you", false},
		{newsletter.StageRcpt, "552 5.2.2 over quota", false},
		{newsletter.StageRcpt, "552 5.2.3 message too large for this mailbox", false},
		{newsletter.StageDone, "552 Requested mail action aborted: exceeded storage allocation", false},
		{newsletter.StageRcpt, "552 5.1.1 Boite du destinataire pleine. Recipient overquota. OFR_417 [417]", false},
		{newsletter.StageMail, "250 2.3.4 yes", false},
	} {
		if got := read(tt.line).TooLarge(tt.stage); got != tt.want {
			t.Errorf("%s at %s: %t", tt.line, tt.stage, got)
		}
	}
}
