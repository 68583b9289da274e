package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/smtp"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// start runs the command until the returned function asks for its end, and for what it wrote.
func start(t *testing.T, args ...string) (address string, end func() string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	var stdout strings.Builder
	told, stderr := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := run(ctx, append([]string{"-addr", "127.0.0.1:0"}, args...), &stdout, stderr)
		_ = stderr.CloseWithError(io.EOF)
		ended <- err
	}()
	line, _ := bufio.NewReader(told).ReadString('\n')
	address, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if !ok {
		t.Fatalf("it said %q, and ended with %v", line, <-ended)
	}
	return address, func() string {
		cancel()
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		return stdout.String()
	}
}

func TestRun(t *testing.T) {
	expect := filepath.Join(t.TempDir(), "expect")
	if err := os.WriteFile(expect, []byte("lea@lecteurs.example\n\nnoe@lecteurs.example\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"-expect", expect, "-json"}, {"-expect", expect}} {
		address, end := start(t, args...)
		for range 2 {
			if err := smtp.SendMail(address, nil, "lettre@site.example", []string{"lea@lecteurs.example"}, []byte("Subject: a\r\n\r\na\r\n")); err != nil {
				t.Fatal(err)
			}
		}
		out := end()
		if len(args) == 2 {
			for _, want := range []string{"letters     2 in ", "1: 0 with one copy, 1 with more", "1 extra, 1 of them", "forgotten   1 of 2", " a letter\n"} {
				if !strings.Contains(out, want) {
					t.Errorf("no %q in\n%s", want, out)
				}
			}
			continue
		}
		var got result
		if err := json.Unmarshal([]byte(out), &got); err != nil {
			t.Fatal(err)
		}
		if got.Letters != 2 || got.Extra != 1 || got.Expected != 2 || got.Forgotten != 1 || got.CPU <= 0 {
			t.Errorf("%+v", got)
		}
	}
}

func TestRun_Misuse(t *testing.T) {
	for _, args := range [][]string{{"-nope"}, {"word"}, {"-addr", "nowhere"}} {
		if err := run(t.Context(), args, io.Discard, io.Discard); err == nil {
			t.Errorf("%q: no error", args)
		}
	}
}
