package render

import (
	"fmt"
	htmltemplate "html/template"
	"strings"

	"facteur/internal/colour"
)

// Accents are the one colour beside ink and paper, as letters have it in the light and in the dark.
type Accents struct {
	Light, Dark string // six-digit hex
	Template    string // the one that the templates had for the light
}

// A FaintError says that text in the accent could not be read.
type FaintError struct {
	Accent   colour.Colour
	Ground   string // the name of a token
	On       colour.Colour
	Readable colour.Colour // the nearest that could be
	found    bool
}

func (e *FaintError) Error() string {
	return fmt.Sprintf("the accent %s has a contrast of %.2f to 1 with %s (%s), and text takes %.1f: %s",
		e.Accent, colour.Contrast(e.Accent, e.On), e.Ground, e.On, colour.Readable, e.Hint())
}

// Hint says what to do.
func (e *FaintError) Hint() string {
	if !e.found {
		return "no shade of it can be read on all of paper, sheet and tint: change these colours in mail/tokens.html.tmpl"
	}
	return fmt.Sprintf("take %s, the nearest darker colour that can be read, or one darker still", e.Readable)
}

// redressed gives the templates another accent, where there is one, and returns what they have then.
func redressed(html *htmltemplate.Template, accent string) (Accents, error) {
	before, err := tokenOf(html, "accent")
	if err != nil {
		return Accents{}, err
	}
	if accent != "" {
		if err := redress(html, accent); err != nil {
			return Accents{}, err
		}
	}
	now, err := tokens(html, "accent", "dark-accent")
	if err != nil {
		return Accents{}, err
	}
	return Accents{Light: now[0].String(), Dark: now[1].String(), Template: before.String()}, nil
}

// redress gives the templates another accent: as it is where the ground is light, and a lighter one, which can be read there,
// where it is dark.
func redress(html *htmltemplate.Template, accent string) error {
	c, err := colour.Parse(accent)
	if err != nil {
		return fmt.Errorf("the accent %q: %w", accent, err)
	}
	grounds, err := tokens(html, "paper", "sheet", "tint", "on-accent")
	if err != nil {
		return err
	}
	if err := readable(c, grounds); err != nil {
		return err
	}
	darks, err := tokens(html, "dark-paper", "dark-sheet", "dark-tint", "dark-on-accent")
	if err != nil {
		return err
	}
	dark, found := c.Lighter(onAll(darks))
	if !found {
		return fmt.Errorf("the accent %s: no lighter shade of it can be read on %v: change these colours in mail/tokens.html.tmpl", c, darks)
	}
	for name, value := range map[string]colour.Colour{"accent": c, "dark-accent": dark} {
		if _, err := html.New(name).Parse(value.String()); err != nil {
			return fmt.Errorf("the accent %s: %w", c, err)
		}
	}
	return nil
}

// A ground is a token by its name, which text in the accent stands on, or whose text stands on the accent.
type ground struct {
	name string
	colour.Colour
}

func onAll(grounds []ground) func(colour.Colour) bool {
	return func(c colour.Colour) bool {
		for _, g := range grounds {
			if colour.Contrast(c, g.Colour) < colour.Readable {
				return false
			}
		}
		return true
	}
}

func readable(c colour.Colour, grounds []ground) error {
	for _, g := range grounds {
		if onAll([]ground{g})(c) {
			continue
		}
		better, found := c.Darker(onAll(grounds))
		return &FaintError{Accent: c, Ground: g.name, On: g.Colour, Readable: better, found: found}
	}
	return nil
}

// tokens reads colours of the design off the templates, so that those of an operator count.
func tokens(html *htmltemplate.Template, names ...string) ([]ground, error) {
	var all []ground
	for _, name := range names {
		c, err := tokenOf(html, name)
		if err != nil {
			return nil, err
		}
		all = append(all, ground{name, c})
	}
	return all, nil
}

func tokenOf(html *htmltemplate.Template, name string) (colour.Colour, error) {
	t := html.Lookup(name)
	if t == nil || t.Tree == nil || t.Tree.Root == nil {
		return colour.Colour{}, fmt.Errorf("letter templates: the colour %q is missing: define it as in mail/tokens.html.tmpl", name)
	}
	c, err := colour.Parse(strings.TrimSpace(t.Tree.Root.String()))
	if err != nil {
		return colour.Colour{}, fmt.Errorf("letter templates: the colour %q: %w", name, err)
	}
	return c, nil
}
