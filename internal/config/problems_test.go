package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// full is a newsletter that lacks nothing.
const full = "title=\"T\"\nschedule=\"@daily\"\nsections=[{name=\"a\",title=\"A\",quota=1}]\n"

func TestLoad_Problems(t *testing.T) {
	tests := map[string]struct {
		file string
		env  []string
		what string
		do   string
	}{
		"unknown key":                {file: "[smtp]\nulr = \"\"", what: "facteur.toml:2: unknown key smtp.ulr", do: "did you mean smtp.url?"},
		"unknown key far from all":   {file: "\n\nxylophone = 1", what: "facteur.toml:3: unknown key xylophone", do: "the nearest known name is "},
		"unknown table":              {file: "[smpt]\nurl = \"\"", what: "facteur.toml:1: unknown key smpt", do: "did you mean smtp?"},
		"key of another table":       {file: "[send]\ngive_up = \"1d\"", what: "facteur.toml:2: unknown key send.give_up", do: "retry.give_up"},
		"unknown key in a section":   {file: "[newsletters.hebdo]\nsections = [\n {name=\"a\",title=\"A\",quota=1},\n {name=\"b\",title=\"B\",qouta=1}]", what: "facteur.toml:4: unknown key newsletters.hebdo.sections[2].qouta", do: "did you mean newsletters.hebdo.sections[2].quota?"},
		"unknown key in a [[table]]": {file: "[[newsletters.hebdo.sections]]\nname=\"a\"\ntitle=\"A\"\nquota=1\n[[newsletters.hebdo.sections]]\nnaem=\"b\"", what: "facteur.toml:6: unknown key newsletters.hebdo.sections[2].naem", do: "did you mean newsletters.hebdo.sections[2].name?"},
		"unknown variable":           {env: []string{"FACTEUR_SMTP_ULR=x"}, what: "FACTEUR_SMTP_ULR: no setting has this name", do: "did you mean FACTEUR_SMTP_URL?"},
		"variable like no other":     {env: []string{"FACTEUR_FOO=x"}, what: "FACTEUR_FOO: no setting has this name", do: "the nearest known name is FACTEUR_"},
		"key like no other":          {file: "newsletters.hebdo.foo=1", what: "unknown key newsletters.hebdo.foo", do: "the nearest known name is newsletters.hebdo."},
		"short key":                  {file: "smtp.ulr=1", what: "unknown key smtp.ulr", do: "did you mean smtp.url?"},
		"last part of a variable":    {env: []string{"FACTEUR_SMTP_PASSWORD_FIEL=x"}, what: "no setting has this name", do: "did you mean FACTEUR_SMTP_PASSWORD_FILE?"},
		"unknown newsletter in env":  {env: []string{"FACTEUR_NEWSLETTERS_HEDBO_TITLE=x"}, what: "FACTEUR_NEWSLETTERS_HEDBO_TITLE: no setting", do: "did you mean FACTEUR_NEWSLETTERS_HEBDO_TITLE?"},
		"variable of two settings":   {file: "[newsletters.a]\n" + full + "[newsletters.a-first]\n" + full, env: []string{"FACTEUR_NEWSLETTERS_A_FIRST_HORIZON=1d"}, what: "both newsletters.a.first_horizon and newsletters.a-first.horizon", do: "settings file"},

		"text for a number":       {file: "[smtp]\nconnections = \"four\"", what: `facteur.toml:2: smtp.connections is "four", expected a whole number`, do: "write for example connections = 4"},
		"number for a text":       {file: "[operator]\naddress = 5", what: "facteur.toml:2: operator.address is 5, expected a text", do: `write for example address = "exploitation@pandia.example"`},
		"number for a duration":   {file: "[retry]\ngive_up = 48", what: "facteur.toml:2: retry.give_up is 48, expected a duration", do: `write for example give_up = "2d"`},
		"no duration":             {file: "retry.give_up = \"two days\"", what: `retry.give_up is "two days", expected a duration`, do: `"2d"`},
		"no duration in env":      {env: []string{"FACTEUR_SEND_DRAIN=30"}, what: `FACTEUR_SEND_DRAIN: send.drain is "30", expected a duration`, do: "set for example FACTEUR_SEND_DRAIN='30s'"},
		"no number in env":        {env: []string{"FACTEUR_SMTP_CONNECTIONS="}, what: `FACTEUR_SMTP_CONNECTIONS: smtp.connections is "", expected a whole number`, do: "'4'"},
		"no TOML in env":          {env: []string{"FACTEUR_NEWSLETTERS_HEBDO_SECTIONS=a,b"}, what: "expected an array of tables", do: `FACTEUR_NEWSLETTERS_HEBDO_SECTIONS='[{name = "actualites"`},
		"two values in env":       {env: []string{"FACTEUR_NEWSLETTERS_HEBDO_SECTIONS=[]\nother=1"}, what: "expected an array of tables"},
		"section is no table":     {file: "newsletters.hebdo.sections=[1]", what: "facteur.toml:1: newsletters.hebdo.sections[1] is 1, expected a table"},
		"type inside a section":   {file: "newsletters.hebdo.sections=[{name=\"a\",title=\"A\",\nquota=\"8\"}]", what: `sections[1].quota is "8", expected a whole number`, do: "quota = 4"},
		"value where a table is":  {file: "smtp = \"smtp://x\"", what: `facteur.toml:1: smtp is a text, expected a table`, do: "[smtp]"},
		"newsletter is no table":  {file: "newsletters.x = 1", what: "newsletters.x is 1, expected a table"},
		"newsletters is no table": {file: "newsletters = []", what: "newsletters is an array, expected a table"},
		"not a choice":            {file: "[log]\nlevel = \"loud\"", what: `log.level is "loud", expected one of debug, info, warn, error`, do: `level = "info"`},
		"huge number":             {file: "[smtp]\nconnections = 99999999999", what: "smtp.connections is 99999999999, expected a whole number"},
		"line break in a name":    {file: "[sender]\nname = \"a\\r\\nBcc: b@c.fr\"", what: "sender.name holds a control character"},
		"not UTF-8 in env":        {env: []string{"FACTEUR_SITE_NAME=\xff"}, what: "FACTEUR_SITE_NAME: site.name holds a control character or is not UTF-8"},

		"text for a list":            {file: "[web]\norigins = \"https://pandia.fr\"", what: `facteur.toml:2: web.origins is "https://pandia.fr", expected a list of texts`, do: `write for example origins = ["https://www.pandia.example"]`},
		"number in a list":           {file: "[web]\norigins = [1]", what: "web.origins is 1, expected a list of texts"},
		"control in a list":          {file: "[web]\norigins = [\"https://a.fr\\n\"]", what: "web.origins holds a control character"},
		"no list in env":             {env: []string{"FACTEUR_WEB_TRUSTED_PROXIES=10.0.0.1"}, what: "web.trusted_proxies is \"10.0.0.1\", expected a list of texts", do: `FACTEUR_WEB_TRUSTED_PROXIES='["127.0.0.1"]'`},
		"text for a switch":          {file: "[signup]\ncheck_domains = \"maybe\"", what: `signup.check_domains is "maybe", expected true or false`, do: "check_domains = true"},
		"origin with a path":         {file: "[web]\norigins = [\"https://a.fr\", \"https://a.fr/b\"]", what: `web.origins: "https://a.fr/b": the pages stand at the top of a host`},
		"origin with a slash":        {file: "[web]\norigins = [\"https://a.fr/\"]", what: "without a slash at the end"},
		"proxy by name":              {file: "[web]\ntrusted_proxies = [\"proxy\"]", what: `"proxy": not an address or a network`},
		"pending shorter than link":  {file: "[signup]\npending = \"1d\"", what: `signup.pending is "1d": it must not be shorter than signup.link, 3d`},
		"pending for ever":           {file: "[signup]\npending = \"31d\"", what: "it must not be longer than 30d"},
		"work without end":           {file: "[signup]\nwork = 40", what: "signup.work is 40: it must be from 0 to 26"},
		"nobody may sign up":         {file: "[signup]\nper_hour = 0", what: "it must be from 1 to"},
		"an attack is always":        {file: "[signup]\nattack_factor = 1", what: "it must be from 2 to"},
		"throw-away file is missing": {file: "[signup]\ndisposable_file = \"nowhere\"", what: "there is no such file"},

		"more letters than people":   {file: "[send]\nper_day = 2000000000", what: "send.per_day is 2000000000: it must be from 0 to"},
		"no first letters":           {file: "[canary]\nletters = 0", what: "canary.letters: it must be from 1 to 1000"},
		"fewer letters than none":    {file: "[groups.orange]\nper_hour = -1", what: "groups.orange.per_hour is -1: it must be from 0 to"},
		"group's name":               {file: "[groups.Orange]\n", what: `facteur.toml:1: "Orange" cannot be the name of a group`, do: "[groups.orange]"},
		"group is no table":          {file: "groups.orange = 2", what: `groups.orange is 2, expected a table`, do: "[groups.orange]"},
		"group's key":                {file: "[groups.orange]\nper_hours = 5", what: "unknown key groups.orange.per_hours", do: "groups.orange.per_hour"},
		"group without rest":         {file: "[groups.orange]\nrest = \"0s\"", what: "it must be longer than nothing"},
		"domain in capitals":         {file: "[groups.x]\ndomains = [\"Orange.fr\"]", what: `"Orange.fr": not a domain in small letters`, do: `domains = ["orange.fr"]`},
		"domain of two groups":       {file: "[groups.x]\ndomains = [\"orange.fr\"]", what: `"orange.fr": it is in groups.orange already`},
		"selector in capitals":       {file: "[dkim]\nselector = \"S1\"", what: `dkim.selector is "S1": a key's name has small letters, digits, hyphens and dots`, do: `selector = "facteur-2026"`},
		"selector with a path":       {file: "[dkim]\nselector = \"../keys\"", what: "a key's name has small letters"},
		"selector with an end":       {file: "[dkim]\nselector = \"a; x=1\"", what: "a key's name has small letters"},
		"the second key alone":       {file: "[dkim]\ned25519_selector = \"ed\"", what: "facteur.toml:2: dkim.ed25519_selector is set and dkim.selector is not", do: "facteur dkim keygen"},
		"one name for both keys":     {file: "[dkim]\nselector = \"s\"\ned25519_selector = \"s\"", what: `facteur.toml:3: dkim.selector and dkim.ed25519_selector are both "s"`, do: "a name of its own"},
		"a key without a name":       {file: "[dkim]\nkey_file = \"k.pem\"", what: "facteur.toml:2: dkim.key_file is set and dkim.selector is not", do: "set dkim.selector"},
		"the second without a name":  {file: "[dkim]\nselector = \"s\"\ned25519_key_file = \"k.pem\"", what: "facteur.toml:3: dkim.ed25519_key_file is set and dkim.ed25519_selector is not", do: "set dkim.ed25519_selector"},
		"another's domain signs":     {file: "[dkim]\ndomain = \"relais.example\"", what: `facteur.toml:2: dkim.domain is "relais.example", which is not of the organisation of sender.address, pandia.example`, do: "take pandia.example"},
		"everybody's domain signs":   {file: "[sender]\naddress = \"a@journal.co.uk\"\n[dkim]\ndomain = \"co.uk\"", what: `dkim.domain is "co.uk", which is not of the organisation`},
		"what is no domain signs":    {file: "[dkim]\ndomain = \"Pandia.example\"", what: "not a domain in small letters"},
		"return path, another word":  {file: "[sender]\nreturn_path = \"retours+{id}@journal.fr\"", what: "sender.return_path is \"retours+{id}@journal.fr\": what stands in braces must be {token}, right before the @", do: "return_path = \"retours@pandia.example\""},
		"return path, token first":   {file: "[sender]\nreturn_path = \"{token}-retours@journal.fr\"", what: "{token}, right before the @"},
		"return path, token in host": {file: "[sender]\nreturn_path = \"retours@{token}.fr\"", what: "not a bare e-mail address"},
		"return path, two tokens":    {file: "[sender]\nreturn_path = \"{token}+{token}@journal.fr\"", what: "{token} may stand in it once"},
		"return path, long":          {file: "[sender]\nreturn_path = \"retours-de-la-lettre-heb-+{token}@journal.fr\"", what: "at most 24 characters may stand before {token}"},
		"return path, no domain":     {file: "[sender]\nreturn_path = \"retours+{token}@\"", what: "not a bare e-mail address"},
		"return path, no ASCII":      {file: "[sender]\nreturn_path = \"reçu+{token}@journal.fr\"", what: "it must be in ASCII"},
		"longest wait below first":   {file: "[retry]\nfirst = \"5h\"", what: "retry.longest is \"4h\": it must not be shorter than retry.first, 5h"},
		"no wait at all":             {file: "[retry]\nfirst = \"0s\"", what: "retry.first: it must be longer than nothing"},

		"newsletter's name":              {file: "[newsletters.Hebdo]\n", what: `facteur.toml:1: "Hebdo" cannot be the name of a newsletter`, do: "a–z"},
		"newsletter's name, two hyphens": {file: "[newsletters.hebdo--x]\n", what: `facteur.toml:1: "hebdo--x" cannot be the name of a newsletter`, do: "single hyphens"},
		"newsletter's name, 41 letters":  {file: "[newsletters." + strings.Repeat("a", 41) + "]\n", what: "cannot be the name of a newsletter", do: "up to 40"},
		"newsletter, no sections":        {file: "[newsletters.soir]\nschedule=\"@daily\"\ntitle=\"T\"", what: "newsletters.soir.sections: a newsletter needs at least one section", do: "sections = [{name"},
		"section twice":                  {file: "newsletters.hebdo.sections=[{name=\"a\",title=\"A\",quota=1},{name=\"a\",title=\"B\",quota=1}]", what: `section "a" stands twice`, do: `give one of them another name`},
		"section without name":           {file: "newsletters.hebdo.sections=[{title=\"A\",quota=1}]", what: "section 1 needs a name", do: `write for example name = "guides" in it`},
		"section's name":                 {file: "newsletters.hebdo.sections=[{name=\"a--b\",title=\"A\",quota=1}]", what: "section 1 needs a name", do: `write for example name = "guides" in it`},
		"section without title":          {file: "newsletters.hebdo.sections=[{name=\"a\",quota=1}]", what: `section "a" needs a title`, do: `title = "Guides"`},
		"section without quota":          {file: "newsletters.hebdo.sections=[{name=\"a\",title=\"A\"}]", what: `section "a" needs a quota`, do: `quota = 4`},
		"section's updated":              {file: "newsletters.hebdo.sections=[{name=\"a\",title=\"A\",quota=1,updated=101}]", what: `section "a" needs an updated from 0 to 100`, do: `updated = 20`},
		"section's minimum":              {file: "newsletters.hebdo.sections=[{name=\"a\",title=\"A\",quota=1,minimum=2}]", what: `section "a" needs a minimum from 0 to its quota, 1`, do: `lower its minimum, or raise its quota`},
		"one title, two sections":        {file: hebdoAndSoir("a", "Actualités", "b", "ACTUALITES !"), what: `newsletters.soir.sections: "ACTUALITES !" is section "b" here and section "a" of the newsletter "hebdo"`, do: "give both sections one name"},
		"one's title, another's name":    {file: hebdoAndSoir("a", "Actualités", "actualites", "À la une"), what: `"actualites" is section "actualites" here and section "a" of the newsletter "hebdo"`, do: "or other titles"},
		"zone":                           {file: "newsletters.hebdo.zone=\"Europe/Pari\"", what: `newsletters.hebdo.zone is "Europe/Pari": not the name of a time zone`, do: `zone = "Europe/Paris"`},
		"zone of the machine":            {file: "newsletters.hebdo.zone=\"Local\"", what: "not the name of a time zone"},
		"language":                       {file: "newsletters.hebdo.language=\"french\"", what: `newsletters.hebdo.language is "french", expected one of fr, en`, do: `language = "fr"`},
		"language without texts":         {file: "newsletters.hebdo.language=\"de\"", what: `facteur.toml:1: newsletters.hebdo.language is "de", expected one of fr, en`, do: `language = "fr"`},
		"region without texts":           {env: []string{"FACTEUR_NEWSLETTERS_HEBDO_LANGUAGE=de-AT"}, what: `language is "de-AT", expected one of fr, en`, do: "FACTEUR_NEWSLETTERS_HEBDO_LANGUAGE='fr'"},
		"no language":                    {file: "newsletters.hebdo.language=\"\"", what: `newsletters.hebdo.language is "", expected one of fr, en`},
		"no region":                      {file: "newsletters.hebdo.language=\"fr-\"", what: `newsletters.hebdo.language is "fr-", expected one of fr, en`},
		"schedule":                       {file: "newsletters.hebdo.schedule=\"\"", what: "newsletters.hebdo.schedule: it is missing or empty"},
		"first horizon too long":         {file: "newsletters.hebdo.first_horizon=\"40d\"", what: "newsletters.hebdo.first_horizon is 40d, longer than the horizon, 30d"},
		"former, and there":              {file: "newsletters.hebdo.former=[\"jadis\",\"hebdo\"]", what: `newsletters.hebdo.former: "hebdo": it is in the settings`, do: "name one family in both"},
		"former, and no name":            {file: "newsletters.hebdo.former=[\"La lettre\"]", what: `newsletters.hebdo.former: "La lettre": it cannot be the name of a newsletter`, do: `write for example former = ["quotidien"]`},
		"minimum":                        {file: "newsletters.hebdo.minimum=0", what: "newsletters.hebdo.minimum: it must be from 1"},
		"minimum out of reach":           {file: "newsletters.hebdo.minimum=3\nnewsletters.hebdo.sections=[{name=\"a\",title=\"A\",quota=1},{name=\"b\",title=\"B\",quota=1}]", what: "facteur.toml:1: newsletters.hebdo.minimum is 3, and its sections take 2 together: no edition would ever leave", do: "make it 2 or less, or raise their quotas"},
		"minimum, sections refused":      {file: "newsletters.hebdo.minimum=3\nnewsletters.hebdo.sections=[{name=\"a\",title=\"\",quota=1}]", what: `section "a" needs a title`},
		"list id":                        {file: "newsletters.hebdo.list_id=\"La lettre\"", what: `"La lettre": not a label under a domain`, do: "hebdo.pandia.example"},
		"feedback id, fields":            {file: "newsletters.hebdo.feedback_id=\"hebdo:sender\"", what: "without a colon"},
		"feedback id, short":             {file: "newsletters.hebdo.feedback_id=\"abc\"", what: "5 to 15 characters"},

		"sender":                  {file: "sender.address=\"PandIA <lettre@pandia.fr>\"", what: "not a bare e-mail address"},
		"sender, no domain":       {file: "sender.address=\"lettre\"", what: `facteur.toml:1: sender.address is "lettre": not a bare e-mail address`, do: `address = "lettre@pandia.example"`},
		"sender, empty":           {file: "sender.address=\"\"", what: "sender.address: it is missing or empty"},
		"sender, accents":         {file: "sender.address=\"lettre@pandié.fr\"", what: "it must be in ASCII"},
		"sender that is dead":     {file: "sender.address=\"No-Reply@pandia.fr\"", what: "answers must be read by somebody"},
		"answers that are dead":   {file: "sender.reply_to=\"ne-pas-repondre@pandia.fr\"", what: "answers must be read by somebody"},
		"operator":                {file: "operator.address=\"a@b@c\"", what: "operator.address is \"a@b@c\": not a bare e-mail address"},
		"accent":                  {file: "site.accent=\"red\"", what: "site.accent is \"red\": not a number sign and six hexadecimal digits"},
		"site":                    {file: "site.url=\"pandia.fr\"", what: "site.url is \"pandia.fr\": not a full http or https address"},
		"script as legal page":    {file: "publisher.legal_url=\"javascript:alert(1)\"", what: "not a full http or https address"},
		"pages below a path":      {file: "web.url=\"https://pandia.fr/lettre\"", what: "it must end after host and port"},
		"pages on accents":        {file: "web.url=\"https://pandié.fr\"", what: "xn--"},
		"listen":                  {file: "web.listen=\"8025\"", what: `web.listen is "8025": not a host and a port`, do: `listen = "127.0.0.1:8025"`},
		"listen port":             {file: "web.listen=\":http\"", what: "the port must be a number"},
		"no connection":           {file: "smtp.connections=0", what: "smtp.connections: it must be from 1 to 100"},
		"no window":               {file: "smtp.window=0", what: "smtp.window: it must be from 1 to 16"},
		"letters below none":      {file: "smtp.connection_letters=-1", what: "smtp.connection_letters is -1: it must be from 0 to 1000000"},
		"no time":                 {file: "smtp.timeout=\"0s\"", what: "smtp.timeout: it must be longer than nothing"},
		"helo":                    {file: "smtp.helo=\"mon serveur\"", what: "not a host name in ASCII"},
		"helo literal":            {file: "smtp.helo=\"[300.1.1.1]\"", what: "not an address literal"},
		"ca file missing":         {file: "smtp.ca_file=\"/nowhere.pem\"", what: `smtp.ca_file is "/nowhere.pem": it cannot be read`},
		"ca file without content": {file: "smtp.ca_file=\"facteur.toml\"", what: "no certificate in PEM form"},
		"templates missing":       {file: "templates.dir=\"/nowhere\"", what: "there is no such folder"},

		"syntax":            {file: "[site]\nname = PandIA", what: "facteur.toml:2: toml:", do: "double quotes"},
		"key twice":         {file: "[log]\nlevel=\"info\"\nlevel=\"warn\"", what: "facteur.toml:3: toml:", do: "each key stands once"},
		"not UTF-8":         {file: "[site]\nname = \"Actualit\xe9s\"", what: "facteur.toml:2: the settings file is not UTF-8", do: "UTF-8"},
		"too large":         {file: strings.Repeat("#", maxFile+1), what: "the file is too large"},
		"missing secret":    {file: "smtp.password_file=\"/nowhere\"", what: "facteur.toml:1: cannot read the file with smtp.password: open /nowhere", do: "write the secret alone into it"},
		"empty secret":      {file: "smtp.password_file=\"empty\"", what: "empty does not hold one line of text"},
		"secret and file":   {file: "smtp.password=\"x\"\nsmtp.password_file=\"empty\"", what: "facteur.toml:1: smtp.password and smtp.password_file are both set", do: "keep one"},
		"secret is a table": {file: "smtp.password={a=1}", what: "smtp.password is not a text, expected a text"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			here(t, "facteur.toml", test.file, "empty", "\n")
			_, err := Load(Options{Environ: test.env})
			var all *Error
			if !errors.As(err, &all) {
				t.Fatalf("err = %v, want a problem with %q", err, test.what)
			}
			if len(all.Problems) != 1 {
				t.Errorf("%d problems:\n%v", len(all.Problems), err)
			}
			p := all.Problems[0]
			if !strings.Contains(p.What, test.what) || !strings.Contains(p.Do, test.do) || p.Do == "" || strings.Contains(p.What+p.Do, "\n") {
				t.Errorf("got  %s\n     %s\nwant %s\n     %s", p.What, p.Do, test.what, test.do)
			}
		})
	}
}

func TestLoad_AllProblemsAtOnceInTheOrderOfTheFile(t *testing.T) {
	here(t, "facteur.toml", "zzz = 1\n[web]\nlisten = 1\n[log]\nlevel = \"loud\"\nfromat = \"json\"\n[site]\nurl = \"nope\"\n")
	_, err := Load(Options{Environ: []string{"FACTEUR_SEND_DRIAN=1s"}})
	var all *Error
	if !errors.As(err, &all) {
		t.Fatal(err)
	}
	want := []string{"facteur.toml:1:", "facteur.toml:3:", "facteur.toml:5:", "facteur.toml:6:", "FACTEUR_SEND_DRIAN:", "facteur.toml:8:"}
	for i, w := range want {
		if i >= len(all.Problems) || !strings.HasPrefix(all.Problems[i].What, w) {
			t.Fatalf("problem %d does not begin with %s:\n%v", i+1, w, err)
		}
	}
	if got := strings.Count(err.Error(), "\n") + 1; got != 2*len(want) {
		t.Errorf("%d lines for %d problems:\n%v", got, len(want), err)
	}
}

func TestLoad_TheNamedFileMustBeThere(t *testing.T) {
	here(t)
	for _, o := range []Options{{File: "x.toml"}, {Environ: []string{"FACTEUR_CONFIG=x.toml"}}} {
		if _, err := Load(o); err == nil || !strings.Contains(err.Error(), "x.toml is not there") {
			t.Errorf("%+v: err = %v", o, err)
		}
	}
	if err := os.Mkdir("facteur.toml", 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(Options{}); err == nil || !strings.Contains(err.Error(), "cannot read the settings file") {
		t.Errorf("a folder: err = %v", err)
	}
}

// TestNoErrorShowsASecret tries the places in which a password may be written by mistake.
func TestNoErrorShowsASecret(t *testing.T) {
	const secret = "hunter2"
	files := map[string]string{
		"in the relay's address":        "smtp.url = \"smtp://user:hunter2@host:587\"",
		"in an address that is none":    "smtp.url = \"smtp://user:hun%ter2hunter2@host:587\"",
		"in the place of the table":     "smtp = \"smtp://user:hunter2@host:587\"",
		"with a hash":                   "smtp.url = \"smtp://user:hunter2#x@host:587\"",
		"without quotes":                "[smtp]\npassword = hunter2",
		"with an open quote":            "[smtp]\npassword = \"hunter2",
		"with a line break":             "[smtp]\npassword = \"hunter2\\n\"",
		"as an array":                   "[smtp]\npassword = [\"hunter2\"]",
		"twice":                         "[smtp]\npassword = \"hunter2\"\npassword = \"hunter2\"",
		"under an unknown key":          "[smtp]\npasswd = \"hunter2\"",
		"as a table":                    "[smtp.password]\nhunter2 = 1",
		"beside its file":               "[smtp]\npassword = \"hunter2\"\npassword_file = \"s\"",
		"in a file of more than a line": "[smtp]\npassword_file = \"s\"",
		"beside a relay that is none":   "[smtp]\npassword = \"hunter2\"\nurl = \"ftp://x\"",
	}
	for name, file := range files {
		t.Run(name, func(t *testing.T) {
			here(t, "facteur.toml", file, "s", "hunter2\nhunter2\n")
			_, err := Load(Options{})
			if err == nil || strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), secret) {
				t.Errorf("err = %v", err)
			}
		})
	}
	t.Run("in the environment", func(t *testing.T) {
		here(t)
		_, err := Load(Options{Environ: []string{"FACTEUR_SMTP_URL=smtps://u:hunter2@h", "FACTEUR_SMTP_PASSWORT=hunter2", "FACTEUR_SMTP_PASSWORD=hunter2\x01"}})
		if err == nil || strings.Contains(err.Error(), secret) || !strings.Contains(err.Error(), "smtp.password_file") {
			t.Errorf("err = %v", err)
		}
	})
}

func TestLoad_SecretsFromFiles(t *testing.T) {
	tests := map[string]struct {
		file string
		env  []string
		want string
		from string
	}{
		"a key names the file":              {file: "smtp.password_file = \"secrets/one\"", want: "one", from: "secret file secrets/one"},
		"a variable names the file":         {env: []string{"FACTEUR_SMTP_PASSWORD_FILE=secrets/one"}, want: "one", from: "secret file secrets/one"},
		"systemd's credential":              {env: []string{"CREDENTIALS_DIRECTORY=creds"}, want: "credential", from: "credential creds/smtp.password"},
		"a folder without it":               {env: []string{"CREDENTIALS_DIRECTORY=secrets"}, want: "", from: "default"},
		"the key goes before the credental": {file: "smtp.password = \"plain\"", env: []string{"CREDENTIALS_DIRECTORY=creds"}, want: "plain", from: "facteur.toml:1"},
		"the variable before the file":      {file: "smtp.password_file = \"secrets/one\"", env: []string{"FACTEUR_SMTP_PASSWORD=env"}, want: "env", from: "FACTEUR_SMTP_PASSWORD"},
		"the variable's file before a key":  {file: "smtp.password = \"plain\"", env: []string{"FACTEUR_SMTP_PASSWORD_FILE=secrets/one"}, want: "one", from: "secret file secrets/one"},
		"only the line end is dropped":      {env: []string{"FACTEUR_SMTP_PASSWORD_FILE=secrets/spaces"}, want: " a b ", from: "secret file secrets/spaces"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			here(t, "facteur.toml", test.file, "secrets/one", "one\n", "secrets/spaces", " a b \r\n", "creds/smtp.password", "credential")
			c := load(t, Options{Environ: test.env})
			if got := c.SMTP.Password.Reveal(); got != test.want {
				t.Errorf("password = %q, want %q", got, test.want)
			}
			if got := filepath.ToSlash(c.Origin("smtp.password").String()); got != test.from {
				t.Errorf("origin = %s, want %s", got, test.from)
			}
		})
	}
}

// hebdoAndSoir are two newsletters with a section each, by its name and title.
func hebdoAndSoir(name, title, otherName, otherTitle string) string {
	return fmt.Sprintf("newsletters.hebdo.sections=[{name=%q,title=%q,quota=1}]\n[newsletters.soir]\nschedule=\"@daily\"\ntitle=\"T\"\nsections=[{name=%q,title=%q,quota=1}]",
		name, title, otherName, otherTitle)
}
