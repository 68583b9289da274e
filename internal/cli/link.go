package cli

import (
	"context"
	"fmt"
	"time"

	"facteur/internal/app"
)

// linkView is what is known of the page of an article.
type linkView struct {
	Checked time.Time `json:"checked,omitzero"`
	Reason  string    `json:"reason,omitempty"` // why a reader does not find it; empty: they do
}

// viewLink is nil where nothing is known.
func viewLink(ctx context.Context, a *app.App, url string, zone *time.Location) (*linkView, error) {
	known, err := a.Store.Links(ctx, []string{url})
	if err != nil || len(known) == 0 {
		return nil, err
	}
	return &linkView{Checked: known[0].Checked.In(zone), Reason: known[0].Reason}, nil
}

// told says in a line whether it is there.
func (v *linkView) told(zone *time.Location) string {
	switch {
	case v == nil || v.Checked.IsZero():
		return "not looked for yet"
	case v.Reason != "":
		return fmt.Sprintf("not there on %s: %s", stamp(v.Checked, zone), v.Reason)
	}
	return "there on " + stamp(v.Checked, zone)
}
