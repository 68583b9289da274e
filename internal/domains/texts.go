package domains

import (
	"context"
	"net"
	"time"
)

// A TextResolver asks the DNS for texts. [net.Resolver] is one.
type TextResolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
}

// textPatience is how long texts are waited for; somebody who just published them sits before the answer.
const textPatience = 10 * time.Second

// Texts are the TXT records of a name, each with its strings put together (RFC 6376 §3.6.2.2), and none where the DNS knows of none. An
// error is no answer.
func Texts(ctx context.Context, r TextResolver, name string) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, textPatience)
	defer cancel()
	texts, err := r.LookupTXT(ctx, name+".")
	if notThere(err) {
		return nil, nil
	}
	return texts, err
}

// AskedAt is a resolver that asks one name server, such as "192.0.2.1:53", instead of those that the machine asks.
func AskedAt(server string) *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, server)
	}}
}
