package extract

import "cmp"

// Doubts are what a page says before it is cleared that lets one doubt whether all of its article is there.
type doubts struct {
	gate      string   // what a box beside the text says of who reads on, or an icon that marks it
	pages     []sequel // other pages of the article, and what leads to one that shows it whole
	wholePage string
	folds     *folds
	hidden    string   // the beginning of a text that stays hidden amid that of the article
	answers   []string // the beginnings of those that a page says it gives to a question
	rests     []sequel // what leads from the end of a text to more of it
}

// doubt looks for them, shows what opens by a click in the article, and takes out what else is hidden.
func (r pageReader) doubt(c *clearing) *doubts {
	d := &doubts{gate: cmp.Or(c.gate(), c.sign()), pages: r.sequels(c), wholePage: r.wholePage(c), folds: c.unfold(r.head.tongue())}
	d.answers = r.answers(c)
	d.hidden = d.folds.stillHidden()
	d.folds.dropHidden()
	d.rests = r.rests(c)
	return d
}

// Text says why the text that was taken is not all of its article; nil: nothing tells.
func (d *doubts) ofText(body, said string) error {
	if err := begun(body, d.rests); err != nil {
		return err
	}
	in := newFinder(said)
	for _, answer := range d.answers {
		if !in.has(answer) {
			return Wall{"it is a question with answers, which could not be told from what stands around them", ByHand}
		}
	}
	if d.hidden != "" {
		return Wall{"a part of its text is hidden, and may open by a script: “" + Cut(d.hidden, maxTag) + "”", ByHand}
	}
	if lost := d.folds.lacks(said); lost != "" {
		return Wall{"a part of its text opens by a click, and could not be told from what stands around it: “" + Cut(lost, maxTag) + "”", ByHand}
	}
	return nil
}
