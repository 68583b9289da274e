package fetch_test

import (
	"bufio"
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// listen has each connection answered by hand, after the first line of what is asked, and closed. It returns its address.
func listen(t *testing.T, answer func(*net.TCPConn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = bufio.NewReader(c).ReadString('\n')
			answer(c.(*net.TCPConn))
			_ = c.Close()
		}
	}()
	return l.Addr().String()
}

// Whatever a server does, what is said of it is a sentence, and not what a library calls it.
func TestGet_brokenServers(t *testing.T) {
	writes := func(text string) func(*net.TCPConn) {
		return func(c *net.TCPConn) { _, _ = c.Write([]byte(text)) }
	}
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	signedByNobody := httptest.NewUnstartedServer(http.NotFoundHandler())
	signedByNobody.Config.ErrorLog = log.New(io.Discard, "", 0)
	signedByNobody.StartTLS()
	t.Cleanup(signedByNobody.Close)
	old := httptest.NewUnstartedServer(http.NotFoundHandler())
	old.Config.ErrorLog = log.New(io.Discard, "", 0)
	old.TLS = &tls.Config{MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10} //nolint:gosec // what is refused
	old.StartTLS()
	t.Cleanup(old.Close)
	const ok = "HTTP/1.1 200 OK\r\n"
	for name, c := range map[string]struct{ address, says string }{
		"no answer":       {"http://" + listen(t, writes("")), "its server closes the connection without an answer"},
		"reset":           {"http://" + listen(t, func(c *net.TCPConn) { _ = c.SetLinger(0) }), "its server cuts the connection (connection reset)"},
		"cut in the head": {"http://" + listen(t, writes(ok+"Content-Type: te")), "it ends before its time: the connection was cut"},
		"cut in the body": {"http://" + listen(t, writes(ok+"Content-Length: 99\r\n\r\n<rss>")), "it ends before its time: the connection was cut"},
		"no HTTP":         {"http://" + listen(t, writes("SSH-2.0-OpenSSH\r\n")), `what its server answers cannot be read (malformed HTTP response "SSH-2.0-OpenSSH")`},
		"long and no HTTP": {"http://" + listen(t, writes(strings.Repeat("é", 5000)+"\r\n")),
			`what its server answers cannot be read (malformed HTTP response "` + strings.Repeat("é", 200-len(`malformed HTTP response "`)) + ")"},
		"bad chunks":          {"http://" + listen(t, writes(ok+"Transfer-Encoding: chunked\r\n\r\nxyz\r\n")), "what its server answers cannot be read (invalid byte in chunk length)"},
		"bad length":          {"http://" + listen(t, writes(ok+"Content-Length: -5\r\n\r\n")), `what its server answers cannot be read (bad Content-Length "-5")`},
		"redirected nowhere":  {"http://" + listen(t, writes("HTTP/1.1 301 Moved\r\nLocation: http://[::\r\n\r\n")), `what its server answers cannot be read (failed to parse Location header "http://[::": parse "http://[::": missing ']' in host)`},
		"https where is http": {strings.Replace(plain.URL, "http:", "https:", 1), "its server speaks no TLS there, which an https address asks for"},
		"https of nobody":     {"https://" + listen(t, writes("")), "its server closes the connection without an answer"},
		"an unknown signer":   {signedByNobody.URL, "the certificate of its server is signed by nobody whom this machine trusts"},
		"TLS of the past":     {old.URL, "its server and this machine agree on no way to speak TLS (remote error: tls: protocol version not supported)"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := client().Get(t.Context(), c.address, "*/*", 100); err == nil || err.Error() != c.says {
				t.Errorf("it says  %v\nand not  %s", err, c.says)
			}
		})
	}
}
