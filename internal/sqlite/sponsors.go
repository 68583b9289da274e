package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"facteur/internal/newsletter"
)

// Sponsor returns the advertisement of the next edition; see digest.Store.
func (s *Store) Sponsor(ctx context.Context, name string) (*newsletter.Sponsor, error) {
	var ad newsletter.Sponsor
	err := s.read.QueryRowContext(ctx, `SELECT s.text, s.advertiser FROM sponsors s JOIN newsletters n ON n.id = s.newsletter_id WHERE n.name = ?`, name).
		Scan(&ad.Text, &ad.For)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // that nothing is advertised is no error
	}
	if err != nil {
		return nil, fmt.Errorf("read the advertisement of %s: %w", name, err)
	}
	return &ad, nil
}

// SetSponsor keeps an advertisement until the next edition, or takes it back; see digest.Store.
func (s *Store) SetSponsor(ctx context.Context, name string, ad *newsletter.Sponsor) error {
	return s.update(ctx, func(t tx) error {
		id, err := t.newsletterID(name)
		if err != nil {
			return err
		}
		if _, err := t.exec(`DELETE FROM sponsors WHERE newsletter_id = ?`, id); err != nil || ad == nil {
			return err
		}
		_, err = t.exec(`INSERT INTO sponsors (newsletter_id, text, advertiser) VALUES (?, ?, ?)`, id, ad.Text, ad.For)
		return err
	})
}
