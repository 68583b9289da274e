package render

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/pelletier/go-toml/v2"
	"golang.org/x/text/language"
)

// A Catalogue holds the strings of one family of texts ("mail" or "web") in one language.
type Catalogue struct {
	lang      string
	file      string // which the operator may have replaced
	localizer *i18n.Localizer
}

// LoadCatalogue reads strings/FAMILY.LANG.toml. A language without a catalogue is an error.
func LoadCatalogue(files fs.FS, family, lang string) (*Catalogue, error) {
	tag, err := language.Parse(lang)
	if err != nil {
		return nil, fmt.Errorf("language %q of the %s strings: %w", lang, family, err)
	}
	bundle := i18n.NewBundle(tag)
	bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	name := "strings/" + family + "." + lang + ".toml"
	if _, err := bundle.LoadMessageFileFS(files, name); err != nil {
		if decode, ok := errors.AsType[*toml.DecodeError](err); ok {
			row, column := decode.Position()
			return nil, fmt.Errorf("strings %s:%d:%d: %w", name, row, column, err)
		}
		return nil, fmt.Errorf("strings %s: %w", name, err)
	}
	return &Catalogue{lang: lang, file: name, localizer: i18n.NewLocalizer(bundle, lang)}, nil
}

// Lang is the catalogue's language, such as "fr".
func (c *Catalogue) Lang() string { return c.lang }

// Text returns the string called id, with data filled into its {{.Name}} places. An id that is not in the catalogue
// is an error, so that no letter leaves with a gap.
func (c *Catalogue) Text(id string, data any) (string, error) {
	s, err := c.localizer.Localize(&i18n.LocalizeConfig{MessageID: id, TemplateData: data})
	if err != nil {
		return "", fmt.Errorf("string %q of %s: %w", id, c.file, err)
	}
	return s, nil
}

// Has reports a string that is not in the catalogue. What its places ask for is found out when it is said.
func (c *Catalogue) Has(id string) error {
	_, err := c.Text(id, nil)
	if _, missing := errors.AsType[*i18n.MessageNotFoundErr](err); missing {
		return fmt.Errorf("there is no string %q in %s", id, c.file)
	}
	return nil
}

// Plural is Text for a string with a form for one and another for more.
func (c *Catalogue) Plural(id string, count int) (string, error) {
	s, err := c.localizer.Localize(&i18n.LocalizeConfig{
		MessageID: id, PluralCount: count, TemplateData: map[string]any{"Count": count},
	})
	if err != nil {
		return "", fmt.Errorf("string %q of %s: %w", id, c.file, err)
	}
	return s, nil
}
