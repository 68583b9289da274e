package smtptest

import (
	"bufio"
	"cmp"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"strings"
	"time"
)

// errOver ends a session: the connection is to be closed.
var errOver = errors.New("session over")

// A session is the server's side of one connection.
type session struct {
	server  *Server
	number  int
	conn    net.Conn
	in      *bufio.Reader
	secured bool
	user    string
	begun   bool   // MAIL was taken
	letter  Letter // the transaction at hand
}

func (c *session) run(conn net.Conn) {
	c.use(conn)
	if c.server.script.TLS {
		c.secure()
	}
	_, err := c.reply("CONNECT", "", "220 "+Host+" ESMTP")
	for err == nil {
		var line string
		if line, err = c.readLine(); err == nil {
			c.see(line)
			err = c.obey(line)
		}
	}
}

func (c *session) use(conn net.Conn) {
	c.conn, c.in = conn, bufio.NewReaderSize(conn, 64<<10) // what is one write in memory is one read, as if it were a socket
}

// secure puts TLS on the connection; a handshake that fails shows at the next read.
func (c *session) secure() {
	c.secured = true
	c.use(tls.Server(c.conn, &tls.Config{Certificates: []tls.Certificate{c.server.cert}}))
}

func (c *session) see(line string) {
	c.server.observe(Event{Connection: c.number, At: time.Now(), Line: line})
}

func (c *session) readLine() (string, error) {
	line, err := c.in.ReadString('\n')
	return strings.TrimRight(line, "\r\n"), err
}

// reply answers at a point, as told or with the ordinary reply, and returns whether that was positive.
func (c *session) reply(point, address, ordinary string) (positive bool, err error) {
	return c.give(c.server.take(point, address), ordinary)
}

func (c *session) give(answer Answer, ordinary string) (positive bool, err error) {
	switch {
	case answer.Hang:
		_, _ = io.Copy(io.Discard, c.in) // until the client or the test ends it
		return false, errOver
	case answer.Drop:
		return false, errOver
	case answer.Flood:
		c.flood(answer.Reply)
		return false, errOver
	}
	text := cmp.Or(answer.Reply, ordinary)
	err = c.write(strings.ReplaceAll(text, "\n", "\r\n")+"\r\n", answer.Slow)
	if answer.Close {
		err = errOver
	}
	return !isRefusal(text), err
}

// flood says one thing without end. What the client says meanwhile is not read.
func (c *session) flood(reply string) {
	much := strings.Repeat(strings.ReplaceAll(reply, "\n", "\r\n"), 1+4096/len(reply))
	for {
		n, err := io.WriteString(c.conn, much)
		c.server.flooded(n)
		if err != nil {
			return
		}
	}
}

func isRefusal(reply string) bool { return reply[0] == '4' || reply[0] == '5' }

func (c *session) write(text string, pause time.Duration) error {
	if pause == 0 {
		_, err := io.WriteString(c.conn, text)
		return err
	}
	for i := range len(text) {
		if err := c.rest(pause); err != nil {
			return err
		}
		if _, err := io.WriteString(c.conn, text[i:i+1]); err != nil {
			return err
		}
	}
	return nil
}

func (c *session) rest(pause time.Duration) error {
	select {
	case <-time.After(pause):
		return nil
	case <-c.server.ctx.Done():
		return errOver
	}
}

// obey carries out one command.
func (c *session) obey(line string) error {
	verb, rest, _ := strings.Cut(line, " ")
	switch verb = strings.ToUpper(verb); verb {
	case "EHLO":
		_, err := c.reply(verb, "", c.ehlo())
		return err
	case "HELO", "NOOP":
		_, err := c.reply(verb, "", "250 2.0.0 OK")
		return err
	case "STARTTLS":
		positive, err := c.reply(verb, "", "220 2.0.0 go ahead")
		if positive && err == nil {
			c.secure()
		}
		return err
	case "AUTH":
		return c.auth(rest)
	case "MAIL":
		return c.mail(rest)
	case "RCPT":
		return c.rcpt(rest)
	case "DATA":
		return c.data()
	case "BDAT":
		return c.chunk(rest)
	case "RSET":
		c.begun = false
		_, err := c.reply(verb, "", "250 2.0.0 flushed")
		return err
	case "QUIT":
		_, err := c.reply(verb, "", "221 2.0.0 bye")
		return errors.Join(err, errOver)
	default:
		return c.write("500 5.5.2 unknown command\r\n", 0)
	}
}

// ehlo lists the extensions; STARTTLS no longer under TLS (RFC 3207 §4.2).
func (c *session) ehlo() string {
	lines := []string{Host + " at your service"}
	for _, extension := range c.server.script.Extensions {
		if extension != "STARTTLS" || !c.secured {
			lines = append(lines, extension)
		}
	}
	last := len(lines) - 1
	for i := range lines {
		lines[i] = map[bool]string{true: "250 ", false: "250-"}[i == last] + lines[i]
	}
	return strings.Join(lines, "\n")
}

// auth takes AUTH PLAIN with its response in the command, and AUTH LOGIN.
func (c *session) auth(rest string) error {
	mechanism, initial, _ := strings.Cut(rest, " ")
	var user, password string
	switch strings.ToUpper(mechanism) {
	case "PLAIN":
		parts := strings.Split(decoded(initial), "\x00")
		if len(parts) == 3 {
			user, password = parts[1], parts[2]
		}
	case "LOGIN":
		if err := errors.Join(c.prompt("Username:", &user), c.prompt("Password:", &password)); err != nil {
			return err
		}
	default:
		return c.write("504 5.5.4 unknown mechanism\r\n", 0)
	}
	ordinary := "235 2.7.0 welcome"
	if known, found := c.server.script.Users[user]; !found || known != password {
		ordinary = "535 5.7.8 wrong user or password"
	}
	positive, err := c.reply("AUTH", user, ordinary)
	if positive {
		c.user = user
	}
	return err
}

func (c *session) prompt(text string, field *string) error {
	if err := c.write("334 "+base64.StdEncoding.EncodeToString([]byte(text))+"\r\n", 0); err != nil {
		return err
	}
	line, err := c.readLine()
	*field = decoded(line)
	return err
}

func decoded(text string) string {
	plain, _ := base64.StdEncoding.DecodeString(text)
	return string(plain)
}
