package transport

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"facteur/internal/newsletter"
)

func TestReadReply(t *testing.T) {
	long := strings.Repeat("x", 5000)
	tests := []struct {
		name string
		in   string
		want newsletter.Reply // zero: an error
	}{
		{"one line", "250 2.0.0 taken\r\n", newsletter.Reply{Code: 250, Enhanced: "2.0.0", Text: "taken"}},
		{"only a code", "250\r\n", newsletter.Reply{Code: 250}},
		{"a code and a space", "250 \r\n", newsletter.Reply{Code: 250}},
		{"no enhanced code", "550 no such user\r\n", newsletter.Reply{Code: 550, Text: "no such user"}},
		{"several lines", "550-5.1.1 no\r\n550-5.1.1 such\r\n550 5.1.1 user\r\n", newsletter.Reply{Code: 550, Enhanced: "5.1.1", Text: "no such user"}},
		{"an empty line among them", "550-no\r\n550-\r\n550 user\r\n", newsletter.Reply{Code: 550, Text: "no user"}},
		{"lines that end in LF", "250-a\n250 b\n", newsletter.Reply{Code: 250, Text: "a b"}},
		{"what follows is left", "250 a\r\n550 b\r\n", newsletter.Reply{Code: 250, Text: "a"}},
		{"words of another alphabet", "550 5.1.1 boîte inconnue\r\n", newsletter.Reply{Code: 550, Enhanced: "5.1.1", Text: "boîte inconnue"}},
		{"nothing", "", newsletter.Reply{}},
		{"half a line", "250 tak", newsletter.Reply{}},
		{"half a reply", "250-a\r\n", newsletter.Reply{}},
		{"no code", "hello\r\n", newsletter.Reply{}},
		{"half a code", "25\r\n", newsletter.Reply{}},
		{"a code run into words", "2500 taken\r\n", newsletter.Reply{}},
		{"a code out of range", "150 soon\r\n", newsletter.Reply{}},
		{"a signed code", "+25 odd\r\n", newsletter.Reply{}},
		{"lines that disagree", "250-a\r\n550 b\r\n", newsletter.Reply{}},
		{"a line without end", "250 " + long + "\r\n", newsletter.Reply{}},
		{"lines without end", strings.Repeat("250-a\r\n", 1000) + "250 b\r\n", newsletter.Reply{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			whole, err := readReply(bufio.NewReader(strings.NewReader(tt.in)))
			if whole != tt.want || (err != nil) != (tt.want == newsletter.Reply{}) {
				t.Errorf("got %+v, %v", whole, err)
			}
			if split, _ := readReply(bufio.NewReader(iotest.OneByteReader(strings.NewReader(tt.in)))); split != whole {
				t.Errorf("read byte by byte: %+v", split)
			}
		})
	}
}

func TestReadReply_KeepsTheReason(t *testing.T) {
	broken := errors.New("connection reset by peer")
	if _, err := readReply(bufio.NewReader(iotest.ErrReader(broken))); !errors.Is(err, broken) {
		t.Errorf("error: %v", err)
	}
	if _, err := readReply(bufio.NewReader(strings.NewReader(""))); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("error: %v", err)
	}
}

func FuzzReadReply(f *testing.F) {
	for _, seed := range []string{"250 2.0.0 ok\r\n", "250\r\n", "550-5.1.1 a\r\n550 5.1.1 b\r\n", "250-\r\n", "\r\n", "999 x\r\n", "250\x00\r\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		reply, err := readReply(bufio.NewReader(strings.NewReader(in)))
		if err != nil {
			if reply != (newsletter.Reply{}) {
				t.Errorf("%+v beside %v", reply, err)
			}
			return
		}
		if reply.Code < 200 || reply.Code > 599 || !strings.HasPrefix(in, reply.String()[:3]) {
			t.Errorf("%q was read as %+v", in, reply)
		}
		if strings.ContainsAny(reply.Text, "\r\n\x1b\x00") {
			t.Errorf("control characters in %q", reply.Text)
		}
	})
}
