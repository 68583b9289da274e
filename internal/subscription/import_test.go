package subscription_test

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"facteur/internal/newsletter"
	"facteur/internal/subscription"
)

func addresses(store *memory) []string {
	var all []string
	for _, s := range store.subscriptions {
		all = append(all, s.Subscriber.Address)
	}
	slices.Sort(all)
	return all
}

func TestImportReadsWhatSpreadsheetsWrite(t *testing.T) {
	for name, in := range map[string]struct {
		file string
		want []string
	}{
		"one column":                  {"email\na@x.example\nb@x.example\n", []string{"a@x.example", "b@x.example"}},
		"no last line end":            {"email\na@x.example", []string{"a@x.example"}},
		"CRLF":                        {"email\r\na@x.example\r\n", []string{"a@x.example"}},
		"semicolon":                   {"Nom;E-Mail;Ville\nDupont;a@x.example;Paris\n", []string{"a@x.example"}},
		"tab":                         {"Nom\tCOURRIEL\nDupont\ta@x.example\n", []string{"a@x.example"}},
		"byte order mark":             {"\ufeffemail,nom\na@x.example,Zoé\n", []string{"a@x.example"}},
		"quoted":                      {"\"nom\",\"email\"\n\"Dupont, \"\"Jo\"\"\",\"a@x.example\"\n", []string{"a@x.example"}},
		"quoted line break":           {"note,email\n\"deux\r\nlignes, deux\",a@x.example\n,b@x.example\n", []string{"a@x.example", "b@x.example"}},
		"blank lines":                 {"\n\nemail\n\n  \na@x.example\n\n", []string{"a@x.example"}},
		"windows-1252":                {"email;nom\na@x.example;Zo\xe9\n", []string{"a@x.example"}},
		"windows-1252 domain":         {"email\na@\xe9cole.example\n", []string{"a@xn--cole-9oa.example"}},
		"UTF-16":                      {wide("email\ta\na@x.example\té\n"), []string{"a@x.example"}},
		"rows of two lengths":         {"email,nom\na@x.example\nb@x.example,B,C\n", []string{"a@x.example", "b@x.example"}},
		"more commas than semicolons": {"email;nom, prénom, ville\na@x.example;Dupont, Jo, Paris\n", []string{"a@x.example"}},
		"more semicolons than commas": {"nom;prénom;ville,courriel\nDupont;Jo;Paris,a@x.example\n", []string{"a@x.example"}},
		"commas beside tabs":          {"nom, prénom\te-mail\tville\nDupont, Jo\ta@x.example\tParis\n", []string{"a@x.example"}},
		"address column both ways":    {"email,nom;prénom,email\na@x.example,Dupont;Jo,\n", []string{"a@x.example"}},
		"comma in a heading":          {"\"nom, prénom\";email\n\"Dupont, Jo\";a@x.example\n", []string{"a@x.example"}},
	} {
		t.Run(name, func(t *testing.T) {
			store, register := open(t)
			report, err := register.Import(t.Context(), hebdo(), iotest.OneByteReader(strings.NewReader(in.file)), "salon", nil)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(in.want, addresses(store)); diff != "" {
				t.Errorf("readers (-want +got):\n%s", diff)
			}
			if report.Rows != len(in.want) || report.Outcomes[subscription.Added] != len(in.want) || report.Refused != 0 {
				t.Errorf("report = %+v, want %d added", report, len(in.want))
			}
		})
	}
}

func wide(text string) string {
	file := []byte{0xff, 0xfe}
	for _, unit := range utf16.Encode([]rune(text)) {
		file = append(file, byte(unit), byte(unit>>8))
	}
	return string(file)
}

func TestImportNamesTheEncoding(t *testing.T) {
	for want, file := range map[string]string{
		"UTF-8":        "email,nom\na@x.example,Zoé\n",
		"windows-1252": "email,nom\na@x.example,Zo\xe9\n",
		"UTF-16":       wide("email\na@x.example\n"),
	} {
		_, register := open(t)
		report, err := register.Import(t.Context(), hebdo(), strings.NewReader(file), "salon", nil)
		if err != nil || report.Encoding != want {
			t.Errorf("encoding = %q, %v; want %q", report.Encoding, err, want)
		}
	}
}

func TestImportReportsEveryRefusedLine(t *testing.T) {
	file := strings.Join([]string{
		"nom,email,langue", // 1
		"A,a@x.example,fr",
		"B,sans-arobase,",         // 3
		"C,,",                     // 4
		"D",                       // 5: too short
		"E,e@x.example,français!", // 6
		"F,postmaster@x.example,", // 7
		`G"x",g@x.example,`,       // 8: quotation mark inside
		`"H" x,h@x.example,`,      // 9: text after the quoted field
		"I,i@x.example\x00,",      // 10
		`"J,j@x.example,`,         // 11: never closed
		"K,k@x.example,en-gb",
		strings.Repeat("L", 70_000) + ",l@x.example,", // 13
		"M,m@x.example,",
	}, "\n")
	store, register := open(t)
	report, err := register.Import(t.Context(), hebdo(), strings.NewReader(file), "salon", nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a@x.example", "k@x.example", "m@x.example"}, addresses(store)); diff != "" {
		t.Errorf("readers (-want +got):\n%s", diff)
	}
	var refused []int
	for _, r := range report.Refusals {
		refused = append(refused, r.Line)
		if strings.Contains(r.Reason, "x.example") {
			t.Errorf("line %d: the reason repeats the address: %s", r.Line, r.Reason)
		}
	}
	if diff := cmp.Diff([]int{3, 4, 5, 6, 7, 8, 9, 10, 11, 13}, refused); diff != "" {
		t.Errorf("refused lines (-want +got):\n%s\n%+v", diff, report.Refusals)
	}
	if report.Rows != 13 || report.Refused != 10 {
		t.Errorf("report counts %d rows and %d refused, want 13 and 10", report.Rows, report.Refused)
	}
	languages := map[string]string{}
	for _, s := range store.subscriptions {
		languages[s.Subscriber.Address] = s.Subscriber.Language
	}
	if diff := cmp.Diff(map[string]string{"a@x.example": "fr", "k@x.example": "en-GB", "m@x.example": "fr"}, languages); diff != "" {
		t.Errorf("languages (-want +got):\n%s", diff)
	}
}

func TestImportRefusesWhatIsNoList(t *testing.T) {
	for name, in := range map[string]struct{ file, says string }{
		"empty":              {"", "empty"},
		"blank":              {"\n\n \n", "no heading"},
		"no such column":     {"nom,adresse\nA,a@x.example\n", `"nom", "adresse"`},
		"no heading":         {"a@x.example\nb@x.example\n", "an address instead"},
		"a picture":          {"\x89PNG\r\n\x1a\n\x00\x00\x00", "not text"},
		"a spreadsheet":      {"PK\x03\x04\x14\x00", "spreadsheet"},
		"thousands of them":  {strings.Repeat("c,", 4000) + "email\n", "4001 columns"},
		"one endless line":   {strings.Repeat("email,", 20_000), "longer than"},
		"a lost quote":       {"\"email,nom\n", "quotation mark"},
		"a late NUL":         {"email\x00\n", "not text"},
		"a quote in heading": {`e"mail` + "\n", "quotation mark"},
	} {
		t.Run(name, func(t *testing.T) {
			store, register := open(t)
			_, err := register.Import(t.Context(), hebdo(), strings.NewReader(in.file), "salon", nil)
			if !errors.Is(err, newsletter.ErrInvalid) || !strings.Contains(err.Error(), in.says) {
				t.Errorf("Import = %v, want ErrInvalid saying %q", err, in.says)
			}
			if err != nil && strings.Contains(err.Error(), "x.example") {
				t.Errorf("the error repeats an address: %v", err)
			}
			if len(store.subscriptions) != 0 {
				t.Error("somebody was enrolled all the same")
			}
		})
	}
}

func TestImportCountsEachPersonOnce(t *testing.T) {
	store, register := open(t)
	store.add("hebdo", "reader@x.example", newsletter.Active)
	store.add("hebdo", "left@x.example", newsletter.Unsubscribed)
	store.suppressed["silent@x.example"] = true
	file := "email\nnew@x.example\nreader@x.example\nleft@x.example\nNEW@X.example\nsilent@x.example\nleft@x.example\nnew@x.example\n"

	report, err := register.Import(t.Context(), hebdo(), strings.NewReader(file), "salon", nil)
	if err != nil {
		t.Fatal(err)
	}
	want := subscription.Report{Encoding: "UTF-8", Rows: 7, Repeated: 3, Outcomes: map[subscription.Outcome]int{
		subscription.Added: 1, subscription.AlreadyActive: 1, subscription.Left: 1, subscription.Suppressed: 1,
	}}
	if diff := cmp.Diff(want, report, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
	wantConsents := []newsletter.Consent{{Act: newsletter.ConsentConfirmed, At: noon(), Origin: "import", Source: "salon"}}
	if diff := cmp.Diff(wantConsents, store.consents[3]); diff != "" {
		t.Errorf("record of consent (-want +got):\n%s", diff)
	}
	if store.subscriptions[2].State != newsletter.Unsubscribed {
		t.Error("the import brought back who left")
	}
}

// list is a file of n addresses, made while it is read.
func list(n int) io.Reader {
	r, w := io.Pipe()
	go func() {
		_, err := io.WriteString(w, "email\n")
		for i := 0; i < n && err == nil; i++ {
			_, err = fmt.Fprintf(w, "reader%d@x.example\n", i)
		}
		_ = w.CloseWithError(err)
	}()
	return r
}

func TestImportGoesInBatchesAndTellsWhatIsDone(t *testing.T) {
	store, register := open(t)
	var seen []int
	report, err := register.Import(t.Context(), hebdo(), list(2500), "salon", func(r subscription.Report) { seen = append(seen, r.Rows) })
	if err != nil || report.Rows != 2500 {
		t.Fatalf("Import = %+v, %v", report, err)
	}
	if diff := cmp.Diff([]int{1000, 1000, 500}, store.batches); diff != "" {
		t.Errorf("batches (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{1000, 2000, 2500}, seen); diff != "" {
		t.Errorf("progress (-want +got):\n%s", diff)
	}
}

func TestImportThatFailsTellsWhatIsDone(t *testing.T) {
	full := errors.New("disk full")
	store, register := open(t)
	store.fail, store.failAfter = full, 1
	report, err := register.Import(t.Context(), hebdo(), list(2500), "salon", nil)
	if !errors.Is(err, full) || report.Rows != 1000 {
		t.Errorf("Import = %d rows, %v; want 1000 rows and the store's error", report.Rows, err)
	}

	store, register = open(t)
	broken := io.MultiReader(strings.NewReader("email\na@x.example\n"), iotest.ErrReader(errors.New("cable cut")))
	report, err = register.Import(t.Context(), hebdo(), broken, "salon", nil)
	if err == nil || report.Outcomes[subscription.Added] != 1 || len(store.subscriptions) != 1 {
		t.Errorf("Import = %+v, %v; want one added and the reader's error", report, err)
	}
}

func TestImportBoundsTheListOfRefusals(t *testing.T) {
	_, register := open(t)
	file := "email\n" + strings.Repeat("nobody\n", 5000)
	report, err := register.Import(t.Context(), hebdo(), strings.NewReader(file), "salon", nil)
	if err != nil || report.Refused != 5000 || len(report.Refusals) != 1000 {
		t.Errorf("Import = %d refused, %d named, %v; want 5000, 1000", report.Refused, len(report.Refusals), err)
	}
}
