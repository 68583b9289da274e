package outbox

import (
	"time"

	"facteur/internal/newsletter"
)

// silence is how long a group may let all its letters wait for an answer before what it holds counts as lost to the others.
const silence = 10 * time.Second

// share is how many more copies a group may have on their way at now, so that servers that hang never hold every connection while somebody
// else has letters. It begins with one, has one more for each of which something came, and at most three quarters of the connections that
// other groups which are silent leave, or one.
func (p *pacer) share(group string, now time.Time) int {
	g := p.of(group)
	if !p.apart || !p.others(group) {
		return batch
	}
	free := p.connections
	for name, other := range p.each {
		if name != group && other.silent(now) {
			free -= other.flying
		}
	}
	return max(0, min(max(1, free-(free+3)/4), 1+g.proven)-g.flying)
}

// others reports that another group has letters that are due or on their way.
func (p *pacer) others(group string) bool {
	for name, other := range p.each {
		if name != group && (p.due[name] || other.flying > 0) {
			return true
		}
	}
	return false
}

// silent reports that nothing came of what is on its way.
func (g *gauge) silent(now time.Time) bool { return g.flying > 0 && now.Sub(g.heard) > silence }

// wait tells which copies wait for a connection.
func (p *pacer) wait(due []newsletter.Delivery) {
	p.mu.Lock()
	defer p.mu.Unlock()
	clear(p.due)
	for _, d := range due {
		p.due[d.Group] = true
		p.of(d.Group)
	}
}
