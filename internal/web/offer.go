package web

import (
	"cmp"
	"strings"

	"facteur/internal/newsletter"
	"facteur/internal/render"
)

// An offer is what people consent to, in one language, exactly as pages and snippet show it: the information of RGPD
// art. 13 that goes with the field, and the act that the button states (art. 4(11)).
type offer struct {
	Lang    string
	Choices []choice // empty where there is only one newsletter
	Text    string
	Button  string
	Wording newsletter.Wording
}

// A choice is one of several newsletters.
type choice struct {
	Name, Title, Cadence string
	Lang                 string // of the title; empty: the page's own
	Chosen               bool   // by the person: nothing is ticked beforehand (CJEU C-673/17)
}

// offerData is what the strings of an offer speak of.
type offerData struct {
	Publisher, Site string
	Title, Cadence  string // of the only newsletter
}

// newOffer writes the offer in the language of the strings.
func newOffer(all []newsletter.Newsletter, texts *render.Catalogue) (offer, error) {
	o := offer{Lang: texts.Lang()}
	first := all[0]
	data := offerData{Publisher: cmp.Or(first.Sender.Publisher, first.Sender.Site, first.Title), Site: first.Sender.Site, Title: first.Title}
	var err error
	kind := "one"
	if len(all) > 1 {
		kind = "several"
		o.Choices, err = offered(all, texts)
	} else {
		data.Cadence, err = cadenceText(first, texts)
	}
	if err != nil {
		return offer{}, err
	}
	if o.Text, err = texts.Text("consent_"+kind, data); err != nil {
		return offer{}, err
	}
	if o.Button, err = texts.Text("signup_button_"+kind, data); err != nil {
		return offer{}, err
	}
	o.Wording = newsletter.NewWording(o.Lang, o.shown())
	return o, nil
}

func offered(all []newsletter.Newsletter, texts *render.Catalogue) ([]choice, error) {
	var list []choice
	for _, n := range all {
		how, err := cadenceText(n, texts)
		if err != nil {
			return nil, err
		}
		c := choice{Name: n.Name, Title: n.Title, Cadence: how}
		if n.Language != texts.Lang() {
			c.Lang = n.Language
		}
		list = append(list, c)
	}
	return list, nil
}

func cadenceText(n newsletter.Newsletter, texts *render.Catalogue) (string, error) {
	c := render.CadenceOf(n.Schedule)
	return texts.Text("cadence_"+c.Often(), c)
}

// shown is all that people read before they consent, in the order of the page.
func (o offer) shown() string {
	var lines []string
	for _, c := range o.Choices {
		lines = append(lines, c.Title+", "+c.Cadence)
	}
	return strings.Join(append(lines, o.Text, o.Button), "\n")
}

// chosen is the offer with what somebody has ticked.
func (o offer) chosen(names []string) offer {
	list := make([]choice, len(o.Choices))
	for i, c := range o.Choices {
		for _, name := range names {
			c.Chosen = c.Chosen || name == c.Name
		}
		list[i] = c
	}
	o.Choices = list
	return o
}
