package outbox

import (
	"context"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/token"
)

// log writes the line of a try into the mail log: ids and domain, never an address.
func (r *run) log(ctx context.Context, d newsletter.Delivery, a newsletter.Attempt) {
	if !r.Log.Enabled(ctx, slog.LevelInfo) {
		return
	}
	line := []slog.Attr{
		slog.Int64("delivery", d.ID), slog.String("kind", string(d.Kind)), slog.Int64("subscriber", d.Subscriber),
		slog.String("domain", d.Address[strings.LastIndexByte(d.Address, '@')+1:]), slog.String("state", string(a.State)), slog.String("stage", string(a.Stage)),
		slog.String("reply", nameless(withoutName(a.Reply, d.Address).String())), slog.Duration("took", a.Ended.Sub(a.Started).Round(time.Millisecond)),
	}
	if a.Relay != "" {
		line = append(line, slog.String("relay", a.Relay))
	}
	r.Log.LogAttrs(ctx, slog.LevelInfo, "attempt", line...)
}

var (
	anAddress = regexp.MustCompile(`[^\s<>()\[\],;:"]+@[^\s<>()\[\],;:"]+`)
	aToken    = regexp.MustCompile(fmt.Sprintf(`[A-Za-z0-9_-]{%d,}`, token.Len))
)

// nameless takes out of a server's words what has the form of an address or of a token: a server names whom a letter
// is forwarded to, and quotes links that it dislikes. The ledger keeps the words.
func nameless(words string) string {
	if !strings.Contains(words, "@") && len(words) < token.Len {
		return words
	}
	return aToken.ReplaceAllLiteralString(anAddress.ReplaceAllLiteralString(words, "<address>"), "<token>")
}

// withoutName takes the local part out of a server's words where it stands alone, as in "lea... User unknown": beside the
// domain it is the address.
func withoutName(r newsletter.Reply, to string) newsletter.Reply {
	name := to[:max(0, strings.LastIndexByte(to, '@'))]
	if name == "" || !strings.Contains(strings.ToLower(r.Text), strings.ToLower(name)) {
		return r
	}
	alone := regexp.MustCompile(`(?i)(^|[^\pL\pN])` + regexp.QuoteMeta(name) + `($|[^\pL\pN])`)
	for range 2 { // two that stand side by side share what is between them
		r.Text = alone.ReplaceAllString(r.Text, "${1}<name>${2}")
	}
	return r
}
