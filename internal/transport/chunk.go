package transport

import (
	"bytes"
	"fmt"

	"facteur/internal/newsletter"
)

// room is how many more letters may go beside so many of which the server has not said anything.
func (l *line) room(others int) int {
	if l.spent() || others == 0 && l.unasked() {
		return 0
	}
	room := l.window - others
	if l.offers.maxMails > 0 {
		room = min(room, l.offers.maxMails-l.mails-others)
	}
	return room
}

// appendWhole appends a letter with its commands in one piece: its content in one chunk, in which no dot means anything (RFC 3030 §2). It begins by
// clearing the transaction of the letter before: where that was refused before its chunk, servers may hold it open, and take this one for a part of it.
func (l *line) appendWhole(dst []byte, p newsletter.Parcel) []byte {
	dst = l.rcpt(l.mail(append(dst, "RSET"+crlf...), p), p)
	return p.Content.Append(fmt.Appendf(dst, "BDAT %d LAST"+crlf, p.Content.Len()))
}

// answersWhole is how many answers there are to a letter that goes in one piece: to RSET, MAIL, RCPT and BDAT.
const answersWhole = 4

// hear reads the next answer to a letter that went. The first refusal is the letter's: RCPT refused, BDAT is, too (RFC 3030 §2). But what was taken
// for its recipient was taken. The error says that nothing more is to be heard.
func (l *line) hear(f *flight) error {
	clears := f.answers == 0
	stage := [answersWhole]newsletter.Stage{newsletter.StageMail, newsletter.StageMail, newsletter.StageRcpt, newsletter.StageDone}[f.answers]
	wait := l.waits.Command
	switch {
	case l.ended:
		wait = l.waits.Quit
	case stage == newsletter.StageDone:
		wait = l.waits.Dot
	}
	l.arm(wait, false)
	reply, err := l.answer(2)
	switch {
	case reply.Code == 0:
		return err
	case clears && !reply.OK() && err == nil: // RFC 5321 §4.1.1.5 knows no refusal: it answers something else
		_, err = l.lost(&oddity{what: fmt.Sprintf("an answer %d to RSET", reply.Code), words: reply.Text})
		return err
	case clears:
	case stage == newsletter.StageMail:
		l.mails++
	case stage == newsletter.StageRcpt:
		f.addressed = reply.OK()
	case stage == newsletter.StageDone && !f.whole:
		if stage = newsletter.StageData; reply.OK() && f.told.OK() {
			_, err = l.lost(&oddity{what: fmt.Sprintf("an answer %d to half a letter", reply.Code), words: reply.Text})
			return err
		}
	}
	if f.answers++; f.told.Code < 400 || f.addressed && stage == newsletter.StageDone && reply.OK() {
		f.stage, f.told = stage, reply
	}
	return nil
}

// speaks reports that a line of an answer is there.
func (l *line) speaks() bool {
	said, _ := l.client.Text.R.Peek(l.client.Text.R.Buffered())
	return bytes.IndexByte(said, '\n') >= 0
}
