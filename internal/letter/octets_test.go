package letter

import (
	"bufio"
	"bytes"
	"errors"
	"net/textproto"
	"strings"
	"testing"
)

func TestOctets_AppendStuffed(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", ".\r\n"},
		{"\r\n", "\r\n.\r\n"},
		{"a\r\n", "a\r\n.\r\n"},
		{"a", "a\r\n.\r\n"},
		{".\r\n", "..\r\n.\r\n"},
		{".", "..\r\n.\r\n"},
		{"..a\r\nb.\r\n.c\r\n", "...a\r\nb.\r\n..c\r\n.\r\n"},
		{"a\r\n\r\n.\r\n", "a\r\n\r\n..\r\n.\r\n"},
	}
	for _, tt := range tests {
		got, err := stuffed(Octets(tt.in))
		if err != nil || string(got) != "before"+tt.want {
			t.Errorf("%q became %q, %v", tt.in, got, err)
		}
	}
	for _, in := range []string{"\n", "\r", "a\nb\r\n", "a\rb\r\n", "a\r\r\n", "a\r\n.\n", "a\r\n\r", "\r.\r\n"} {
		if got, err := stuffed(Octets(in)); !errors.Is(err, errLineEnds) {
			t.Errorf("%q became %q, %v", in, got, err)
		}
	}
}

// What goes on the wire is read back by a reader that is not ours, ends with the only final dot, and no server can
// read a second one into it.
func FuzzOctets(f *testing.F) {
	for _, seed := range []string{"", "a", ".", ".\r\n", "\r\n.\r\n", "a\r\n.\r\nQUIT\r\n", "\n.\n", "\r.\r"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		wire, err := stuffed(Octets(content))
		wire = bytes.TrimPrefix(wire, []byte("before"))
		unpaired := bytes.ReplaceAll(content, []byte("\r\n"), nil)
		if (err != nil) != bytes.ContainsAny(unpaired, "\r\n") {
			t.Fatalf("%q: %v", content, err)
		}
		if err != nil {
			return
		}
		rest := bufio.NewReader(bytes.NewReader(wire))
		read, err := textproto.NewReader(rest).ReadDotBytes()
		if err != nil || rest.Buffered() != 0 {
			t.Fatalf("%q: %v, %d bytes left", wire, err, rest.Buffered())
		}
		want := strings.ReplaceAll(string(content), "\r\n", "\n")
		if want != "" && !strings.HasSuffix(want, "\n") {
			want += "\n"
		}
		if string(read) != want {
			t.Errorf("%q was read as %q", content, read)
		}
	})
}
