package main

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
)

// A greylist defers a sender who writes to a recipient for the first times (RFC 6647 §2.4), asked by Postfix over the
// protocol of SMTPD_POLICY_README.
type greylist struct {
	patience func(recipient string) int // how often each pair is deferred

	mu       sync.Mutex
	seen     map[string]int // by sender and recipient
	deferred int
}

func (g *greylist) listen(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go g.answer(conn)
		}
	}()
	return l.Addr().String()
}

// answer serves one connection: names with values, an empty line, and what to do.
func (g *greylist) answer(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	asked := map[string]string{}
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		if name, value, found := strings.Cut(lines.Text(), "="); found {
			asked[name] = value
			continue
		}
		if _, err := fmt.Fprintf(conn, "action=%s\n\n", g.judge(asked["sender"], asked["recipient"])); err != nil {
			return
		}
		clear(asked)
	}
}

func (g *greylist) judge(sender, recipient string) string {
	g.mu.Lock()
	defer g.mu.Unlock()
	pair := sender + " " + recipient
	if g.seen == nil {
		g.seen = map[string]int{}
	}
	g.seen[pair]++
	if g.seen[pair] > g.patience(recipient) {
		return "DUNNO"
	}
	g.deferred++
	return "450 4.2.0 Greylisted, try again later"
}

// counts says how many tries were deferred and how many pairs were seen.
func (g *greylist) counts() (deferred, pairs int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.deferred, len(g.seen)
}
