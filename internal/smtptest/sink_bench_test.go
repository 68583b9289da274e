package smtptest_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"facteur/internal/smtptest"
)

// BenchmarkSink sends a newsletter over 16 connections, client and sink in one process. With SINK=host:port the sink is
// another program, whose report then tells what it cost alone.
func BenchmarkSink(b *testing.B) {
	address := os.Getenv("SINK")
	if address == "" {
		_, address = startSink(b, smtptest.Faults{})
	}
	message := smtptest.NewFrenchMessage()
	b.SetBytes(int64(len(message.Append(nil, "lea@lecteurs.example", "1@site.example"))))
	var next atomic.Int64
	var clients sync.WaitGroup
	b.ResetTimer()
	for range 16 {
		clients.Go(func() {
			if err := benchClient(address, message, func() (int64, bool) { n := next.Add(1); return n, n <= int64(b.N) }); err != nil {
				b.Error(err)
			}
		})
	}
	clients.Wait()
}

// benchClient sends letters as long as next gives it a number, and waits twice for each: before the content and behind it.
func benchClient(address string, message *smtptest.FrenchMessage, next func() (int64, bool)) error {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	replies := bufio.NewReader(conn)
	if _, err := io.WriteString(conn, "EHLO bench.example\r\n"); err != nil {
		return err
	}
	if err := skipReplies(replies, "220", "250"); err != nil {
		return err
	}
	var out []byte
	for n, more := next(); more; n, more = next() {
		to := fmt.Sprintf("r%d@lecteurs.example", n)
		out = fmt.Appendf(out[:0], "MAIL FROM:<lettre@site.example>\r\nRCPT TO:<%s>\r\nDATA\r\n", to)
		if _, err := conn.Write(out); err != nil {
			return err
		}
		if err := skipReplies(replies, "250", "250", "354"); err != nil {
			return err
		}
		if _, err := conn.Write(message.Append(out[:0], to, to)); err != nil {
			return err
		}
		if err := skipReplies(replies, "250"); err != nil {
			return err
		}
	}
	return nil
}

// skipReplies reads replies that must have these codes.
func skipReplies(in *bufio.Reader, codes ...string) error {
	for _, code := range codes {
		for more := true; more; {
			line, err := in.ReadString('\n')
			if err != nil {
				return err
			}
			if !strings.HasPrefix(line, code) {
				return fmt.Errorf("%q instead of %s", line, code)
			}
			more = line[len(code)] == '-'
		}
	}
	return nil
}
