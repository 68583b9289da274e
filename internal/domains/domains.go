// Package domains asks the DNS: whether a domain takes mail, and for the texts of a name.
//
// The first fails open: only an answer that is certain refuses a domain, which is that there is no such name or nothing to
// deliver to (RFC 5321 §5.1), or that it says itself that it takes none (RFC 7505, the null MX). A resolver that does not
// know the root of the DNS either, as on a machine cut off from it, is certain of nothing. No server of the domain is ever
// spoken to: whether one mailbox exists is not asked.
package domains

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"sync"
	"time"
)

const (
	patience = 2 * time.Second  // for one domain; a person waits for it
	remember = 10 * time.Minute // how long an answer counts
	kept     = 4096             // answers at once; with more all are forgotten
	asking   = 32               // domains asked about at once; more are taken without asking
)

// A Resolver asks the DNS. [net.Resolver] is one.
type Resolver interface {
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
	LookupNS(ctx context.Context, name string) ([]*net.NS, error)
}

// A Checker tells which domains take mail. Its methods may be called from any goroutine.
type Checker struct {
	resolver Resolver
	now      func() time.Time
	turns    chan struct{}

	mu      sync.Mutex
	answers map[string]answer
}

type answer struct {
	takes bool
	until time.Time
}

// New makes a checker.
func New(r Resolver, now func() time.Time) *Checker {
	return &Checker{resolver: r, now: now, turns: make(chan struct{}, asking)}
}

// TakesMail is false only where the DNS is certain that no letter can reach the domain. It answers within two seconds.
func (c *Checker) TakesMail(ctx context.Context, domain string) bool {
	if takes, known := c.known(domain); known {
		return takes
	}
	select {
	case c.turns <- struct{}{}:
		defer func() { <-c.turns }()
	default:
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	takes, certain := c.ask(ctx, domain+".") // the final dot keeps the machine's own search list out
	if certain {
		c.keep(domain, takes)
	}
	return takes
}

// ask looks for mail exchangers, and where there are none for an address (RFC 5321 §5.1).
func (c *Checker) ask(ctx context.Context, name string) (takes, certain bool) {
	exchangers, err := c.resolver.LookupMX(ctx, name)
	switch {
	case err == nil && len(exchangers) == 1 && exchangers[0].Host == ".": // RFC 7505 §3
		return false, true
	case len(exchangers) > 0:
		return true, true
	case err != nil && !notThere(err):
		return true, false
	}
	addresses, err := c.resolver.LookupNetIP(ctx, "ip", name)
	switch {
	case len(addresses) > 0:
		return true, true
	case err != nil && !notThere(err):
		return true, false
	}
	if roots, err := c.resolver.LookupNS(ctx, "."); err != nil || len(roots) == 0 {
		return true, false
	}
	return false, true
}

func notThere(err error) bool {
	e, ok := errors.AsType[*net.DNSError](err)
	return ok && e.IsNotFound
}

func (c *Checker) known(domain string) (takes, known bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	a, ok := c.answers[domain]
	return a.takes, ok && c.now().Before(a.until)
}

func (c *Checker) keep(domain string, takes bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.answers == nil || len(c.answers) >= kept {
		c.answers = make(map[string]answer)
	}
	c.answers[domain] = answer{takes, c.now().Add(remember)}
}
