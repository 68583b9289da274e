package digest_test

import (
	"github.com/google/go-cmp/cmp"

	"facteur/internal/newsletter"
)

// foresaw fails where a slot has other verdicts on record than were foreseen just before it was decided.
func (h *house) foresaw(n newsletter.Newsletter, r newsletter.SlotRecord, foreseen, recorded []newsletter.Verdict) {
	if diff := cmp.Diff(asTold(n, foreseen), asTold(n, recorded)); diff != "" {
		h.Fatalf("%s: of slot %s of %s something else is recorded than was foreseen: %s", h.now, r.Slot, n.Name, diff)
	}
}

// asTold are verdicts with what people are told of their articles.
func asTold(n newsletter.Newsletter, verdicts []newsletter.Verdict) []newsletter.Verdict {
	told := make([]newsletter.Verdict, len(verdicts))
	for i, v := range verdicts {
		v.Candidate = newsletter.Candidate{
			Article: v.Article, URL: v.URL, Title: v.Title, Section: v.Section, Arrived: v.Arrived, Published: v.Dated(), Stance: v.Stance, Fresh: v.Fresh, Sister: v.Brought(n.Name),
		}
		told[i] = v
	}
	return told
}
