package subscription_test

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"
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
		"CR":                          {"email\ra@x.example\r\rb@x.example", []string{"a@x.example", "b@x.example"}},
		"a French heading":            {"Nom;Adresse e-mail;Adresse\nDupont;a@x.example;1, rue Haute\n", []string{"a@x.example"}},
		"one column":                  {"email\na@x.example\nb@x.example\n", []string{"a@x.example", "b@x.example"}},
		"no last line end":            {"email\na@x.example", []string{"a@x.example"}},
		"CRLF":                        {"email\r\na@x.example\r\n", []string{"a@x.example"}},
		"semicolon":                   {"Nom;E-Mail;Ville\nDupont;a@x.example;Paris\n", []string{"a@x.example"}},
		"tab":                         {"Nom\tCOURRIEL\nDupont\ta@x.example\n", []string{"a@x.example"}},
		"byte order mark":             {"\ufeffemail,nom\na@x.example,Zoé\n", []string{"a@x.example"}},
		"quoted":                      {"\"nom\",\"email\"\n\"Dupont, \"\"Jo\"\"\",\"a@x.example\"\n", []string{"a@x.example"}},
		"quoted line break":           {"note,email\n\"deux\r\nlignes, deux\",a@x.example\n,b@x.example\n", []string{"a@x.example", "b@x.example"}},
		"a separator told to Excel":   {"sep=;\r\nnom;email\r\nLéa;a@x.example\r\n", []string{"a@x.example"}},
		"the same in quotes":          {"\"sep=,\"\nemail\na@x.example\n", []string{"a@x.example"}},
		"blank lines":                 {"\n\nemail\n\n  \na@x.example\n\n", []string{"a@x.example"}},
		"windows-1252":                {"email;nom\na@x.example;Zo\xe9\n", []string{"a@x.example"}},
		"windows-1252 domain":         {"email\na@\xe9cole.example\n", []string{"a@xn--cole-9oa.example"}},
		"UTF-16":                      {wide("email\ta\na@x.example\té\n"), []string{"a@x.example"}},
		"UTF-16 without a mark":       {wide("email;nom\r\na@x.example;Zoé\r\n")[2:], []string{"a@x.example"}},
		"UTF-16 from the upper byte":  {swapped(wide("email\ta\na@x.example\té\n")), []string{"a@x.example"}},
		"that without a mark":         {swapped(wide("mail\na@x.example\n"))[2:], []string{"a@x.example"}},
		"rows of two lengths":         {"email,nom\na@x.example\nb@x.example,B,C\n", []string{"a@x.example", "b@x.example"}},
		"more commas than semicolons": {"email;nom, prénom, ville\na@x.example;Dupont, Jo, Paris\n", []string{"a@x.example"}},
		"more semicolons than commas": {"nom;prénom;ville,courriel\nDupont;Jo;Paris,a@x.example\n", []string{"a@x.example"}},
		"commas beside tabs":          {"nom, prénom\te-mail\tville\nDupont, Jo\ta@x.example\tParis\n", []string{"a@x.example"}},
		"comma in a heading":          {"\"nom, prénom\";email\n\"Dupont, Jo\";a@x.example\n", []string{"a@x.example"}},
	} {
		t.Run(name, func(t *testing.T) {
			store, register := open(t)
			report, err := register.Import(t.Context(), hebdo(), subscription.List{File: iotest.OneByteReader(strings.NewReader(in.file)), Source: "salon"})
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

// swapped is UTF-16 with the upper byte first.
func swapped(file string) string {
	other := []byte(file)
	for i := 0; i < len(other); i += 2 {
		other[i], other[i+1] = other[i+1], other[i]
	}
	return string(other)
}

func TestImportNamesTheEncoding(t *testing.T) {
	for file, want := range map[string]string{
		"email,nom\na@x.example,Zoé\n":            "UTF-8",
		"email,nom\na@x.example,Zo\xe9\n":         "windows-1252",
		wide("email\na@x.example\n"):              "UTF-16",
		wide("email\na@x.example\n")[2:]:          "UTF-16",
		swapped(wide("email\na@x.example\n"))[2:]: "UTF-16",
	} {
		_, register := open(t)
		report, err := register.Import(t.Context(), hebdo(), subscription.List{File: strings.NewReader(file), Source: "salon"})
		if err != nil || report.Encoding != want {
			t.Errorf("encoding = %q, %v; want %q", report.Encoding, err, want)
		}
	}
}

func TestImportNamesTheColumnsThatCanHoldTheAddress(t *testing.T) {
	for file, want := range map[string][]string{
		"nom,email,ville\nA,a@x.example,Lyon\n":                       nil,
		"Courriel,Email\nb@x.example,a@x.example\n":                   {"Email", "Courriel"},
		"adresse,Adresse e-mail ,mail\n2 rue Neuve,a@x.example,non\n": {"Adresse e-mail", "mail", "adresse"},
		"adresse,email,adresse\n2 rue Neuve,a@x.example,Lyon\n":       {"email", "adresse"},
	} {
		store, register := open(t)
		report, err := register.Import(t.Context(), hebdo(), subscription.List{File: strings.NewReader(file), Source: "salon"})
		if err != nil || !slices.Equal(report.Columns, want) {
			t.Errorf("columns = %q, %v; want %q", report.Columns, err, want)
		}
		if report.Outcomes[subscription.Added] != 1 || len(store.subscriptions) != 1 {
			t.Errorf("%q: %+v", file, report)
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
		strings.Repeat("L", 10<<20) + ",l@x.example,", // 13
		"M,m@x.example,",
	}, "\n")
	store, register := open(t)
	report, err := register.Import(t.Context(), hebdo(), subscription.List{File: strings.NewReader(file), Source: "salon"})
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

// A row that ends before what can tell who left, or whose cells may stand in the wrong columns, makes no reader: a file was cut off
// there, or a comma stands where none belongs.
func TestImportTakesNoRowThatMayHaveLostWhoLeft(t *testing.T) {
	const brevo = "CONTACT ID,EMAIL,FIRSTNAME,SMS,EMAIL_BLACKLIST,ADDED_TIME,MODIFIED_TIME\n"
	for name, file := range map[string]string{
		"an objection":        "email,name,unsubscribed\nok@x.example,Jo,no\na@x.example,Jea",
		"a status":            "email,status\nok@x.example,active\na@x.example",
		"a known program":     brevo + "1,ok@x.example,Jo,,No,2020-01-01,\n2,a@x.example,J",
		"a name with a comma": "email,name,status\nok@x.example,Jo,active\na@x.example,Dupont, Jean,unsubscribed\n",
	} {
		store, register := open(t)
		report, err := register.Import(t.Context(), hebdo(), subscription.List{File: strings.NewReader(file), Source: "salon"})
		if err != nil {
			t.Fatal(name, err)
		}
		if report.Refused != 1 || !slices.Equal(addresses(store), []string{"ok@x.example"}) {
			t.Errorf("%s: readers are %v; %+v", name, addresses(store), report)
		}
	}
}

// An address that needs SMTPUTF8 (RFC 6531) is taken where letters can go to it, as on the form. An objection from there
// counts all the same.
func TestImportTakesAddressesThatLettersCanGoTo(t *testing.T) {
	const file = "email,blocklisted\nhélène@x.example,no\nhelene@école.example,no\nzoé@x.example,yes\n"
	for name, in := range map[string]struct {
		takes   func() bool
		refused int
	}{
		"not known":        {nil, 1},
		"it does not":      {func() bool { return false }, 1},
		"it does, or file": {func() bool { return true }, 0},
	} {
		store, register := open(t)
		register.Rules.SMTPUTF8 = in.takes
		report, err := register.Import(t.Context(), hebdo(), subscription.List{File: strings.NewReader(file), Source: "salon"})
		if err != nil || report.Refused != in.refused || len(store.subscriptions) != 2-in.refused || report.Silenced != 1 {
			t.Errorf("%s: %+v, %v; readers %q", name, report, err, addresses(store))
		}
		if in.refused > 0 && (report.Refusals[0].Line != 2 || !strings.Contains(report.Refusals[0].Reason, "SMTPUTF8")) {
			t.Errorf("%s: refused %+v", name, report.Refusals)
		}
	}
}

func TestImportRefusesWhatIsNoList(t *testing.T) {
	for name, in := range map[string]struct{ file, says string }{
		"empty":              {"", "empty"},
		"another separator":  {"email|nom\na@x.example|A\n", "separated by comma, semicolon or tab"},
		"a heading twice":    {"email,nom;prénom,email\na@x.example,Dupont;Jo,b@x.example\n", "two columns are called email"},
		"Brevo, all of them": {"EMAIL,ADDED_TIME,MODIFIED_TIME\na@x.example,,\n", "does not say who unsubscribed"},
		"UTF-32":             {"e\x00\x00\x00m\x00\x00\x00a\x00\x00\x00", "not text"},
		"numbers":            {"\x01\x00\x02\x00\x03\x00\x04\x00\x05\x00", "not text"},
		"blank":              {"\n\n \n", "no heading"},
		"no such column":     {"nom,ville\nA,a@x.example\n", `"nom", "ville"`},
		"no heading":         {"a@x.example\nb@x.example\n", "an address instead"},
		"a picture":          {"\x89PNG\r\n\x1a\n\x00\x00\x00", "not text"},
		"a spreadsheet":      {"PK\x03\x04\x14\x00", "spreadsheet"},
		"thousands of them":  {strings.Repeat("c,", 4000) + "email\n", "4001 columns"},
		"one endless line":   {strings.Repeat("email,", 20_000), "longer than"},
		"a lost quote":       {"\"email,nom\n", "quotation mark"},
		"a late NUL":         {"email\x00\n", "not text"},
		"a mark of UTF-16":   {"\xff\xfeemail,nom\na@x.example,A\n", "says that it is UTF-16, and is not"},
		"a quote in heading": {`e"mail` + "\n", "quotation mark"},
	} {
		t.Run(name, func(t *testing.T) {
			store, register := open(t)
			_, err := register.Import(t.Context(), hebdo(), subscription.List{File: strings.NewReader(in.file), Source: "salon"})
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

	report, err := register.Import(t.Context(), hebdo(), subscription.List{File: strings.NewReader(file), Source: "salon"})
	if err != nil {
		t.Fatal(err)
	}
	want := subscription.Report{Format: subscription.FormatPlain, Encoding: "UTF-8", Rows: 7, Repeated: 3, Outcomes: map[subscription.Outcome]int{
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
	report, err := register.Import(t.Context(), hebdo(), subscription.List{File: list(500), Source: "salon", Progress: func(r subscription.Report) { seen = append(seen, r.Rows) }})
	if err != nil || report.Rows != 500 {
		t.Fatalf("Import = %+v, %v", report, err)
	}
	if diff := cmp.Diff([]int{200, 200, 100}, store.batches); diff != "" {
		t.Errorf("batches (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{200, 400, 500}, seen); diff != "" {
		t.Errorf("progress (-want +got):\n%s", diff)
	}
}

func TestImportLeavesTheFileToOthersBetweenBatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // a store in memory takes no time: what passes are the pauses
		_, register := open(t)
		began := time.Now()
		_, err := register.Import(t.Context(), hebdo(), subscription.List{File: strings.NewReader("email\n" + strings.Repeat("a@x.example\n", 700)), Source: "salon"})
		if took := time.Since(began); err != nil || took != 3*time.Millisecond {
			t.Errorf("Import of four batches = %v after %s, want three pauses", err, took)
		}
	})
}

func TestImportThatFailsTellsWhatIsDone(t *testing.T) {
	full := errors.New("disk full")
	store, register := open(t)
	store.fail, store.failAfter = full, 1
	report, err := register.Import(t.Context(), hebdo(), subscription.List{File: list(500), Source: "salon"})
	if !errors.Is(err, full) || report.Rows != 200 {
		t.Errorf("Import = %d rows, %v; want 200 rows and the store's error", report.Rows, err)
	}

	store, register = open(t)
	broken := io.MultiReader(strings.NewReader("email\na@x.example\n"), iotest.ErrReader(errors.New("cable cut")))
	report, err = register.Import(t.Context(), hebdo(), subscription.List{File: broken, Source: "salon"})
	if err == nil || report.Outcomes[subscription.Added] != 1 || len(store.subscriptions) != 1 {
		t.Errorf("Import = %+v, %v; want one added and the reader's error", report, err)
	}
}

func TestImportBoundsTheListOfRefusals(t *testing.T) {
	_, register := open(t)
	file := "email\n" + strings.Repeat("nobody\n", 5000)
	report, err := register.Import(t.Context(), hebdo(), subscription.List{File: strings.NewReader(file), Source: "salon"})
	if err != nil || report.Refused != 5000 || len(report.Refusals) != 1000 {
		t.Errorf("Import = %d refused, %d named, %v; want 5000, 1000", report.Refused, len(report.Refusals), err)
	}
}

func TestImportReadsEachFormat(t *testing.T) {
	const (
		begin   = "Email Address,First Name,Last Name,Company,Position,ZIP Code,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,"
		signed  = ",A,,,,,2,2018-02-12 10:54:27,,2018-02-12 10:54:27,,,,,,,,,"
		nothing = ",A,,,,,2,,,,,,,,,,,,"
	)
	for name, in := range map[string]struct {
		file    string
		want    subscription.Report
		sources []string // of the first readers
	}{
		"mailchimp": {begin + "LAST_CHANGED,LEID,EUID,NOTES,TAGS\na@x.example" + signed + ",1,2,,\nb@x.example" + nothing + ",3,4,,\n",
			subscription.Report{Format: subscription.FormatMailchimp, Rows: 2,
				Outcomes: map[subscription.Outcome]int{subscription.Added: 1}, Passed: map[subscription.Elsewhere]int{subscription.Unconfirmed: 1}},
			[]string{"salon; OPTIN_TIME 2018-02-12 10:54:27, CONFIRM_TIME 2018-02-12 10:54:27"}},
		"mailchimp unsubscribed": {begin + "UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,UNSUB_CAMPAIGN_ID,UNSUB_REASON,UNSUB_REASON_OTHER,LEID,EUID,NOTES,TAGS\n" +
			"a@x.example" + signed + "2019-01-01 00:00:00,,,,,1,2,,\nb@x.example" + signed + ",,,,,1,2,,\n",
			subscription.Report{Format: subscription.FormatMailchimp, Rows: 2, Silenced: 2, Passed: map[subscription.Elsewhere]int{subscription.Unsubscribed: 2}}, nil},
		"mailchimp cleaned": {begin + "CLEAN_TIME,CLEAN_CAMPAIGN_TITLE,CLEAN_CAMPAIGN_ID,LEID,EUID,NOTES,TAGS\n" +
			"a@x.example" + signed + "2019-01-01 00:00:00,,,1,2,,\nb@x.example" + signed + ",,,1,2,,\n",
			subscription.Report{Format: subscription.FormatMailchimp, Rows: 2, Silenced: 2, Passed: map[subscription.Elsewhere]int{subscription.Cleaned: 2}}, nil},
		"mailchimp, the files made one": {begin + "UNSUB_TIME,CLEAN_TIME,LAST_CHANGED,LEID,EUID,NOTES,TAGS\n" +
			"a@x.example" + signed + ",,,1,2,,\nb@x.example" + signed + "2019-01-01 00:00:00,,,1,2,,\nc@x.example" + signed + ",2019-01-01 00:00:00,,1,2,,\n",
			subscription.Report{Format: subscription.FormatMailchimp, Rows: 3, Silenced: 2, Outcomes: map[subscription.Outcome]int{subscription.Added: 1},
				Passed: map[subscription.Elsewhere]int{subscription.Unsubscribed: 1, subscription.Cleaned: 1}}, nil},
		"mailchimp with a status": {begin + "LAST_CHANGED,LEID,EUID,STATUS\na@x.example" + signed + ",1,2,Subscribed\nb@x.example" + signed + ",1,2,unsubscribed\n" +
			"c@x.example" + signed + ",1,2,cleaned\nd@x.example" + signed + ",1,2,pending\ne@x.example" + signed + ",1,2,archived\nf@x.example" + signed + ",1,2,odd\n",
			subscription.Report{Format: subscription.FormatMailchimp, Rows: 6, Silenced: 2, Refused: 1, Outcomes: map[subscription.Outcome]int{subscription.Added: 1},
				Passed: map[subscription.Elsewhere]int{subscription.Unsubscribed: 1, subscription.Cleaned: 1, subscription.Unconfirmed: 1, subscription.Deleted: 1}}, nil},
		"listmonk": {"uuid,email,name,attributes,status,created_at,updated_at\n1,a@x.example,A,\"{\"\"a\"\": 1}\",enabled,2020-01-01 00:00:00 +0000 UTC,\n2,b@x.example,,{},blocklisted,,\n3,c@x.example,,{},disabled,,\n4,d@x.example,,{},odd,,\n5,e@x.example,,{},,,\n",
			subscription.Report{Format: subscription.FormatListmonk, Rows: 5, Silenced: 1, Refused: 2, Outcomes: map[subscription.Outcome]int{subscription.Added: 1},
				Passed: map[subscription.Elsewhere]int{subscription.Unsubscribed: 1, subscription.Disabled: 1}},
			[]string{"salon; created_at 2020-01-01 00:00:00 +0000 UTC"}},
		"substack": {"email,active_subscription,expiry,email_disabled,created_at\na@x.example,,,false,2018-12-19T08:03:04.977Z\nb@x.example,true,2021-07-06T16:20:44.000Z,true,\nc@x.example,true,,perhaps,\nd@x.example,true,,,\n77@deletion-request.substack.com,,,false,\n",
			subscription.Report{Format: subscription.FormatSubstack, Rows: 5, Silenced: 1, Refused: 2, Outcomes: map[subscription.Outcome]int{subscription.Added: 1},
				Passed: map[subscription.Elsewhere]int{subscription.Unsubscribed: 1, subscription.Deleted: 1}},
			[]string{"salon; created_at 2018-12-19T08:03:04.977Z"}},
		"substack, who pays": {"email,expiry,email_disabled,stripe_connected_customer_id,type\na@x.example,2021-07-06T16:20:44.000Z,false,cus_1,paid\nb@x.example,,true,,comp\n",
			subscription.Report{Format: subscription.FormatSubstack, Rows: 2, Silenced: 1, Outcomes: map[subscription.Outcome]int{subscription.Added: 1},
				Passed: map[subscription.Elsewhere]int{subscription.Unsubscribed: 1}}, []string{"salon"}},
		"ghost": {"id,email,name,note,subscribed_to_emails,complimentary_plan,stripe_customer_id,created_at,deleted_at,labels,tiers\r\n1,a@x.example,A,,true,,,2019-10-30T14:52:08.000Z,,,\r\n2,b@x.example,,,false,,,,,,\r\n3,c@x.example,,,true,,,,2020-01-01,,\r\n4,d@x.example,,,,,,,,,\r\n",
			subscription.Report{Format: subscription.FormatGhost, Rows: 4, Silenced: 1, Refused: 1, Outcomes: map[subscription.Outcome]int{subscription.Added: 1},
				Passed: map[subscription.Elsewhere]int{subscription.Unsubscribed: 1, subscription.Deleted: 1}},
			[]string{"salon; created_at 2019-10-30T14:52:08.000Z"}},
		"brevo": {"EMAIL;ADDED_TIME;MODIFIED_TIME;EMAIL_MARKETING;DOUBLE_OPT-IN\na@x.example;12-04-2022;;Subscribed;1\nb@x.example;;;Unsubscribed;1\nc@x.example;;;Subscribed;2\nd@x.example;;;perhaps;\ne@x.example;;;;1\nf@x.example;;;subscribed;maybe\n",
			subscription.Report{Format: subscription.FormatBrevo, Rows: 6, Silenced: 1, Refused: 3, Outcomes: map[subscription.Outcome]int{subscription.Added: 1},
				Passed: map[subscription.Elsewhere]int{subscription.Unsubscribed: 1, subscription.Unconfirmed: 1}},
			[]string{"salon; ADDED_TIME 12-04-2022, DOUBLE_OPT-IN 1"}},
		"brevo with a column of objections": {"EMAIL;LASTNAME;SMS;EMAIL_BLACKLISTED;SMS_BLACKLISTED;ADDED_TIME;MODIFIED_TIME\na@x.example;A;;No;Yes;12-04-2022;\nb@x.example;B;;Yes;No;;\nc@x.example;C;;perhaps;No;;\nd@x.example;D;;;;;\n",
			subscription.Report{Format: subscription.FormatBrevo, Rows: 4, Silenced: 1, Refused: 1, Outcomes: map[subscription.Outcome]int{subscription.Added: 2},
				Passed: map[subscription.Elsewhere]int{subscription.Unsubscribed: 1}}, nil},
		"a plain list with columns of objections": {"email,Unsubscribed?,On the blocklist\na@x.example,no,0\nb@x.example,yes,no\nc@x.example,,true\nd@x.example,perhaps,\n",
			subscription.Report{Format: subscription.FormatPlain, Rows: 4, Silenced: 2, Refused: 1, Outcomes: map[subscription.Outcome]int{subscription.Added: 1},
				Passed: map[subscription.Elsewhere]int{subscription.Unsubscribed: 2}}, []string{"salon"}},
	} {
		t.Run(name, func(t *testing.T) {
			store, register := open(t)
			report, err := register.Import(t.Context(), hebdo(), subscription.List{File: strings.NewReader(in.file), Source: "salon"})
			if err != nil {
				t.Fatal(err)
			}
			in.want.Encoding = "UTF-8"
			if diff := cmp.Diff(in.want, report, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(subscription.Report{}, "Refusals", "Unread")); diff != "" {
				t.Errorf("report (-want +got):\n%s", diff)
			}
			for i, want := range in.sources {
				if got := store.consents[int64(i+1)]; len(got) != 1 || got[0].Source != want || !got[0].At.Equal(noon()) {
					t.Errorf("consent %d is %+v, want the source %q at the import", i, got, want)
				}
			}
			if len(store.suppressed) != in.want.Silenced {
				t.Errorf("%d are suppressed, want %d", len(store.suppressed), in.want.Silenced)
			}
		})
	}
}

// What a list of no known program says of people is heeded in whatever words people and programs say it.
func TestImportHeedsWhoLeft(t *testing.T) {
	const added, silenced, passed, refused = "added", "silenced", "passed over", "refused"
	for heading, cells := range map[string]map[string]string{
		"désinscrit": {"oui": silenced, "OUI": silenced, "x": silenced, "1": silenced, "vrai": silenced, "2024-01-31": silenced, "31/01/24": silenced,
			"non": added, "": added, "faux": added, "n": added, "peut-être": refused},
		"Désabonné le":               {"31/01/2024 à 12:00": silenced, "31 janv. 2024": silenced, "": added},
		"Opposition (RGPD)":            {"oui": silenced, "non": added},
		"Opposition au démarchage fax": {"oui": added},
		"Opposition téléphonique":      {"oui": added},
		"Opt-out":                      {"Y": silenced, "N": added},
		"HasOptedOutOfEmail":           {"true": silenced, "false": added},
		"Opted Out":                    {"yes": silenced, "adopted": refused},
		"email_disabled":               {"true": silenced, "false": added},
		"unsubscribed_at":              {"2024-01-31T12:00:00Z": silenced, "1706702400": silenced, "0000-00-00 00:00:00": added, "": added, "soon": refused},
		"Lien de désinscription":       {"https://x.example/1": added},
		"BLACKLIST":                    {"oui": silenced, "désabonné": silenced, "active": added},
		"bounced":                      {"true": silenced, "12": refused},
		"deleted_at":                   {"2024-01-31": passed, "": added},
		"subscribed":                   {"yes": added, "2024-01-31": added, "no": silenced, "": refused, "perhaps": refused},
		"Abonnée":                      {"oui": added, "non": silenced},
		"inscrit le":                   {"2024-01-31": added, "": added},
		"status": {"unsubscribed": silenced, "UNSUBSCRIBED ": silenced, "cleaned": silenced, "bounced": silenced, "blocked": silenced, "blacklisted": silenced,
			"opt-out": silenced, "complained": silenced, "inactive": passed, "disabled": passed, "pending": passed, "archived": passed,
			"active": added, "Subscribed": added, "enabled": added, "": added, "odd": refused, "1": refused},
		"Statut":                 {"désinscrit": silenced, "Désabonnée": silenced, "abonné": added, "Inscrite": added, "membre": refused},
		"ÉTAT":                   {"Désinscrit": silenced, "actif": added},
		"Statut de l'abonnement": {"désinscrit": silenced},
		"email_marketing":        {"unsubscribed": silenced, "subscribed": added},
		"état civil":             {"mariée": added},
		"State":                  {"NY": added},
	} {
		for cell, want := range cells {
			_, register := open(t)
			file := "email;" + heading + "\nx@x.example;" + cell + "\n"
			r, err := register.Import(t.Context(), hebdo(), subscription.List{File: strings.NewReader(file), Source: "salon"})
			got := ""
			switch {
			case err != nil:
				got = err.Error()
			case r.Silenced == 1:
				got = silenced
			case r.Refused == 1:
				got = refused
			case r.Outcomes[subscription.Added] == 1:
				got = added
			case len(r.Passed) == 1:
				got = passed
			}
			if got != want {
				t.Errorf("%q in the column %s is %s, want %s: %+v", cell, heading, got, want, r)
			}
		}
	}
}

func TestImportLetsAnObjectionOutweighTheRest(t *testing.T) {
	store, register := open(t)
	file := "email,deleted_at,unsubscribed,status\na@x.example,soon,,unsubscribed\nb@x.example,2024-01-01,yes,\nc@x.example,2024-01-01,,odd\nd@x.example,,no,active\n"
	r, err := register.Import(t.Context(), hebdo(), subscription.List{File: strings.NewReader(file), Source: "salon"})
	if err != nil || r.Silenced != 2 || r.Refused != 1 || !slices.Equal(addresses(store), []string{"d@x.example"}) {
		t.Errorf("Import = %+v, %v; readers %q", r, err, addresses(store))
	}
}

// What is left of an export may lack the very column that said who left.
func TestImportRefusesWhatIsLeftOfAnExport(t *testing.T) {
	for heading, says := range map[string]string{
		"Email Address,First Name,UNSUB_TIME,UNSUB_REASON": "the column unsub_time, as exports of mailchimp have, and lacks optin_time, confirm_time, leid",
		"email,UNSUB_REASON":        "mailchimp",
		"email,OPTIN_TIME":          "mailchimp",
		"email,MEMBER_RATING":       "mailchimp",
		"uuid,email,status":         "listmonk",
		"email,active_subscription": "substack",
		"email,complimentary_plan":  "ghost",
		"EMAIL,ADDED_TIME":          "brevo",
	} {
		_, register := open(t)
		_, err := register.Import(t.Context(), hebdo(), subscription.List{File: strings.NewReader(heading + "\n"), Source: "salon"})
		if !errors.Is(err, newsletter.ErrInvalid) || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), "--format csv") {
			t.Errorf("%s: %v, want it to say %q", heading, err, says)
		}
		if _, err := register.Import(t.Context(), hebdo(), subscription.List{
			File: strings.NewReader(heading + "\n"), Source: "salon", Format: subscription.FormatPlain,
		}); err != nil {
			t.Errorf("%s, forced: %v", heading, err)
		}
	}
}

// A format that is forced does not make a reader of who left.
func TestImportHeedsWhoLeftUnderAForcedFormat(t *testing.T) {
	for heading, row := range map[string]string{
		"Email Address,OPTIN_TIME,CONFIRM_TIME,UNSUB_TIME,LEID": "a@x.example,,2018-02-12 10:54:27,2019-01-01 00:00:00,1",
		"Email Address,OPTIN_TIME,CONFIRM_TIME,CLEAN_TIME,LEID": "a@x.example,,2018-02-12 10:54:27,2019-01-01 00:00:00,1",
		"uuid,email,attributes,status":                          "1,a@x.example,{},blocklisted",
		"email,email_disabled":                                  "a@x.example,true",
		"email,subscribed_to_emails":                            "a@x.example,false",
		"EMAIL,ADDED_TIME,MODIFIED_TIME,email_marketing":        "a@x.example,,,Unsubscribed",
	} {
		_, register := open(t)
		r, err := register.Import(t.Context(), hebdo(), subscription.List{
			File: strings.NewReader(heading + "\n" + row + "\n"), Source: "salon", Format: subscription.FormatPlain,
		})
		if err != nil || r.Silenced != 1 || r.Format != subscription.FormatPlain {
			t.Errorf("%s: %+v, %v", heading, r, err)
		}
	}
}

func TestImportNamesTheColumnsThatItDoesNotRead(t *testing.T) {
	for heading, want := range map[string][]string{
		"email":                                  nil,
		"nom,email,langue,statut,ville":          {"nom", "ville"},
		"email,mail,a@x.example,,unsubscribed":   nil,
		"email,email_disabled,created_at,expiry": {"expiry"},
	} {
		_, register := open(t)
		r, err := register.Import(t.Context(), hebdo(), subscription.List{File: strings.NewReader(heading + "\n"), Source: "salon"})
		if err != nil || !slices.Equal(r.Unread, want) {
			t.Errorf("%s: %q, %v; want %q", heading, r.Unread, err, want)
		}
	}
}

func TestImportInventsNoConsent(t *testing.T) {
	_, register := open(t)
	_, err := register.Import(t.Context(), hebdo(), subscription.List{File: strings.NewReader("email\na@x.example\n")})
	if !errors.Is(err, subscription.ErrNoSource) {
		t.Errorf("a plain list without a source gives %v", err)
	}
	brevo := "EMAIL;ADDED_TIME;MODIFIED_TIME;EMAIL_MARKETING;DOUBLE_OPT-IN\na@x.example;;;Subscribed;1\n"
	if _, err = register.Import(t.Context(), hebdo(), subscription.List{File: strings.NewReader(brevo)}); !errors.Is(err, subscription.ErrNoSource) {
		t.Errorf("an attribute that any upload may set gives %v", err)
	}
}

// An upload looks like many things in Mailchimp's export; only two dates apart, each with an address, are two acts of
// one person.
func TestImportTakesNoUploadForConsent(t *testing.T) {
	store, register := open(t)
	file := "Email Address,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LAST_CHANGED,LEID\n" + strings.Join([]string{
		"a@x.example,2018-02-12 10:54:27,192.0.2.1,2018-02-12 10:55:00,192.0.2.1,,1", // 2: signed up, and confirmed
		"b@x.example,,,2018-02-12 10:55:00,,,2",
		"c@x.example,,,2018-02-12 10:55:00,192.0.2.9,,3",
		"d@x.example,2018-02-12 10:54:27,,2018-02-12 10:54:27,,,4",
		"e@x.example,2018-02-12 10:54:27,,2018-02-12 10:54:27,192.0.2.9,,5",
		"f@x.example,2018-02-12 10:54:27,192.0.2.9,2018-02-12 10:54:27,192.0.2.9,,6",
		"g@x.example,2018-02-12 10:54:27,,2018-02-12 10:55:00,192.0.2.9,,7",
		"h@x.example,2018-02-12 10:54:27,192.0.2.9,2018-02-12 10:55:00,,,8",
		"i@x.example,2018-02-12 10:56:00,192.0.2.1,2018-02-12 10:55:00,192.0.2.1,,9",
		"j@x.example,once,192.0.2.1,later,192.0.2.1,,10",
	}, "\n")
	report, err := register.Import(t.Context(), hebdo(), subscription.List{File: strings.NewReader(file)})
	if err != nil || report.Refused != 9 || report.Outcomes[subscription.Added] != 1 {
		t.Errorf("Import = %+v, %v; want all but the first refused", report, err)
	}
	if diff := cmp.Diff([]string{"a@x.example"}, addresses(store)); diff != "" {
		t.Errorf("readers (-want +got):\n%s", diff)
	}
	if got := store.consents[1]; len(got) != 1 || got[0].Source != "OPTIN_TIME 2018-02-12 10:54:27, CONFIRM_TIME 2018-02-12 10:55:00" {
		t.Errorf("the record of consent is %+v", got)
	}
}

func TestImportForcesAFormat(t *testing.T) {
	store, register := open(t)
	file := "EMAIL,ADDED_TIME,MODIFIED_TIME\na@x.example,,\n"
	report, err := register.Import(t.Context(), hebdo(), subscription.List{File: strings.NewReader(file), Source: "salon", Format: subscription.FormatPlain})
	if err != nil || report.Format != subscription.FormatPlain || len(store.subscriptions) != 1 {
		t.Errorf("as plain CSV: %+v, %v", report, err)
	}
	_, err = register.Import(t.Context(), hebdo(), subscription.List{File: strings.NewReader(file), Source: "salon", Format: subscription.FormatGhost})
	if !errors.Is(err, newsletter.ErrInvalid) || !strings.Contains(err.Error(), "lacks the column subscribed_to_emails") {
		t.Errorf("as Ghost's: %v", err)
	}
}

func TestDryRunForeseesTheSame(t *testing.T) {
	file := "email\nnew@x.example\nNEW@x.example\nleft@x.example\nnobody\nsilent@x.example\n"
	reports := map[bool]subscription.Report{}
	for _, dry := range []bool{true, false} {
		store, register := open(t)
		store.add("hebdo", "left@x.example", newsletter.Unsubscribed)
		store.suppressed["silent@x.example"] = true
		report, err := register.Import(t.Context(), hebdo(), subscription.List{File: strings.NewReader(file), Source: "salon", DryRun: dry})
		if err != nil {
			t.Fatal(err)
		}
		if reports[dry] = report; dry && len(store.subscriptions) != 1 {
			t.Error("the dry run enrolled somebody")
		}
	}
	if diff := cmp.Diff(reports[false], reports[true]); diff != "" {
		t.Errorf("the dry run tells otherwise (-done +foreseen):\n%s", diff)
	}
}

func TestImportHandsOverEveryRefusedRow(t *testing.T) {
	_, register := open(t)
	var got []subscription.Refusal
	_, err := register.Import(t.Context(), hebdo(), subscription.List{
		File: strings.NewReader("email,nom\nnobody,A\n\"open,B\na@x.example,C\n\"x\ny\",D\n"), Source: "salon",
		Refused: func(r subscription.Refusal) error {
			r.Reason = ""
			got = append(got, r)
			return nil
		},
	})
	want := []subscription.Refusal{{Line: 2, Text: "nobody,A"}, {Line: 3, Text: "\"open,B"}, {Line: 5, Text: "\"x\ny\",D"}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("refused rows (-want +got), %v:\n%s", err, diff)
	}
}
