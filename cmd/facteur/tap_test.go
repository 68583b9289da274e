package main

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
)

// A tap passes connections on to a server and writes down what its clients say.
type tap struct {
	listener net.Listener
	server   string
	open     sync.WaitGroup
	mu       sync.Mutex
	said     []string // by connection
	failed   error
}

func newTap(t *testing.T, server string) *tap {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	w := &tap{listener: l, server: server}
	w.open.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			w.open.Go(func() { w.pass(client) })
		}
	})
	return w
}

func (w *tap) pass(client net.Conn) {
	defer func() { _ = client.Close() }()
	server, err := net.Dial("tcp", w.server)
	if err != nil {
		w.note("", err)
		return
	}
	defer func() { _ = server.Close() }()
	w.open.Go(func() {
		_, _ = io.Copy(client, server)
		_ = client.Close()
	})
	var said bytes.Buffer
	_, err = io.Copy(io.MultiWriter(server, &said), client)
	if errors.Is(err, net.ErrClosed) { // the server hung up first, after QUIT
		err = nil
	}
	w.note(said.String(), err)
}

func (w *tap) note(said string, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.said, w.failed = append(w.said, said), cmp.Or(w.failed, err)
}

// letters waits for the end of all connections and returns what went between DATA and the final dot, with the doubled
// dots undone (RFC 5321 §4.5.2).
func (w *tap) letters(t *testing.T) []string {
	t.Helper()
	_ = w.listener.Close()
	w.open.Wait()
	if w.failed != nil {
		t.Fatal(w.failed)
	}
	var all []string
	for _, said := range w.said {
		for _, after := range strings.Split(said, "\r\nDATA\r\n")[1:] {
			if strings.HasPrefix(after, "RSET\r\n") { // its recipient was refused meanwhile
				continue
			}
			content, _, ended := strings.Cut(after, "\r\n.\r\n")
			if !ended {
				t.Fatalf("a letter has no end: …%.200q", after)
			}
			all = append(all, strings.ReplaceAll(content, "\r\n..", "\r\n.")+"\r\n")
		}
	}
	return all
}
