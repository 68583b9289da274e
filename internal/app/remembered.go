package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"facteur/internal/config"
	"facteur/internal/newsletter"
)

// rememberSisters leaves to the newsletters of a family those that are gone from the settings and were of it, whether or not a former names them:
// who read these has what they brought.
func (a *App) rememberSisters(ctx context.Context) error {
	all, err := a.Store.Remembered(ctx)
	if err != nil {
		return err
	}
	for _, gone := range a.gone(all) {
		for i := range a.Newsletters {
			n := &a.Newsletters[i]
			if !slices.Contains(n.Sisters, gone.Name) && gone.Kin(append([]string{n.Name}, n.Sisters...), all) {
				n.Sisters = append(n.Sisters, gone.Name)
			}
		}
	}
	return nil
}

// Gone lists the newsletters that are not in the settings and have been.
func (a *App) Gone(ctx context.Context) ([]newsletter.Remembered, error) {
	all, err := a.Store.Remembered(ctx)
	return a.gone(all), err
}

func (a *App) gone(all []newsletter.Remembered) []newsletter.Remembered {
	return slices.DeleteFunc(slices.Clone(all), func(r newsletter.Remembered) bool {
		_, is := a.Config.Newsletters[r.Name]
		return is
	})
}

// Warnings are what is probably not meant, by the settings and by what is known of newsletters that they do not name, or misname.
func (a *App) Warnings(ctx context.Context) ([]config.Problem, error) {
	names, err := a.Misnamed(ctx)
	return slices.Concat(a.Config.Warnings(), names), err
}

// Misnamed warns of newsletters that are gone from the settings, which no former names either, while they have readers or an article of theirs may
// still be offered, and of a former of which nothing is known.
func (a *App) Misnamed(ctx context.Context) (all []config.Problem, err error) {
	gone, err := a.Gone(ctx)
	if err != nil {
		return nil, err
	}
	var former, missed []string
	for _, n := range a.Newsletters {
		former = append(former, a.Config.Newsletters[n.Name].Former...)
	}
	for _, one := range gone {
		if !slices.Contains(former, one.Name) && (one.Active > 0 || a.fresh(one)) {
			missed = append(missed, one.Name)
			all = append(all, config.Problem{What: a.missed(one), Do: fmt.Sprintf("put it back, or name it in the newsletter that took its place: newsletters.%s.former = [%q]", a.heir(one), one.Name)})
		}
	}
	return append(all, a.strangers(gone, missed)...), nil
}

// fresh reports that what the latest edition of a newsletter brought may be within a horizon.
func (a *App) fresh(r newsletter.Remembered) bool {
	return slices.ContainsFunc(a.Newsletters, func(n newsletter.Newsletter) bool {
		return r.Latest.Number > 0 && a.options.Now().Sub(r.Approved) <= n.Horizon
	})
}

// missed says what is missing since a newsletter is gone.
func (a *App) missed(r newsletter.Remembered) string {
	var what []string
	switch {
	case r.Active == 1:
		what = append(what, "its only reader gets no letter any more")
	case r.Active > 1:
		what = append(what, fmt.Sprintf("its %d readers get no letter any more", r.Active))
	}
	if heirs := a.heirs(r); a.fresh(r) && len(heirs) == 0 {
		what = append(what, fmt.Sprintf("what it brought until %s may be brought again", r.Latest))
	} else if a.fresh(r) {
		what = append(what, fmt.Sprintf("what it brought until %s is not brought again by %s, of its family", r.Latest, strings.Join(heirs, ", ")))
	}
	return fmt.Sprintf("newsletter %s is not in the settings, neither by itself nor as former: %s", r.Name, strings.Join(what, ", and "))
}

// heirs are the newsletters that do not bring again what one brought that is gone.
func (a *App) heirs(r newsletter.Remembered) (names []string) {
	for _, n := range a.Newsletters {
		if slices.Contains(n.Sisters, r.Name) {
			names = append(names, n.Name)
		}
	}
	return names
}

// heir is a newsletter that may name one as former: of its family, or the only one; else it stands for any.
func (a *App) heir(r newsletter.Remembered) string {
	switch heirs := a.heirs(r); {
	case len(heirs) > 0:
		return heirs[0]
	case len(a.Newsletters) == 1:
		return a.Newsletters[0].Name
	}
	return "NAME"
}

// strangers warns of each former that never was: one of those that are missed may be meant.
func (a *App) strangers(gone []newsletter.Remembered, missed []string) (all []config.Problem) {
	do := "correct the name, or take it out"
	if len(missed) > 0 {
		do = fmt.Sprintf("correct the name, which may be %s, or take it out", strings.Join(missed, " or "))
	}
	for _, n := range a.Newsletters {
		for _, name := range a.Config.Newsletters[n.Name].Former {
			known := slices.ContainsFunc(gone, func(r newsletter.Remembered) bool { return r.Name == name && (r.Latest.Number > 0 || r.Active > 0) })
			if !known {
				all = append(all, config.Problem{
					What: fmt.Sprintf("newsletters.%s.former names %q, of which there is neither an edition nor a reader, so that it keeps nothing from coming again", n.Name, name),
					Do:   do,
				})
			}
		}
	}
	return all
}
