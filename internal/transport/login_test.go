package transport

import (
	"strings"
	"testing"

	"github.com/wneessen/go-mail/smtp"
)

func TestMechanism(t *testing.T) {
	way, err := NewSMTP(Relay{Host: "relay.example", User: "pandia", Password: "s3cret"})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		offered string
		open    string // chosen without TLS; empty is none
		secured string // chosen under TLS
	}{
		{"PLAIN LOGIN", "", "PLAIN"},
		{"LOGIN", "", "LOGIN"},
		{"LOGIN PLAIN CRAM-MD5", "CRAM-MD5", "PLAIN"},
		{"PLAIN SCRAM-SHA-1", "SCRAM-SHA-1", "SCRAM-SHA-1"},
		{"SCRAM-SHA-1 SCRAM-SHA-256 CRAM-MD5", "SCRAM-SHA-256", "SCRAM-SHA-256"},
		{"XOAUTH2 GSSAPI", "", ""},
		{"", "", ""},
	}
	for _, tt := range tests {
		for secured, want := range map[bool]string{false: tt.open, true: tt.secured} {
			offered := strings.Fields(tt.offered)
			auth, err := way.mechanism(offered, secured)
			got := ""
			if err == nil {
				if got, _, err = auth.Start(&smtp.ServerInfo{Name: "relay.example", TLS: secured, Auth: offered}); err != nil {
					t.Errorf("%q: %v", tt.offered, err)
				}
			}
			if got != want {
				t.Errorf("%q, TLS %t: chose %q, want %q (%v)", tt.offered, secured, got, want, err)
			}
		}
	}
}
