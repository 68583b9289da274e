package app

import (
	"path/filepath"
	"time"

	"facteur/internal/config"
	"facteur/internal/newsletter"
	"facteur/internal/outbox"
	"facteur/internal/transport"
)

// OutboxFolder is where letters go that have no relay to leave by.
func (a *App) OutboxFolder() string { return filepath.Join(a.Config.Data, "outbox") }

// ways are the relays of the settings, or the folder. One alone has no name, for nobody would ask which it was.
func (a *App) ways() ([]outbox.Relay, error) {
	out, err := a.Config.WayOut()
	if err != nil {
		return nil, err
	}
	if out.IsFolder() {
		return []outbox.Relay{{Transport: transport.NewDir(a.OutboxFolder()), Connections: a.Config.SMTP.Connections, Share: 1}}, nil
	}
	ways := make([]outbox.Relay, len(out))
	for i, relay := range out {
		way, err := a.relay(relay)
		if err != nil {
			return nil, err
		}
		ways[i] = outbox.Relay{Transport: way, Connections: relay.Connections, Share: relay.Share}
		if len(out) > 1 {
			ways[i].Name = relay.Name
		}
	}
	return ways, nil
}

func (a *App) relay(relay config.Relay) (*transport.SMTP, error) {
	if err := relay.HasLogin(); err != nil {
		return nil, err
	}
	return transport.NewSMTP(transport.Relay{
		Host: relay.Host, Port: relay.Port, Security: transport.Security(relay.TLS),
		User: relay.User, Password: relay.Password.Reveal(), HELO: relay.Helo, RootCAs: relay.CA, Pipelining: relay.Pipelining,
		Window: relay.Window, Letters: relay.Letters, Age: relay.Age,
		Timeouts: transport.Timeouts{
			Connect: relay.Timeout, Command: relay.Timeout, Data: relay.Timeout, Block: relay.Timeout, Dot: 2 * relay.Timeout,
			Drain: time.Duration(a.Config.Send.Drain),
		},
		Dial: a.options.Dial,
	})
}

// sender builds the one sender of this data folder. The caller holds its lock.
func (a *App) sender() (*outbox.Sender, lookout, error) {
	if err := a.Config.MayLeave(); err != nil {
		return nil, nil, err
	}
	ways, err := a.ways()
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
	signing, err := signingKeys(a.Config)
	if err != nil {
		return nil, nil, err
	}
	send, retry := a.Config.Send, a.Config.Retry
	lookout := watchOver(ways, a.options.Now)
	return &outbox.Sender{
		Store: a.Store, Relays: ways, Now: a.options.Now, Log: a.options.Log, Operator: a.Config.Operator.Address,
		Pace: send.Pace(), Groups: groups, Canary: canary,
		Composer: &outbox.Post{
			Texts: a.Store, Newsletters: a.Newsletters, House: a.Newsletters[0], WebURL: a.Config.Web.URL, Keys: a.keys, Signing: signing,
		},
		Policy: outbox.Policy{
			Retry:   newsletter.RetryPolicy{First: time.Duration(retry.First), Longest: time.Duration(retry.Longest), GiveUp: time.Duration(retry.GiveUp)},
			Unknown: newsletter.UnknownPolicy(retry.Unknown),
		},
	}, lookout, nil
}

// canary is that of the settings, and none where nobody far away gets the letters.
func (a *App) canary() (outbox.Canary, error) {
	out, err := a.Config.WayOut()
	if err != nil || out.IsFolder() || out.Loopback() {
		return outbox.Canary{}, err
	}
	c := a.Config.Canary
	return outbox.Canary{Letters: c.Letters, Wait: time.Duration(c.Wait), From: c.Readers}, nil
}
