package app

import (
	"bufio"
	"crypto/rand"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strings"
	"time"

	"facteur/internal/address"
	"facteur/internal/config"
	"facteur/internal/domains"
	"facteur/internal/subscription"
	"facteur/internal/transport"
)

// register builds the story of readers.
func (a *App) register() error {
	rules, err := rules(a.Config)
	if err != nil {
		return err
	}
	a.Register = &subscription.Register{
		Store: a.Store, Keys: a.keys, Now: a.options.Now, Newsletters: a.Newsletters, Random: rand.Reader, Texts: a.letters,
		Suggest: address.Address.Suggest, Files: transport.NewDir(a.OutboxFolder()), Rules: rules,
		Traces: func() { a.jobs.Wake(traces) },
	}
	resolver, err := a.resolver()
	if a.Config.Signup.CheckDomains && resolver != nil {
		a.Register.Domains = domains.New(resolver, a.options.Now)
	}
	return err
}

// resolver is who is asked about domains. Nobody is where letters go into the folder: there they arrive, whatever the DNS
// says.
func (a *App) resolver() (domains.Resolver, error) {
	if a.options.Resolver != nil {
		return a.options.Resolver, nil
	}
	out, err := a.Config.WayOut()
	if err != nil || out.IsFolder() {
		return nil, err
	}
	return &net.Resolver{PreferGo: true}, nil // which heeds deadlines
}

// rules are the operator's decisions about signing up and keeping, as the settings have them.
func rules(cfg *config.Config) (subscription.Rules, error) {
	s, keep := cfg.Signup, cfg.Retention
	disposable, err := disposables(s.DisposableFile)
	if err != nil {
		return subscription.Rules{}, err
	}
	out, err := cfg.WayOut()
	return subscription.Rules{
		Hold: subscription.Holding(s.Hold), Link: time.Duration(s.Link), Pending: time.Duration(s.Pending), Reminder: time.Duration(s.Reminder),
		Delay: time.Duration(s.Delay), Bits: s.Work, ClientHourly: s.PerClient, NetworkHourly: s.PerNetwork, Hourly: s.PerHour,
		AttackFactor: s.AttackFactor, Disposable: disposable, SMTPUTF8: out.IsFolder, // a file takes every address; a relay is asked while it serves
		Inactive: time.Duration(keep.Inactive), Networks: time.Duration(keep.Networks), Act: keep.Readers == config.RetentionAct,
		Operator: cfg.Operator.Address,
	}, err
}

// disposables reads a list of domains, one a line; empty lines and those that begin with # do not count. Without a file
// it knows none.
func disposables(path string) (func(domain string) bool, error) {
	if path == "" {
		return nil, nil
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("signup.disposable_file: %w", err)
	}
	defer func() { _ = file.Close() }() // only read from
	listed := map[string]bool{}
	lines := bufio.NewScanner(file)
	for number := 1; lines.Scan(); number++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		a, err := address.Parse("a@" + line)
		if err != nil {
			return nil, fmt.Errorf("signup.disposable_file %s, line %d: no domain such as example.org", path, number)
		}
		listed[a.Domain()] = true
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("signup.disposable_file %s: %w", path, err)
	}
	return func(domain string) bool { return listed[domain] }, nil
}

// networks are those of the settings, which have been checked.
func networks(texts []string) []netip.Prefix {
	var all []netip.Prefix
	for _, text := range texts {
		if n, err := config.ParseNetwork(text); err == nil {
			all = append(all, n)
		}
	}
	return all
}
