package storetest

import (
	"errors"
	"slices"
	"testing"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/outbox"
	"facteur/internal/subscription"
)

func proofing(t *testing.T, b *bench) {
	e := b.publish(1, b.put(1)...)
	b.must(b.Pause(b.ctx, e.Ref(), true))
	b.must(b.Proof(b.ctx, e.Ref(), b.address("editrice@pandia.example"), b.now))
	due := b.due()
	if len(due) != 1 || due[0].Kind != newsletter.KindProof || due[0].Address != "editrice@pandia.example" || due[0].Newsletter != "hebdo" ||
		due[0].Subscriber != 0 || due[0].Edition != e.ID {
		t.Fatalf("due: %+v; want the proof, even of an edition that is held", due)
	}
	b.send(due...)
	if counts := b.counts(e); len(counts) != 0 {
		t.Errorf("a proof is counted among the edition's letters: %v", counts)
	}
	v, err := b.Variant(b.ctx, due[0].Variant)
	b.must(err)
	if v.Edition != e.ID || v.HTML != "<p>…</p>" || v.Text != "…" || v.Subject != "Le sujet" {
		t.Errorf("the proof is of %+v, want the edition's exact texts", v)
	}
	told, err := b.Letters(b.ctx, b.address("Editrice@PANDIA.example"), 10)
	b.must(err)
	if len(told) != 1 || told[0].State != newsletter.Sent {
		t.Errorf("the history of the proof's address is %+v", told)
	}
	if err := b.Proof(b.ctx, newsletter.EditionRef{Newsletter: "hebdo", Number: 9}, b.address("a@b.example"), b.now); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("a proof of no edition gives %v", err)
	}
}

// An unknown outcome waits for the operator, and his answer is the same copy again; a reader who came after the
// edition gets copy 1 of it.
func resendUnknown(t *testing.T, b *bench) {
	b.readers(1)
	e := b.publish(1, b.put(1)...)
	d := b.due()[0]
	b.mark(d)
	b.settle(newsletter.Unknown, newsletter.Reply{Text: "EOF"}, d)
	if due := b.due(); len(due) != 0 {
		t.Errorf("an unknown outcome is due: %+v", due)
	}
	if n := b.resend(e, outbox.ResendFailed); n != 0 {
		t.Errorf("%d unknown ones count as failed", n)
	}
	_, err := b.Enrol(b.ctx, "hebdo", []subscription.Person{{Address: b.address("neuve@lecteurs.example")}}, b.consent(newsletter.ConsentConfirmed))
	b.must(err)
	first := b.now
	b.later(time.Hour)
	for _, to := range []string{d.Address, "neuve@lecteurs.example"} {
		next, err := b.ResendTo(b.ctx, e.Ref(), b.address(to), b.order("op"))
		if err != nil || next.Copy != 1 {
			t.Errorf("resend to %s is copy %d, %v; want copy 1", to, next.Copy, err)
		}
	}
	due := b.due()
	if len(due) != 2 || due[0].ID != d.ID || !due[0].First.Equal(first) || due[0].Unknowns != 1 || due[0].Tries != 0 || !due[1].First.IsZero() {
		t.Errorf("due: %+v; want the same delivery with its date, and the newcomer's", due)
	}
	b.send(due...)
	if now := b.edition(e); now.Planned != 1 || b.counts(e)[newsletter.Sent] != 1 || b.newcomers(e)[newsletter.Sent] != 1 {
		t.Errorf("planned is %d, sent %v and to newcomers %v; want each once, for a newcomer is never planned", now.Planned, b.counts(e), b.newcomers(e))
	}
}

// A pause that was ordered as the last letter left must not hold what is sent again later.
func pauseEnds(t *testing.T, b *bench) {
	b.readers(1)
	e := b.publish(1, b.put(1)...)
	due := b.due()
	b.mark(due...)
	b.must(b.Pause(b.ctx, e.Ref(), true))
	b.settle(newsletter.Failed, newsletter.NewReply(550, "5.7.1 policy"), due...)
	_, err := b.Finish(b.ctx)
	b.must(err)
	if e := b.edition(e); e.State != newsletter.EditionDone || e.Paused {
		t.Errorf("the edition is %s, paused %v", e.State, e.Paused)
	}
	b.resend(e, outbox.ResendFailed)
	if due := b.due(); len(due) != 1 {
		t.Errorf("due: %+v", due)
	}
}

func pausedSleeps(t *testing.T, b *bench) {
	b.readers(2)
	e := b.publish(1, b.put(1)...)
	due := b.due()
	b.mark(due[0])
	b.settle(newsletter.Deferred, newsletter.NewReply(451, "later"), due[0])
	b.must(b.Pause(b.ctx, e.Ref(), true))
	if next, any, err := b.NextDue(b.ctx, b.now); err != nil || any {
		t.Errorf("a held letter wakes the sender at %s, %v", next, err)
	}
	if n, err := b.Finish(b.ctx); err != nil || n != 0 {
		t.Errorf("a held edition that owes letters is done: %d, %v", n, err)
	}
	p := b.publication(2, b.put(2)[1])
	second, err := b.Publish(b.ctx, p)
	b.must(err)
	b.must(b.Pause(b.ctx, second.Ref(), true))
	if more, err := b.QueueNext(b.ctx, 10, b.now); err != nil || more {
		t.Errorf("rows are made of a held edition: %v", err)
	}
	b.must(b.Pause(b.ctx, second.Ref(), false))
	b.queueAll()
	if due := b.due(); len(due) != 2 {
		t.Errorf("%d letters of the second edition are due, want 2", len(due))
	}
}

func cancelledStays(t *testing.T, b *bench) {
	b.readers(2)
	e := b.publish(1, b.put(1)...)
	d := b.due()[0]
	b.mark(d)
	b.settle(newsletter.Failed, newsletter.NewReply(550, "5.7.1 policy"), d)
	_, err := b.Cancel(b.ctx, e.Ref(), func(int) {})
	b.must(err)
	all := outbox.Round{Groups: outbox.ResendGroups()}
	_, countErr := b.CountResend(b.ctx, e.Ref(), all)
	_, sendErr := b.Resend(b.ctx, e.Ref(), all, b.order("op"), func(int) {})
	if !errors.Is(countErr, newsletter.ErrState) || !errors.Is(sendErr, newsletter.ErrState) {
		t.Errorf("resending a cancelled edition gives %v and %v, want %v", countErr, sendErr, newsletter.ErrState)
	}
	if due := b.due(); len(due) != 0 || b.edition(e).State != newsletter.EditionCancelled {
		t.Errorf("due: %+v", due)
	}
}

// troubled tells the server's own words, the reader's address put back where it was taken out.
func troubled(t *testing.T, b *bench) {
	b.readers(3)
	e := b.publish(1, b.put(1)...)
	due := b.due()
	b.mark(due...)
	b.settle(newsletter.Sent, newsletter.Reply{Code: 250}, due[0])
	b.settle(newsletter.Failed, newsletter.Reply{Code: 550, Enhanced: "5.7.1", Text: "<<recipient>>: no"}, due[2])
	b.settle(newsletter.Deferred, newsletter.Reply{Code: 451, Text: "later"}, due[1])
	trouble, err := b.Trouble(b.ctx, e.ID, nil, 10)
	b.must(err)
	if len(trouble) != 2 || trouble[0].ID != due[1].ID || trouble[0].State != newsletter.Deferred || trouble[1].Subject != "Le sujet" || trouble[1].Number != 1 {
		t.Fatalf("in trouble: %+v", trouble)
	}
	if words := trouble[1].Attempts[0].Reply.String(); words != "550 5.7.1 <"+due[2].Address+">: no" {
		t.Errorf("the server's words are %q", words)
	}
	if some, err := b.Trouble(b.ctx, e.ID, nil, 1); err != nil || len(some) != 1 {
		t.Errorf("of at most one: %d, %v", len(some), err)
	}
	if counts, err := b.OutboxCounts(b.ctx); err != nil || counts[newsletter.Sent] != 1 || counts[newsletter.Failed] != 1 || counts[newsletter.Deferred] != 1 {
		t.Errorf("the outbox counts %v, %v", counts, err)
	}
}

// firstCancelled: an edition that nobody had does not count as the first.
func firstCancelled(t *testing.T, b *bench) {
	e := b.publish(1, b.put(1)...)
	_, err := b.Cancel(b.ctx, e.Ref(), func(int) {})
	b.must(err)
	if first, err := b.FirstApproved(b.ctx, "hebdo"); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("first approved at %s, %v", first, err)
	}
}

func listing(t *testing.T, b *bench) {
	ids := b.put(3)
	e := b.publish(1, ids[1])
	number, err := b.NextNumber(b.ctx, "quotidien")
	if err != nil || number != 1 {
		t.Errorf("the other newsletter's next number is %d, %v; numbers are a newsletter's own", number, err)
	}
	if first, err := b.FirstApproved(b.ctx, "hebdo"); err != nil || !first.Equal(b.now) {
		t.Errorf("first approved at %s, %v", first, err)
	}
	if _, err := b.FirstApproved(b.ctx, "quotidien"); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("the other newsletter's first edition: %v", err)
	}
	b.must(b.Skip(b.ctx, b.record("2026-11-24T07:00", newsletter.SlotSkipped), nil, nil))
	slots, err := b.Slots(b.ctx, "hebdo", 10)
	b.must(err)
	if len(slots) != 2 || slots[0].Slot != "2026-11-24T07:00" || slots[1].Edition != 1 || slots[1].State != newsletter.SlotPublished {
		t.Errorf("slots: %+v", slots)
	}
	for name, want := range map[string]int{"": 1, "hebdo": 1, "quotidien": 0} {
		if got, err := b.Editions(b.ctx, name, 10); err != nil || len(got) != want || (want == 1 && got[0].ID != e.ID) {
			t.Errorf("editions of %q: %+v, %v", name, got, err)
		}
	}
	got, err := b.Edition(b.ctx, e.Ref())
	b.must(err)
	if got.Content.Subject != "Le sujet" || got.Slot != e.Slot || got.KeyID != 1 || !got.Approved.Equal(b.now) {
		t.Errorf("the edition is %+v", got)
	}
}

func shelving(t *testing.T, b *bench) {
	ids := b.put(3)
	b.publish(1, ids[1])
	b.must(b.HideArticle(b.ctx, ids[0], true, b.now))
	if err := b.HideArticle(b.ctx, 999, true, b.now); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("hiding no article gives %v", err)
	}
	list, err := b.ListArticles(b.ctx, nil, 2)
	b.must(err)
	if len(list) != 2 || list[0].ID != ids[2] || !slices.Equal(list[1].CarriedBy, []string{"hebdo/1"}) || len(list[0].CarriedBy) != 0 {
		t.Errorf("the list is %+v", list)
	}
	if all, err := b.ListArticles(b.ctx, []string{"guides", "actualites"}, 0); err != nil || len(all) != 3 || !all[2].Hidden || all[1].Hidden {
		t.Errorf("all of a section are %+v, %v", all, err)
	}
	if none, err := b.ListArticles(b.ctx, []string{"guides", ""}, 0); err != nil || len(none) != 0 {
		t.Errorf("of another section, or of none: %+v, %v", none, err)
	}
	candidates, err := b.Candidates(b.ctx, "hebdo")
	b.must(err)
	if len(candidates) != 3 || !candidates[0].Hidden {
		t.Errorf("candidates: %+v", candidates)
	}
	b.must(b.HideArticle(b.ctx, ids[0], false, b.now))
	whole, err := b.Articles(b.ctx, ids[:1])
	b.must(err)
	if want := b.article(1); whole[0].Hidden || whole[0].Body != want.Body || !slices.Equal(whole[0].Tags, want.Tags) {
		t.Errorf("the article is %+v", whole[0])
	}
	if _, err := b.Articles(b.ctx, []int64{ids[0], 999}); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("an article that is not there gives %v", err)
	}
	if _, err := b.ArticleByURL(b.ctx, "https://pandia.example/perdu"); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("an address that is not there gives %v", err)
	}
	loose := b.article(4)
	loose.Section = ""
	_, err = b.PutArticles(b.ctx, []newsletter.Article{loose}, b.now)
	b.must(err)
	if found, err := b.ListArticles(b.ctx, []string{"guides", ""}, 0); err != nil || len(found) != 1 || found[0].URL != loose.URL {
		t.Errorf("of another section, or of none: %+v, %v", found, err)
	}
}

func suppressedOnce(t *testing.T, b *bench) {
	a := b.address("Stop@lecteurs.example")
	b.must(b.Suppress(b.ctx, a, newsletter.SuppressedComplaint, "spam", b.now))
	b.later(time.Hour)
	b.must(b.Suppress(b.ctx, b.address("stop@LECTEURS.example"), newsletter.SuppressedHardBounce, "gone", b.now))
	if s, err := b.Suppression(b.ctx, a); err != nil || s.Kind != newsletter.SuppressedComplaint || s.Reason != "spam" || s.At.Equal(b.now) {
		t.Errorf("the suppression is %+v, %v; want the first one", s, err)
	}
	if _, err := b.Suppression(b.ctx, b.address("libre@lecteurs.example")); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("nothing forbids this one: %v", err)
	}
}
