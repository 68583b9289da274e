package smtptest

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"
)

func (c *session) mail(rest string) error {
	if c.begun {
		return c.write("503 5.5.1 a transaction is open\r\n", 0)
	}
	from, parameters, ok := path(rest, "FROM:")
	if !ok {
		return c.write("501 5.5.4 syntax: MAIL FROM:<address>\r\n", 0)
	}
	positive, err := c.reply("MAIL", from, "250 2.1.0 sender OK")
	if positive || c.server.script.Lenient {
		c.begun = true
		c.letter = Letter{Connection: c.number, TLS: c.secured, User: c.user, From: from, Parameters: parameters}
	}
	return err
}

func (c *session) rcpt(rest string) error {
	if !c.begun {
		return c.write("503 5.5.1 MAIL first\r\n", 0)
	}
	to, _, ok := path(rest, "TO:")
	if !ok {
		return c.write("501 5.5.4 syntax: RCPT TO:<address>\r\n", 0)
	}
	positive, err := c.reply("RCPT", to, "250 2.1.5 recipient OK")
	if positive {
		c.letter.To = append(c.letter.To, to)
	}
	return err
}

// path takes an address in angle brackets and the parameters behind it off a command.
func path(rest, prefix string) (address, parameters string, ok bool) {
	if len(rest) < len(prefix) || !strings.EqualFold(rest[:len(prefix)], prefix) {
		return "", "", false
	}
	rest, ok = strings.CutPrefix(rest[len(prefix):], "<")
	if !ok {
		return "", "", false
	}
	address, parameters, ok = strings.Cut(rest, ">")
	return address, strings.TrimSpace(parameters), ok
}

// data takes the content of a letter, and keeps the letter unless it is told to refuse it.
func (c *session) data() error {
	if c.begun && len(c.letter.To) == 0 && c.server.script.Generous {
		return c.contentForNobody()
	}
	if !c.begun || len(c.letter.To) == 0 {
		return c.write("503 5.5.1 RCPT first\r\n", 0)
	}
	to := c.letter.To[0]
	positive, err := c.reply("DATA", to, "354 go ahead")
	if !positive || err != nil {
		return err
	}
	content, err := c.content(to)
	if err != nil {
		return err
	}
	return c.finish(to, content)
}

// finish answers the end of a letter.
func (c *session) finish(to string, content []byte) error {
	c.see("DOT")
	c.begun = false
	c.letter.Content, c.letter.At = content, time.Now()

	answer := c.server.take("DOT", to)
	if answer.Reply == "" || !isRefusal(answer.Reply) {
		c.server.keep(c.letter)
	}
	_, err := c.give(answer, "250 2.0.0 taken")
	return err
}

// chunk takes a letter in one piece (RFC 3030 §2), and keeps it as data does. What comes for nobody is read and refused.
func (c *session) chunk(rest string) error {
	if c.server.script.Deaf {
		return c.write("500 5.5.2 unknown command\r\n", 0)
	}
	number, last, _ := strings.Cut(rest, " ")
	size, err := strconv.ParseUint(number, 10, 31)
	if err != nil || !strings.EqualFold(last, "LAST") {
		return errors.Join(c.write("501 5.5.4 syntax: BDAT size LAST\r\n", 0), errOver) // what follows may be content
	}
	to := ""
	if c.begun && len(c.letter.To) > 0 {
		to = c.letter.To[0]
		if answer := c.server.take("CONTENT", to); answer != (Answer{}) {
			_, err := c.give(answer, "451 4.3.0 cannot go on")
			return errors.Join(err, errOver)
		}
		c.see("CONTENT")
	}
	content := make([]byte, size)
	if _, err := io.ReadFull(c.in, content); err != nil {
		return err
	}
	c.begun = c.begun && to == "" && c.server.script.Holding
	if to == "" {
		return c.write("503 5.5.1 RCPT first\r\n", 0)
	}
	return c.finish(to, content)
}

// contentForNobody grants DATA though no recipient was taken. What is more than a dot is kept, so that a test sees it.
func (c *session) contentForNobody() error {
	if err := c.write("354 go ahead\r\n", 0); err != nil {
		return err
	}
	line, err := c.readLine()
	if err != nil || line != "." {
		c.server.keep(c.letter)
		return errors.Join(err, errOver)
	}
	c.begun = false
	return c.write("554 5.5.1 no valid recipients\r\n", 0)
}

// content reads up to the final dot. An answer at CONTENT ends the session there.
func (c *session) content(to string) ([]byte, error) {
	var content bytes.Buffer
	for first := true; ; first = false {
		if pause := c.server.script.Reading; pause > 0 {
			if err := c.rest(pause); err != nil {
				return nil, err
			}
		}
		line, err := c.in.ReadBytes('\n')
		if err != nil {
			return nil, err
		}
		if first {
			c.see("CONTENT")
			if answer := c.server.take("CONTENT", to); answer != (Answer{}) {
				_, err := c.give(answer, "451 4.3.0 cannot go on")
				return nil, errors.Join(err, errOver)
			}
		}
		if string(line) == ".\r\n" {
			return content.Bytes(), nil
		}
		content.Write(bytes.TrimPrefix(line, []byte(".")))
	}
}
