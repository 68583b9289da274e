// Package storetest says what every store promises, as one suite that any store can be put through.
package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"facteur/internal/address"
	"facteur/internal/collect"
	"facteur/internal/digest"
	"facteur/internal/newsletter"
	"facteur/internal/outbox"
	"facteur/internal/subscription"
	"facteur/internal/web"
)

// A Store is all that the stories and the operator ask of one.
type Store interface {
	collect.Store
	collect.PictureStore
	collect.LinkStore
	collect.SourceStore
	digest.Store
	subscription.Store
	outbox.Store
	outbox.Ledger
	outbox.Texts
	collect.Shelf
	web.Archive

	EnsureNewsletters(ctx context.Context, names []string) error
	InboxAdd(ctx context.Context, rows []collect.Row) error
	Slots(ctx context.Context, name string, limit int) ([]newsletter.SlotRecord, error)
}

// Exercise puts stores through the suite. open makes an empty one for each test; what it opened is closed by the
// test's cleanup.
func Exercise(t *testing.T, open func(t *testing.T) Store) {
	for _, suite := range []struct {
		name string
		test func(*testing.T, *bench)
	}{
		{"an article is stored once", articleOnce},
		{"a story that comes in two ways is one", storyOnce},
		{"exact duplicates are one in any order", storyInAnyOrder},
		{"a copy is told from many texts of one pattern", storyAmongAlike},
		{"two that a text is like are not one story by it", storyBetweenTwo},
		{"stories are the same ones in whatever order they come", storyInWhateverOrder},
		{"what two sources bring twice is two stories, and what one of them corrected is one", storyOfTwoSources},
		{"what one of two feeds of a site has twice is two stories, whichever is read first", storyOfTwoFeeds},
		{"an article to which its source gives another address stays the same one", addressCorrected},
		{"what stands at an address leads what its source has there since", addressTaken},
		{"of what a source has twice the address goes out that it offered last", addressOfferedAnew},
		{"an article of a line has its address corrected", lineReaddressed},
		{"two feeds correct the address of a line", lineOfTwoFeeds},
		{"lines of two towns are two stories", linesOfTwoTowns},
		{"a line under another address is another story where anything tells so", linesOfTwo},
		{"a file that goes and comes by another name is one story", fileRenamed},
		{"an address that another source knew before goes out once a source corrects one to it", addressKnownBefore},
		{"what a source has at two addresses goes out by one that it has still", addressHeldTwice},
		{"an address is given away while another source lags behind", addressGivenAwayEarly},
		{"articles that move to where others were stay the ones that they are", addressesExchanged},
		{"an address that a source without ids gives away makes no article another one", addressGivenWithoutIDs},
		{"what an editor said of an article counts for what is at the address that its source corrected", decidedByHand},
		{"what one source corrects with an id and another without is one story", toldByAnother},
		{"what a folder no longer has goes out where another source has it", ownerGone},
		{"what is given the name and the address of an article is another one", idsGivenAway},
		{"two stories that cross each other's addresses are two", addressesCrossed},
		{"a section given by hand, and that an article is hidden, go with a corrected address", filedAndHidden},
		{"a story goes out by what a source has still", goneFromFolder},
		{"whoever tells when of addresses that change, the one that an article has goes out", addressesAmongAll},
		{"articles that swap addresses and ids are no story", addressesSwapped},
		{"an article that several sources correct one after the other is one", addressOfTwoSources},
		{"what an article was before it moved to where another is goes with that", addressReplaced},
		{"a former address that is given to another article at once is that one's", addressGivenAway},
		{"ids that a table gives anew are those of other articles", idsGivenAnew},
		{"a source gives another address to what it has charge of alone", addressKept},
		{"what an editor says of a story stays", storyByHand},
		{"what an editor put together comes apart as it was", mergeUndone},
		{"merges are undone one after the other", mergesUndone},
		{"of who leads a story, too, the last word is undone", leadsUndone},
		{"of what was said before a lead was chosen nothing is left once that goes", chosenGoes},
		{"whatever is merged, pinned and split, each is as it was before", mergesModelled},
		{"an article that shares its page with another stays its story", keepingCompany},
		{"an update that says something else parts a story", partedByUpdate},
		{"an update of another day parts a story", editedAnotherDay},
		{"an update of one of two towns parts a story", editedOfTwoTowns},
		{"a story takes what is like one of it that another was edited from", toldAfterEdit},
		{"a story of many takes what is equal to it alone", storyOfMany},
		{"a correction parts nothing", correctedTogether},
		{"what was carried of a story stays carried when it parts", partedAfterEditions},
		{"what an editor merged no update parts", heldByHand},
		{"an article leaves with the other addresses of its page", partedWithItsPage},
		{"a page that is given to another article is two stories", pageReused},
		{"one text with two dates is two bulletins of the inbox", bulletinsOfTheInbox},
		{"what was excluded stays out when it parts", partedAndExcluded},
		{"an article is changed by who brought it", storyOwned},
		{"a story is led by the highest priority", storyLed},
		{"what an editor says of a section stays", filed},
		{"by what an article was dated when it came is known", redated},
		{"by what another source dated an article that its own does not is known", redatedByAnother},
		{"an inbox row keeps what became of it", inboxKeeps},
		{"an inbox row that changed meanwhile waits", inboxChanged},
		{"an inbox row that is too long is not read", inboxBounds},
		{"a picture that an article names is due once", picturesDue},
		{"a picture stays for the edition that shows it", picturesStay},
		{"the page of an article is looked for once", linksDue},
		{"a source goes on where it ended", sourceGoesOn},
		{"what came with the first collection of a source is known", sourceAsked},
		{"what a source cannot bring is told", sourceFaults},
		{"what is refused beyond what is kept is read anew", faultsDropped},
		{"a source that stays broken is told of once", sourceTold},
		{"what an editor wants in stays until an edition brings it", stances},
		{"what editors decided is listed", stancesListed},
		{"one article is to lead", oneLeads},
		{"what was pinned before it was to lead is pinned again", leadUndone},
		{"what was pinned before it was to lead is listed so", underLead},
		{"what was pinned of a story is so for the article that a merge names", mergedStances},
		{"what was pinned is so itself in the story that it joins", pinnedBeforeItCame},
		{"what is decided again keeps its turn while it counts", saidAgain},
		{"what an edition ended stands again as it did, once nothing left of it", spentAgain},
		{"an edition of which nothing left gives its articles back", givenBack},
		{"the text that was carried last is kept", carriedTexts},
		{"a word is said once", word},
		{"an advertisement stands in one edition", advertisement},
		{"a letter that was cut is whole in the archive", cutLetter},
		{"a slot is decided once", slotOnce},
		{"a failed slot is decided anew", slotAnew},
		{"a sister is known by what she brought", sisters},
		{"what was recalled of an edition that was taken back, the recall brought", recallBrings},
		{"a failed slot is published behind what went meanwhile", slotPublishedAnew},
		{"verdicts stay as recorded", verdictsStay},
		{"verdicts tell of articles as they were then", verdictsOfThen},
		{"a carried article is known as such", carried},
		{"a verdict keeps by what it was measured", verdictsMeasured},
		{"a number is taken once", numberOnce},
		{"an earlier edition is found by its subject", subjectAgain},
		{"the first slot is remembered", begun},
		{"an extra slot never takes a scheduled one", extraSlots},
		{"enrolling never brings back who left or is suppressed", enrolRespects},
		{"an objection from elsewhere is carried on", enrolSilences},
		{"foreseeing tells the same and changes nothing", foreseeing},
		{"leaving is idempotent and recorded", leaving},
		{"the audience is who was active at approval", audience},
		{"rows are made in chunks from a cursor", chunks},
		{"letters go ahead of editions", ahead},
		{"copies are due by the room that their provider has", roomOfGroups},
		{"a provider is left alone until an instant", closings},
		{"which relays take no letters is what was written last", rests},
		{"what left is counted by the minute and the provider", departures},
		{"an edition opens when it is told to", opening},
		{"an edition sends its first letters once", openingOnce},
		{"a letter that shows what is wrong holds its edition", breaking},
		{"a mark re-reads what forbids a letter", markRefuses},
		{"an outcome and the next mark share a commit", stepping},
		{"an outcome is recorded once", onceRecorded},
		{"a deferral is recorded once", deferredOnce},
		{"a remnant is found", remnants},
		{"a deferred letter is due at its time", deferred},
		{"a clock that is set back holds nothing up", rewinding},
		{"an edition that owes nothing is done", finishing},
		{"a paused edition is not due", pausing},
		{"a cancelled edition owes nothing", cancelling},
		{"resend reaches those who have no copy", resending},
		{"resend to a person makes a second copy", resendTo},
		{"a missing mailbox suppresses in the same commit", suppressing},
		{"planned is accounted for at every step", accounting},
		{"who leaves before their row is accounted for", leavingUnmade},
		{"a proof is the edition's exact bytes", proofing},
		{"who asked for a resend is written down", auditing},
		{"an unknown outcome is answered with the same copy", resendUnknown},
		{"resend reaches those of whom nobody knows", resendingUnknown},
		{"resend reaches nobody twice", resendingNobodyTwice},
		{"newcomers are sent to, and are not among the planned", resendingNewcomers},
		{"a reader who had all of an edition by another newsletter is no newcomer to it", resendingToMovers},
		{"newcomers who had an older text of what was updated lack it", resendingUpdates},
		{"who signs up anew is a newcomer", resendingWhoCameBack},
		{"a resend may come while its edition is queued or held", resendingMeanwhile},
		{"a copy that went ahead waits where it is sent once more", resendingAhead},
		{"whom a resend would reach is listed", listingWhom},
		{"a resend among everything that can happen reaches everybody once", resendingAmongAll},
		{"a pause ends with its edition", pauseEnds},
		{"a paused edition sleeps and holds up no other", pausedSleeps},
		{"a cancelled edition is not sent again", cancelledStays},
		{"what did not arrive is told in the server's words", troubled},
		{"letters are counted by provider, state and reason", counted},
		{"what servers said alike is put together", saidAlike},
		{"what waits is counted without what arrived", waiting},
		{"editions and slots are listed by newsletter", listing},
		{"the shelf tells what was carried and hidden", shelving},
		{"a suppression keeps its first reason", suppressedOnce},
		{"a commit is noticed", noticing},
		{"a dossier holds what is known of an address", dossiers},
		{"erasing forgets who it was", erasing},
		{"the files of who was erased are to be removed, once nothing is on the wire", filesDue},
		{"who was erased is brought back by no import", erasedStays},
		{"who was erased and whoever signs up with the address are two", erasedAndAsked},
		{"what is on the wire when its reader is erased ends without words", erasedOnTheWire},
		{"an address that nobody subscribed with is erased as well", erasedStranger},
		{"who is erased while an edition is queued is accounted for", erasedUnmade},
		{"suppressions are listed and taken away", suppressions},
		{"who was silent for years is asked, and then gone", idling},
		{"who acts is not asked and not erased", idleNoMore},
		{"retention acts once a day, on the operator's word", retaining},
		{"networks are dropped when they are old", networks},
		{"the archive holds every edition in its place", archiving},
		{"the archive turns its pages by number", archivePages},
		{"an edition of which nothing left was never public", archiveUnsent},
		{"an edition of which nothing left is not the first", firstCancelled},
		{"a leave is taken back to what was", takingBack},
		{"what one act ended is taken back together", takingBackAll},
		{"who comes back is accounted for at every step", comingBack},
		{"who comes back is as new to an edition approved meanwhile", comingBackLate},
		{"a pause ends at its date", pausesEnd},
		{"a pause is over for the edition approved after it", pauseOverAtApproval},
		{"a reason for leaving is kept once", goodbyes},
		{"a reader gets what they chose", preferring},
		{"a pause that is to stay stays", keepingPauses},
		{"a pause in the run is accounted for", pausingUnmade},
		{"the latest edition is owed once and ahead", latest},
		{"the latest edition is not owed where it is held", latestHeld},
		{"whoever asks for the latest edition is told what came of it", latestTold},
		{"a managing letter is limited", managing},
		{"a change of address keeps all but the address", moving},
		{"an address that was left for another is brought back by its own person only", leavingAnAddress},
		{"a change of address tells nothing about others", movingToOthers},
		{"a change of address passes by who never confirmed", movingPastStrangers},
		{"an address that was left is forgotten with what went to it", movingForgets},
		{"an old change of address is forgotten", movesSwept},
		{"a mailbox that was mistyped suppresses nobody", movingNowhere},
		{"a mailbox that was left suppresses nobody", movingFromABounce},
		{"a letter written to somebody who was erased goes nowhere", erasingFromALetter},
		{"a letter written to an address that was left goes to the new one", movingFromALetter},
		{"a sign-up is one step", signingUp},
		{"a form that is refused changes nothing", refusing},
		{"a text that is not kept yet is asked for", unwritten},
		{"a confirmation is one step, once", confirming},
		{"a letter confirms what it names", confirmingWhatTheLetterNames},
		{"a request that waits after a leave is not an import's to confirm", waitingAfterLeave},
		{"a reminder is owed once", reminding},
		{"who never confirmed is forgotten, who left keeps their history", forgetting},
		{"what is held back is due to nobody", holding},
		{"the link to one's own page goes to readers only", linking},
		{"a letter to a reader is asked for once more before it goes", markingLetters},
		{"what the guards need no longer is swept", sweeping},
	} {
		t.Run(suite.name, func(t *testing.T) {
			b := &bench{Store: open(t), t: t, ctx: t.Context(), now: time.Date(2026, 11, 24, 6, 0, 0, 0, time.UTC)}
			b.must(b.EnsureNewsletters(b.ctx, []string{"hebdo", "quotidien"}))
			suite.test(t, b)
		})
	}
}

// A bench is a store under test and what every test does with it.
type bench struct {
	Store
	t    *testing.T
	ctx  context.Context
	now  time.Time
	slot int

	forms int              // sent so far
	texts map[string]int64 // of single letters, as they were asked for
}

func (b *bench) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// later lets time pass.
func (b *bench) later(d time.Duration) { b.now = b.now.Add(d) }

func (b *bench) article(n int) newsletter.Article {
	return newsletter.Article{
		URL: fmt.Sprintf("https://pandia.example/a/%d", n), Title: fmt.Sprintf("Article %d", n), Section: "actualites",
		Body: "Texte.", Tags: []string{"ia"}, Language: "fr",
	}
}

// put stores articles 1 to n and returns their ids.
func (b *bench) put(n int) []int64 {
	b.t.Helper()
	var ids []int64
	for i := range n {
		puts, err := b.PutArticles(b.ctx, []newsletter.Article{b.article(i + 1)}, b.now)
		b.must(err)
		ids = append(ids, puts[0].Article)
	}
	return ids
}

func (b *bench) address(text string) address.Address {
	b.t.Helper()
	a, err := address.Parse(text)
	b.must(err)
	return a
}

func (b *bench) consent(act newsletter.ConsentAct) newsletter.Consent {
	return newsletter.Consent{Act: act, At: b.now, Origin: "command", Source: "salon du livre"}
}

// readers enrols n readers of hebdo and returns their subscriptions.
func (b *bench) readers(n int) []newsletter.Subscription {
	b.t.Helper()
	var people []subscription.Person
	for i := range n {
		people = append(people, subscription.Person{Address: b.address(fmt.Sprintf("r%03d@lecteurs.example", i)), Language: "fr"})
	}
	_, err := b.Enrol(b.ctx, "hebdo", people, b.consent(newsletter.ConsentConfirmed))
	b.must(err)
	subs, err := b.Subscriptions(b.ctx, subscription.Filter{Newsletter: "hebdo"})
	b.must(err)
	return subs
}

func (b *bench) leave(s newsletter.Subscription) {
	b.t.Helper()
	_, err := b.Leave(b.ctx, s.ID, b.consent(newsletter.ConsentWithdrawn))
	b.must(err)
}

// publication is an edition of the given articles in a slot of its own.
func (b *bench) publication(number int, articles ...int64) digest.Publication {
	b.slot++
	p := digest.Publication{
		Newsletter: "hebdo", Slot: newsletter.Slot(fmt.Sprintf("2026-11-%02dT07:00", b.slot)), Number: number,
		Content:  newsletter.Content{Number: number, Subject: "Le sujet", Date: b.now},
		Variants: []newsletter.Variant{{Key: "full", Kind: newsletter.KindEdition, Subject: "Le sujet", HTML: "<p>…</p>", Text: "…"}},
		KeyID:    1, Approved: b.now,
	}
	for i, id := range articles {
		p.Content.Chapters = append(p.Content.Chapters, newsletter.Chapter{Stories: []newsletter.Story{{Article: id}}})
		p.Verdicts = append(p.Verdicts, newsletter.Verdict{Candidate: newsletter.Candidate{Article: id}, Rule: newsletter.RuleNew, Position: i + 1})
	}
	return p
}

// publish makes an edition whose rows all exist.
func (b *bench) publish(number int, articles ...int64) newsletter.Edition {
	b.t.Helper()
	e, err := b.Publish(b.ctx, b.publication(number, articles...))
	b.must(err)
	b.queueAll()
	return e
}

func (b *bench) queueAll() {
	b.t.Helper()
	for {
		more, err := b.QueueNext(b.ctx, 100, b.now)
		b.must(err)
		if !more {
			return
		}
	}
}

func (b *bench) due() []newsletter.Delivery {
	b.t.Helper()
	due, err := b.DueAhead(b.ctx, b.now, 1000)
	b.must(err)
	copies, err := b.DueCopies(b.ctx, b.now, 1000, outbox.Room{})
	b.must(err)
	return append(due, copies...)
}

// mark marks deliveries attempting and returns the refused ones.
func (b *bench) mark(deliveries ...newsletter.Delivery) []int64 {
	b.t.Helper()
	var parcels []newsletter.Parcel
	for _, d := range deliveries {
		parcels = append(parcels, newsletter.Parcel{Delivery: d.ID, Date: b.now, Envelope: newsletter.Envelope{To: d.Address}})
	}
	refused, err := b.Step(b.ctx, nil, parcels, b.now)
	b.must(err)
	return refused
}

// settle records an outcome for deliveries.
func (b *bench) settle(state newsletter.DeliveryState, reply newsletter.Reply, deliveries ...newsletter.Delivery) {
	b.t.Helper()
	var done []outbox.Settlement
	for _, d := range deliveries {
		s := outbox.Settlement{Delivery: d.ID, State: state, Attempt: newsletter.Attempt{
			Started: b.now, Ended: b.now, Stage: newsletter.StageDone, State: state, Reply: reply,
		}}
		if state == newsletter.Deferred {
			s.Next = b.now.Add(time.Hour)
		}
		done = append(done, s)
	}
	_, err := b.Step(b.ctx, done, nil, b.now)
	b.must(err)
}

// send marks and settles deliveries as sent.
func (b *bench) send(deliveries ...newsletter.Delivery) {
	b.t.Helper()
	b.mark(deliveries...)
	b.settle(newsletter.Sent, newsletter.Reply{Code: 250, Enhanced: "2.0.0", Text: "ok"}, deliveries...)
}

func (b *bench) counts(e newsletter.Edition) map[newsletter.DeliveryState]int {
	b.t.Helper()
	counts, err := b.EditionCounts(b.ctx, e.ID)
	b.must(err)
	return outbox.ByState(counts, false)
}

func (b *bench) edition(e newsletter.Edition) newsletter.Edition {
	b.t.Helper()
	e, err := b.EditionByID(b.ctx, e.ID)
	b.must(err)
	return e
}
