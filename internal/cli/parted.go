package cli

import (
	"context"
	"fmt"
	"time"

	"facteur/internal/app"
	"facteur/internal/newsletter"
)

// A partedView is a story that an article left by itself, since an update had it say something else.
type partedView struct {
	Story     int64     `json:"story_of"`             // one of its articles
	CarriedBy string    `json:"carried_by,omitempty"` // the edition that brought that
	At        time.Time `json:"at"`
}

// sayParted says of what is offered which story it left.
func sayParted(ctx context.Context, a *app.App, n newsletter.Newsletter, verdicts []verdictView) error {
	partings, err := viewPartings(ctx, a, 0, n.Zone)
	if err != nil || partings == nil {
		return err
	}
	at := make(map[int64]int, len(verdicts))
	for i, v := range verdicts {
		if v.Article != 0 {
			at[v.Article] = i
		}
	}
	for _, one := range partings {
		i, judged := at[one.Article]
		if !judged || !verdicts[i].Rule.Offered() || verdicts[i].CarriedBy != "" {
			continue
		}
		left := &partedView{Story: one.From, At: one.At}
		if from, judged := at[one.From]; judged {
			left.CarriedBy = verdicts[from].CarriedBy
		}
		verdicts[i].Left = left
	}
	return nil
}

// String stands behind the rule.
func (v *partedView) String() string {
	switch {
	case v == nil:
		return ""
	case v.CarriedBy != "":
		return fmt.Sprintf(" (left %d, %s)", v.Story, v.CarriedBy)
	}
	return fmt.Sprintf(" (left %d)", v.Story)
}

// parted tells of what is offered that it was one story with another one, and how it would be again.
func (p *page) parted(views []verdictView, zone *time.Location) {
	for _, v := range views {
		if v.Left == nil {
			continue
		}
		p.partings([]partingView{{v.Article, v.Left.Story, v.Left.At}}, zone)
		if v.Left.CarriedBy != "" {
			p.tell("%s carried that story, and not article %d.", v.Left.CarriedBy, v.Article)
		}
	}
}
