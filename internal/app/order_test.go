package app_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/smtptest"
)

// After a pause, and at one minute, a family decides in the order in which its slots are due, whatever its newsletters are called: the daily one brings what is
// new, and the weekly one recalls it.
func TestAFamilyDecidesInTurn(t *testing.T) {
	for _, name := range []string{"an-quotidien", "zz-quotidien"} {
		for _, hour := range []int{7, 8} {
			synctest.Test(t, func(t *testing.T) {
				w := &world{t: t, folder: t.TempDir(), relay: smtptest.Start(t, smtptest.Script{})}
				w.env = []string{"FACTEUR_SMTP_URL=smtp://127.0.0.1:2525?tls=none", "FACTEUR_COLLECT_CHECK_LINKS=false"}
				w.more = fmt.Sprintf(`
[newsletters.%s]
family   = "f"
schedule = "0 %d * * *"
sections = [{ name = "actualites", title = "Actualités", quota = 5 }]
[newsletters.hebdo]
family   = "f"
schedule = "0 8 * * *"
sections = [{ name = "actualites", title = "Actualités", quota = 5 }, { name = "rappel", title = "Rappel", quota = 5, recall = true }]
`, name, hour)
				w.open()
				w.start()
				time.Sleep(time.Minute)
				w.end()
				time.Sleep(time.Until(newsletter.Slot(time.Now().Format("2006-01-02") + "T09:00").In(w.Newsletters[0].Zone)))
				w.open()
				for n := range 3 {
					w.offer(n)
				}
				w.start()
				defer w.end()
				time.Sleep(time.Minute)
				for _, of := range []struct {
					name string
					rule newsletter.Rule
				}{{name, newsletter.RuleNew}, {"hebdo", newsletter.RuleRecalled}} {
					slots, err := w.Store.Slots(t.Context(), of.name, 1)
					if err != nil || len(slots) != 1 || slots[0].State != newsletter.SlotPublished {
						t.Errorf("%s at %d: %+v, %v", of.name, hour, slots, err)
						continue
					}
					verdicts, err := w.Store.Verdicts(t.Context(), of.name, slots[0].Slot)
					if err != nil {
						t.Fatal(err)
					}
					n := 0
					for _, v := range verdicts {
						if v.Rule == of.rule {
							n++
						}
					}
					if n != 3 {
						t.Errorf("%s at %d has %d that are %s, want 3", of.name, hour, n, of.rule)
					}
				}
			})
		}
	}
}
