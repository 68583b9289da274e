package main

import (
	"encoding/json"
	"net"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/net/dns/dnsmessage"
)

// A nameServer knows TXT records, by name with the final dot.
type nameServer struct {
	mu    sync.Mutex
	texts map[string][]string
	fails bool // answers SERVFAIL
}

// dns starts a name server, once, and sets DNS to its address. It knows the records in the JSON that dkim record printed last (dns stdout), a text
// of a name (dns NAME TEXT), or fails (! dns).
func dns(ts *testscript.TestScript, neg bool, args []string) {
	s := on(ts)
	if s.dns == nil {
		s.dns = &nameServer{texts: map[string][]string{}}
		conn, err := net.ListenPacket("udp", "127.0.0.1:0")
		ts.Check(err)
		s.t.Cleanup(func() { _ = conn.Close() })
		ts.Setenv("DNS", conn.LocalAddr().String())
		go s.dns.serve(conn)
	}
	s.dns.mu.Lock()
	defer s.dns.mu.Unlock()
	s.dns.fails = neg
	switch {
	case len(args) == 2:
		s.dns.texts[args[0]+"."] = []string{args[1]}
	case len(args) == 1:
		var records []struct {
			Name    string
			Strings []string
		}
		ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &records))
		for _, r := range records {
			s.dns.texts[r.Name+"."] = r.Strings
		}
	}
}

func (n *nameServer) serve(conn net.PacketConn) {
	question := make([]byte, 1500)
	for {
		size, from, err := conn.ReadFrom(question)
		if err != nil {
			return
		}
		var m dnsmessage.Message
		if m.Unpack(question[:size]) == nil && len(m.Questions) == 1 {
			if reply, err := n.reply(m).Pack(); err == nil {
				_, _ = conn.WriteTo(reply, from)
			}
		}
	}
}

func (n *nameServer) reply(m dnsmessage.Message) *dnsmessage.Message {
	n.mu.Lock()
	defer n.mu.Unlock()
	q := m.Questions[0]
	m.Response, m.Additionals = true, nil
	texts, known := n.texts[strings.ToLower(q.Name.String())]
	switch {
	case n.fails:
		m.RCode = dnsmessage.RCodeServerFailure
	case !known:
		m.RCode = dnsmessage.RCodeNameError
	case q.Type == dnsmessage.TypeTXT:
		m.Answers = []dnsmessage.Resource{{
			Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 60}, Body: &dnsmessage.TXTResource{TXT: texts},
		}}
	}
	return &m
}
