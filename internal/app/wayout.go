package app

import (
	"path/filepath"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/outbox"
	"facteur/internal/transport"
)

// OutboxFolder is where letters go that have no relay to leave by.
func (a *App) OutboxFolder() string { return filepath.Join(a.Config.Data, "outbox") }

// wayOut is the relay of the settings, or the folder.
func (a *App) wayOut() (outbox.Transport, error) {
	relay, err := a.Config.Relay()
	if err != nil {
		return nil, err
	}
	if relay.IsFolder() {
		return transport.NewDir(a.OutboxFolder()), nil
	}
	if err := relay.HasLogin(); err != nil {
		return nil, err
	}
	return transport.NewSMTP(transport.Relay{
		Host: relay.Host, Port: relay.Port, Security: transport.Security(relay.TLS),
		User: relay.User, Password: relay.Password.Reveal(), HELO: relay.Helo, RootCAs: relay.CA,
		Timeouts: transport.Timeouts{
			Connect: relay.Timeout, Command: relay.Timeout, Data: relay.Timeout, Block: relay.Timeout, Dot: 2 * relay.Timeout,
			Drain: time.Duration(a.Config.Send.Drain),
		},
		Dial: a.options.Dial,
	})
}

// sender builds the one sender of this data folder. The caller holds its lock.
func (a *App) sender() (*outbox.Sender, *watched, error) {
	if err := a.Config.MayLeave(); err != nil {
		return nil, nil, err
	}
	out, err := a.wayOut()
	if err != nil {
		return nil, nil, err
	}
	groups, err := a.Config.Apart()
	if err != nil {
		return nil, nil, err
	}
	canary, err := a.canary()
	if err != nil {
		return nil, nil, err
	}
	send, retry := a.Config.Send, a.Config.Retry
	way := &watched{Transport: out, now: a.options.Now}
	return &outbox.Sender{
		Store: a.Store, Transport: way, Connections: a.Config.SMTP.Connections, Now: a.options.Now, Log: a.options.Log, Operator: a.Config.Operator.Address,
		Pace: newsletter.Pace{Second: send.PerSecond, Minute: send.PerMinute, Hour: send.PerHour, Day: send.PerDay}, Groups: groups, Canary: canary,
		Composer: &outbox.Post{Texts: a.Store, Newsletters: a.Newsletters, House: a.Newsletters[0], WebURL: a.Config.Web.URL, Keys: a.keys},
		Policy: outbox.Policy{
			Retry:   newsletter.RetryPolicy{First: time.Duration(retry.First), Longest: time.Duration(retry.Longest), GiveUp: time.Duration(retry.GiveUp)},
			Unknown: newsletter.UnknownPolicy(retry.Unknown),
		},
	}, way, nil
}

// canary is that of the settings, and none where nobody far away gets the letters.
func (a *App) canary() (outbox.Canary, error) {
	relay, err := a.Config.Relay()
	if err != nil || relay.IsFolder() || relay.Loopback() {
		return outbox.Canary{}, err
	}
	c := a.Config.Canary
	return outbox.Canary{Letters: c.Letters, Wait: time.Duration(c.Wait), From: c.Readers}, nil
}
