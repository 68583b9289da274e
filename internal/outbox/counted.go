package outbox

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"

	"facteur/internal/newsletter"
)

// A Counted is how many letters of an edition are alike.
type Counted struct {
	Group    string // empty: of no provider that is told apart
	Newcomer bool   // their readers came after the audience was fixed
	Further  bool   // their readers have one already
	State    newsletter.DeliveryState
	Reason   newsletter.CancelReason // under cancelled
	Letters  int
}

// ByState adds up letters by state: those of newcomers, or those of the planned readers.
func ByState(all []Counted, newcomers bool) map[newsletter.DeliveryState]int {
	sum := map[newsletter.DeliveryState]int{}
	for _, c := range all {
		if c.Newcomer == newcomers {
			sum[c.State] += c.Letters
		}
	}
	return sum
}

// A Waiting is how many letters wait of one edition, to one provider, to be sent by whoever sends.
type Waiting struct {
	Edition newsletter.EditionRef // its zero: what goes ahead of editions
	Held    bool                  // with its edition
	Group   string
	Letters int
	Due     int       // of them, that may leave now but for what their edition or provider waits for
	Next    time.Time // when the first of the others is due
	Delayed bool      // the others were never tried: their forms came without the work
}

// A Trouble is how many letters of an edition did not arrive after a try, or are on the wire.
type Trouble struct {
	Edition newsletter.EditionRef // its zero: what goes ahead of editions, and what is on the wire
	Ended   bool                  // by the operator: nothing of it is sent any more
	State   newsletter.DeliveryState
	Letters int
}

// A Refusal is what servers said of letters that did not arrive, and of how many.
type Refusal struct {
	State   newsletter.DeliveryState // of the letters
	Reply   newsletter.Reply         // to the first of them; names nobody
	Letters int
}

// Refusals puts together what servers said alike. Its zero is ready for use.
type Refusals struct {
	all map[alike]*Refusal
}

type alike struct {
	state newsletter.DeliveryState
	code  int
	words string
}

var (
	// ofOneLetter is what a server's words may name of a single letter: numbers of queues and instants are long words with
	// digits, and no addresses of machines.
	ofOneLetter = regexp.MustCompile(`[A-Za-z0-9][A-Za-z0-9._:-]{10,}[A-Za-z0-9]`)
	// ofOneTry are numbers that are longer than codes, and spans of time.
	ofOneTry = regexp.MustCompile(`\b(?:\d{6,}|(?:\d+h)?(?:\d+m)?\d+(?:\.\d+)? ?(?:s|m|h|secs?|mins?|seconds?|minutes?|hours?))\b`)
)

// alikeWords are a server's words without what is of a single letter.
func alikeWords(text string) string {
	text = ofOneLetter.ReplaceAllStringFunc(text, func(word string) string {
		if strings.ContainsAny(word, "0123456789") && (!strings.ContainsAny(word, ".") || strings.ContainsFunc(word, func(c rune) bool { return c >= 'A' })) {
			return "…"
		}
		return word
	})
	return ofOneTry.ReplaceAllString(text, "…")
}

// Add counts a letter, in its state, by the answer to its last try; to is where it went.
func (r *Refusals) Add(state newsletter.DeliveryState, reply newsletter.Reply, to string) {
	reply = withoutName(reply, to)
	reply.Text = nameless(reply.Text)
	key := alike{state, reply.Code, reply.Enhanced + " " + alikeWords(reply.Text)}
	if r.all == nil {
		r.all = make(map[alike]*Refusal)
	}
	if r.all[key] == nil {
		r.all[key] = &Refusal{State: state, Reply: reply}
	}
	r.all[key].Letters++
}

// Commonest lists them, those of the most letters first; at most limit, all under a negative one.
func (r *Refusals) Commonest(limit int) []Refusal {
	list := make([]Refusal, 0, len(r.all))
	for _, one := range r.all {
		list = append(list, *one)
	}
	slices.SortFunc(list, func(a, b Refusal) int {
		return cmp.Or(cmp.Compare(b.Letters, a.Letters), cmp.Compare(a.Reply.String(), b.Reply.String()), cmp.Compare(a.State, b.State))
	})
	if limit >= 0 && len(list) > limit {
		list = list[:limit]
	}
	return list
}
