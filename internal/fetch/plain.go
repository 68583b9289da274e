package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
)

// plain says what kept an answer from arriving. The address, with which net/http begins, is known.
func plain(err error) error {
	if outer, ok := errors.AsType[*url.Error](err); ok {
		err = outer.Err
	}
	if told, ok := errors.AsType[advised](err); ok {
		return told
	}
	if errors.Is(err, context.Canceled) {
		return err
	}
	if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() {
		return fmt.Errorf("it did not arrive within %s", patience)
	}
	for _, say := range []func(error) string{unreached, untrusted, broken} {
		if what := say(err); what != "" {
			return errors.New(what)
		}
	}
	return fmt.Errorf("what its server answers cannot be read (%s)", detail(err))
}

// unreached says why there is no connection; empty: there was one.
func unreached(err error) string {
	if name, ok := errors.AsType[*net.DNSError](err); ok && name.IsNotFound {
		return fmt.Sprintf("the DNS knows no server with the name %s", name.Name)
	} else if ok {
		return fmt.Sprintf("the DNS does not say where %s is (%s)", name.Name, name.Err)
	}
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return "nobody answers there (connection refused)"
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return "no way leads there from this machine"
	}
	return ""
}

// untrusted says what is wrong with how a server proves who it is, or keeps what it says to itself; empty: nothing.
func untrusted(err error) string {
	_, unverified := errors.AsType[*tls.CertificateVerificationError](err)
	_, unknown := errors.AsType[x509.UnknownAuthorityError](err)
	_, other := errors.AsType[x509.HostnameError](err)
	invalid, ok := errors.AsType[x509.CertificateInvalidError](err)
	_, noTLS := errors.AsType[tls.RecordHeaderError](err)
	switch {
	case unknown:
		return "the certificate of its server is signed by nobody whom this machine trusts"
	case other:
		return "the certificate of its server is for another name"
	case ok && invalid.Reason == x509.Expired:
		return "the certificate of its server has expired, or is not valid yet"
	case unverified:
		return fmt.Sprintf("the certificate of its server is not accepted (%s)", detail(err))
	case noTLS, errors.Is(err, http.ErrSchemeMismatch):
		return "its server speaks no TLS there, which an https address asks for"
	case strings.Contains(err.Error(), "tls: "):
		return fmt.Sprintf("its server and this machine agree on no way to speak TLS (%s)", detail(err))
	}
	return ""
}

// broken says how a connection ended before its time; empty: it did not.
func broken(err error) string {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "it ends before its time: the connection was cut"
	case errors.Is(err, io.EOF):
		return "its server closes the connection without an answer"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, syscall.ECONNABORTED):
		return "its server cuts the connection (connection reset)"
	}
	return ""
}

// detail is an error as the library has it, without the names of its own parts. A server may have written some of it.
func detail(err error) string {
	text := err.Error()
	for _, name := range []string{"net/http: HTTP/1.x transport connection broken: ", "net/http: ", "http: ", "http2: ", "tls: ", "x509: "} {
		text = strings.TrimPrefix(text, name)
	}
	return fmt.Sprintf("%.200s", text)
}
