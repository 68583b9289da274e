package outbox_test

import (
	"strings"
	"testing"

	"facteur/internal/newsletter"
	"facteur/internal/outbox"
)

func TestRefusalsPutTogetherWhatIsSaidAlike(t *testing.T) {
	var r outbox.Refusals
	for _, text := range []string{
		"550 Mailbox of lea full - a640c23a62f3a-8dfa3fc si1234567.89 - gsmtp",
		"550 Mailbox of lea full - b751d34b73a4b-9e0b4ad si7654321.10 - gsmtp",
		"550 refused, see https://postmaster.example/#ofr006_102",
		"550 refused, see https://postmaster.example/#ofr006_103",
		"550 your address 198.51.100.17 is listed",
		"550 your address 198.51.100.18 is listed",
		"550 Greylisted, retry in 290 seconds",
		"550 Greylisted, retry in 291 seconds",
		"550 kept as 1234567",
		"550 kept as 7654321",
		"550 no answer within 10s",
		"550 no answer within 1m28.674s",
	} {
		r.Add(newsletter.Failed, newsletter.NewReply(550, text), "lea@lecteurs.example")
	}
	r.Add(newsletter.Expired, newsletter.NewReply(550, "550 your address 198.51.100.18 is listed"), "lea@lecteurs.example")
	all := r.Commonest(-1)
	if len(all) != 9 || all[0].Letters != 2 || strings.Contains(all[0].Reply.Text, "lea") {
		t.Errorf("said alike: %+v", all)
	}
	if some := r.Commonest(1); len(some) != 1 || some[0] != all[0] {
		t.Errorf("the commonest: %+v", some)
	}
}

func FuzzRefusals(f *testing.F) {
	f.Add("5.1.1 <lea@lecteurs.example> no such user 4bX2kq9Z1abc", "lea@lecteurs.example")
	f.Add("\x00\xff é…", "@")
	f.Fuzz(func(t *testing.T, text, to string) {
		var r outbox.Refusals
		reply := newsletter.NewReply(550, text)
		r.Add(newsletter.Failed, reply, to)
		r.Add(newsletter.Failed, reply, to)
		if all := r.Commonest(-1); len(all) != 1 || all[0].Letters != 2 {
			t.Errorf("the same twice is %+v", all)
		}
	})
}
