package digest

import (
	"errors"
	"fmt"
	"time"

	"facteur/internal/newsletter"
)

func isNotFound(err error) bool { return errors.Is(err, newsletter.ErrNotFound) }

// during names the operation and the newsletter before an error.
func during(operation string, n newsletter.Newsletter, err error) error {
	return fmt.Errorf("%s of %s: %w", operation, n.Name, err)
}

// zone is where the newsletter's wall clock hangs.
func zone(n newsletter.Newsletter) *time.Location {
	if n.Zone == nil {
		return time.UTC
	}
	return n.Zone
}
