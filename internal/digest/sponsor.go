package digest

import (
	"context"
	"fmt"
	"strings"

	"facteur/internal/newsletter"
	"facteur/internal/typography"
)

// Advertise keeps an advertisement for the newsletter's next edition, in place of one that waits. The empty one takes that back.
func (d *Desk) Advertise(ctx context.Context, n newsletter.Newsletter, s newsletter.Sponsor) error {
	keep := &s
	if s == (newsletter.Sponsor{}) {
		keep = nil
	} else {
		s.Text, s.For = strings.TrimSpace(s.Text), typography.Clean(strings.TrimSpace(s.For))
		if err := s.Validate(); err != nil {
			return fmt.Errorf("%w: %w", newsletter.ErrInvalid, err)
		}
		if err := d.Summariser.Advertisable(s.Text); err != nil {
			return fmt.Errorf("%w: %w", newsletter.ErrInvalid, err)
		}
	}
	if err := d.Store.SetSponsor(ctx, n.Name, keep); err != nil {
		return during("keeping the advertisement", n, err)
	}
	return nil
}
