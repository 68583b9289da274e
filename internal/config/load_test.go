package config

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// here makes an empty folder the working directory and writes the files given as name, content, name, content.
func here(t *testing.T, files ...string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for i := 0; i < len(files); i += 2 {
		if err := os.MkdirAll(filepath.Dir(files[i]), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(files[i], []byte(files[i+1]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func load(t *testing.T, o Options) *Config {
	t.Helper()
	c, err := Load(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestLoad_WithoutAnythingIsTheDefaultWithItsEmptyPlacesFilled(t *testing.T) {
	here(t)
	got := load(t, Options{})

	want := Default()
	want.Operator.Address = "contact@pandia.example"
	want.Newsletters["hebdo"].Title = "La lettre de PandIA"
	want.Sender.Name = "PandIA"
	want.Sender.ReplyTo = "lettre@pandia.example"
	want.Sender.ReturnPath = "lettre@pandia.example"
	want.SMTP.Helo = "pandia.example"
	want.DKIM.Domain = "pandia.example"
	want.Newsletters["hebdo"].ListID = "hebdo.pandia.example"
	want.Newsletters["hebdo"].FeedbackID = "pandiaexample"
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Config{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLoad_OtherwiseStandsForAFileThatIsNotThere(t *testing.T) {
	here(t, "own.toml", "[site]\nname = \"Du fichier\"\n")
	o := Options{Otherwise: []byte("[site]\nname = \"Sans fichier\"\nurl = \"https://sans.fr\"\n"), Environ: []string{"FACTEUR_SITE_URL=https://environnement.fr"}}
	if got := load(t, o).Site; got.Name != "Sans fichier" || got.URL != "https://environnement.fr" {
		t.Errorf("without a file: %+v", got)
	}
	o.File = "own.toml"
	if got := load(t, o).Site; got.Name != "Du fichier" {
		t.Errorf("with a file: %+v", got)
	}
}

func TestLoad_LaterLayersWin(t *testing.T) {
	here(t, "facteur.toml", "data = \"from-file\"\n[site]\nname = \"Du fichier\"\nurl = \"https://fichier.fr\"\n[retry]\ngive_up = \"30d\"\n")
	got := load(t, Options{Data: "from-flag", Environ: []string{"FACTEUR_SITE_NAME=De l’environnement", "FACTEUR_DATA=from-env", "OTHER=x", "malformed"}})

	for key, want := range map[string]struct{ value, origin string }{
		"data":          {`"from-flag"`, "--data"},
		"site.name":     {`"De l’environnement"`, "FACTEUR_SITE_NAME"},
		"site.url":      {`"https://fichier.fr"`, "facteur.toml:4"},
		"retry.give_up": {`"30d"`, "facteur.toml:6"},
		"retry.unknown": {`"resend"`, "default"},
		"sender.name":   {`"De l’environnement"`, "from site.name"},
	} {
		v := value(t, got, key)
		if v.Text != want.value || v.Origin.String() != want.origin {
			t.Errorf("%s = %s from %s, want %s from %s", key, v.Text, v.Origin, want.value, want.origin)
		}
	}
	if got.Retry.GiveUp != Duration(30*24*time.Hour) {
		t.Errorf("give_up = %v", time.Duration(got.Retry.GiveUp))
	}
}

func value(t *testing.T, c *Config, key string) Value {
	t.Helper()
	for _, v := range c.Values() {
		if v.Key == key {
			return v
		}
	}
	t.Fatalf("no setting %s", key)
	return Value{}
}

func TestLoad_EveryKeyFollowsItsEnvironmentVariable(t *testing.T) {
	here(t, "templates/x", "", "secret", "geheim\n", "ca.pem", caPEM, "jetables", "a.example\n")
	values := map[string]string{
		"FACTEUR_PUBLISHER_CONTACT":             "redaction@journal.fr",
		"FACTEUR_PUBLISHER_LEGAL_URL":           "https://journal.fr/mentions",
		"FACTEUR_PUBLISHER_PRIVACY_URL":         "https://journal.fr/donnees",
		"FACTEUR_SITE_URL":                      "https://journal.fr",
		"FACTEUR_SITE_ACCENT":                   "#1f5a7a",
		"FACTEUR_SENDER_ADDRESS":                "lettre@journal.fr",
		"FACTEUR_SENDER_REPLY_TO":               "redaction@journal.fr",
		"FACTEUR_SENDER_RETURN_PATH":            "retours@journal.fr",
		"FACTEUR_OPERATOR_ADDRESS":              "admin@journal.fr",
		"FACTEUR_SMTP_URL":                      "smtps://lettre@relais.fr:465",
		"FACTEUR_SMTP_PASSWORD":                 "",
		"FACTEUR_SMTP_PASSWORD_FILE":            "secret",
		"FACTEUR_SMTP_HELO":                     "mx.journal.fr",
		"FACTEUR_SMTP_CONNECTIONS":              "7",
		"FACTEUR_SMTP_TIMEOUT":                  "2m",
		"FACTEUR_SMTP_CA_FILE":                  "ca.pem",
		"FACTEUR_DKIM_DOMAIN":                   "courrier.journal.fr",
		"FACTEUR_DKIM_ED25519_SELECTOR":         "ed",
		"FACTEUR_WEB_LISTEN":                    ":80",
		"FACTEUR_WEB_URL":                       "https://lettre.journal.fr",
		"FACTEUR_WEB_ORIGINS":                   `["https://journal.fr", "https://www.journal.fr"]`,
		"FACTEUR_WEB_TRUSTED_PROXIES":           `["127.0.0.1", "10.0.0.0/8"]`,
		"FACTEUR_SIGNUP_HOLD":                   "never",
		"FACTEUR_SIGNUP_PENDING":                "20d",
		"FACTEUR_SIGNUP_WORK":                   "12",
		"FACTEUR_SIGNUP_PER_CLIENT":             "6",
		"FACTEUR_SIGNUP_PER_NETWORK":            "60",
		"FACTEUR_SIGNUP_PER_HOUR":               "600",
		"FACTEUR_SIGNUP_ATTACK_FACTOR":          "8",
		"FACTEUR_SIGNUP_CHECK_DOMAINS":          "false",
		"FACTEUR_COLLECT_CHECK_LINKS":           "false",
		"FACTEUR_SIGNUP_DISPOSABLE_FILE":        "jetables",
		"FACTEUR_RETENTION_READERS":             "act",
		"FACTEUR_COLLECT_SCHEDULE":              "@hourly",
		"FACTEUR_COLLECT_PICTURE_NETWORKS":      `["10.1.0.0/16"]`,
		"FACTEUR_RETRY_GIVE_UP":                 "3d",
		"FACTEUR_RETRY_UNKNOWN":                 "hold",
		"FACTEUR_SEND_DRAIN":                    "1m",
		"FACTEUR_SEND_GROUPS":                   "always",
		"FACTEUR_SMTP_PIPELINING":               "never",
		"FACTEUR_TEMPLATES_DIR":                 "templates",
		"FACTEUR_LOG_LEVEL":                     "debug",
		"FACTEUR_LOG_FORMAT":                    "json",
		"FACTEUR_NEWSLETTERS_HEBDO_LANGUAGE":    "en",
		"FACTEUR_NEWSLETTERS_HEBDO_ZONE":        "America/Santiago",
		"FACTEUR_NEWSLETTERS_HEBDO_SCHEDULE":    "0 8 * * 1",
		"FACTEUR_NEWSLETTERS_HEBDO_LATE":        "skip",
		"FACTEUR_NEWSLETTERS_HEBDO_LEAD":        "picture",
		"FACTEUR_NEWSLETTERS_HEBDO_HORIZON":     "20d",
		"FACTEUR_NEWSLETTERS_HEBDO_MINIMUM":     "3",
		"FACTEUR_NEWSLETTERS_HEBDO_LIST_ID":     "lettre.journal.fr",
		"FACTEUR_NEWSLETTERS_HEBDO_SECTIONS":    `[{name="a",title="A",quota=1},{name="b",title="B",quota=2,brief=true}]`,
		"FACTEUR_NEWSLETTERS_HEBDO_FEEDBACK_ID": "journalfr",
		"FACTEUR_NEWSLETTERS_HEBDO_FORMER":      `["quotidien"]`,
		"FACTEUR_NEWSLETTERS_HEBDO_FAMILY":      "", // another newsletter would have to be of it
	}
	for _, s := range settings(Default()) {
		name := EnvName(s.key)
		if _, set := values[name]; set {
			continue
		}
		switch s.value.Interface().(type) {
		case Duration:
			values[name] = "7d"
		case string:
			values[name] = "texte"
		case int:
			values[name] = "7"
		case []string:
			values[name] = fmt.Sprintf(`["d%d.example"]`, len(values))
		default:
			t.Fatalf("no value for %s", name)
		}
	}
	var environ []string
	for name, v := range values {
		environ = append(environ, name+"="+v)
	}
	c := load(t, Options{Environ: environ})
	for _, v := range c.Values() {
		if got := v.Origin.String(); got != EnvName(v.Key) && v.Key != "smtp.password" {
			t.Errorf("%s came from %s", v.Key, got)
		}
		if want := values[EnvName(v.Key)]; v.Key != "smtp.password" && v.Key != "newsletters.hebdo.sections" && v.Text != want && strings.Trim(v.Text, `"`) != want {
			t.Errorf("%s = %s, want %s", v.Key, v.Text, want)
		}
	}
	if diff := cmp.Diff([]Section{{Name: "a", Title: "A", Quota: 1}, {Name: "b", Title: "B", Quota: 2, Brief: true}}, c.Newsletters["hebdo"].Sections); diff != "" {
		t.Errorf("sections (-want +got):\n%s", diff)
	}
	if c.SMTP.Password.Reveal() != "geheim" {
		t.Error("the password was not read from its file")
	}
}

func TestLoad_Newsletters(t *testing.T) {
	const quotidien = "[newsletters.quotidien]\ntitle = \"Le quotidien\"\nschedule = \"0 6 * * *\"\n" +
		"[[newsletters.quotidien.sections]]\nname = \"a\"\ntitle = \"A\"\nquota = 2\n[[newsletters.quotidien.sections]]\nname = \"b\"\ntitle = \"B\"\nquota = 3\n"
	tests := map[string]struct {
		file  string
		names []string
	}{
		"none in the file":        {"[site]\nname = \"X\"", []string{"hebdo"}},
		"another replaces hebdo":  {quotidien, []string{"quotidien"}},
		"hebdo named stays":       {quotidien + "[newsletters.hebdo]\n", []string{"hebdo", "quotidien"}},
		"an empty table is none":  {"[newsletters]\n", []string{"hebdo"}},
		"hebdo keeps what is not": {"newsletters.hebdo.title = \"Autre\"", []string{"hebdo"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			here(t, "facteur.toml", test.file)
			c := load(t, Options{})
			if diff := cmp.Diff(test.names, sortedKeys(c.Newsletters)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if q := c.Newsletters["quotidien"]; q != nil {
				want := []Section{{Name: "a", Title: "A", Quota: 2}, {Name: "b", Title: "B", Quota: 3}}
				if diff := cmp.Diff(want, q.Sections); diff != "" || q.Zone != "Europe/Paris" || q.Minimum != 1 || q.ListID != "quotidien.pandia.example" {
					t.Errorf("quotidien = %+v", q)
				}
			}
			if h := c.Newsletters["hebdo"]; h != nil && (h.Schedule != "0 7 * * 2" || len(h.Sections) != 5) {
				t.Errorf("hebdo lost its built-in values: %+v", h)
			}
		})
	}
}

func TestLoad_AShorterHorizonShortensTheFirst(t *testing.T) {
	here(t)
	c := load(t, Options{Environ: []string{"FACTEUR_NEWSLETTERS_HEBDO_HORIZON=5d"}})
	if got := c.Newsletters["hebdo"].FirstHorizon; got != Duration(5*day) {
		t.Errorf("first_horizon = %s", got)
	}
	if got := c.Origin("newsletters.hebdo.first_horizon").String(); got != "from newsletters.hebdo.horizon" {
		t.Errorf("origin = %s", got)
	}
}

func TestLoad_ANameMayHoldHyphensInTheEnvironmentToo(t *testing.T) {
	here(t, "facteur.toml", "newsletters.le-soir = {title=\"Soir\", schedule=\"0 19 * * *\", sections=[{name=\"a\",title=\"A\",quota=2}]}")
	c := load(t, Options{Environ: []string{"FACTEUR_NEWSLETTERS_LE_SOIR_MINIMUM=2"}})
	if c.Newsletters["le-soir"].Minimum != 2 {
		t.Errorf("minimum = %d", c.Newsletters["le-soir"].Minimum)
	}
}

func TestLoad_ARegionMakesNoDifferenceToALanguage(t *testing.T) {
	for given, want := range map[string]string{"fr": "fr", "en": "en", "fr-FR": "fr", "FR-ca": "fr", "en-Latn-GB": "en", "en-001": "en"} {
		here(t)
		c := load(t, Options{Environ: []string{"FACTEUR_NEWSLETTERS_HEBDO_LANGUAGE=" + given}})
		if got := c.Newsletters[BuiltIn].Language; got != want {
			t.Errorf("%s: %s, want %s", given, got, want)
		}
	}
}

func TestLoad_FileByFlagAndEnvironment(t *testing.T) {
	here(t, "a.toml", "site.name = \"A\"", "b.toml", "site.name = \"B\"", "facteur.toml", "site.name = \"default\"")
	env := []string{"FACTEUR_CONFIG=b.toml"}
	for want, o := range map[string]Options{"A": {File: "a.toml", Environ: env}, "B": {Environ: env}, "default": {}} {
		if got := load(t, o).Site.Name; got != want {
			t.Errorf("%+v: site.name = %q, want %q", o, got, want)
		}
	}
}

func TestLoad_PathsInTheFileStartFromItsFolder(t *testing.T) {
	here(t, "etc/facteur.toml", "data = \"../var\"\ntemplates.dir = \"tpl\"\n", "etc/tpl/x", "", "tpl/x", "")
	c := load(t, Options{File: "etc/facteur.toml"})
	if c.Data != "var" || c.Templates.Dir != filepath.Join("etc", "tpl") {
		t.Errorf("data = %q, templates.dir = %q", c.Data, c.Templates.Dir)
	}
	c = load(t, Options{File: "etc/facteur.toml", Environ: []string{"FACTEUR_TEMPLATES_DIR=tpl"}})
	if c.Templates.Dir != "tpl" {
		t.Errorf("templates.dir of the environment = %q", c.Templates.Dir)
	}
}

func TestLoad_HeloFollowsAPublicAddress(t *testing.T) {
	here(t)
	for url, want := range map[string]string{
		"https://Lettre.Journal.fr/": "lettre.journal.fr",
		"http://127.0.0.1:8025":      "pandia.example",
		"http://192.0.2.7":           "pandia.example",
		"http://serveur:8025":        "pandia.example",
		"http://x.localhost":         "pandia.example",
	} {
		c := load(t, Options{Environ: []string{"FACTEUR_WEB_URL=" + url}})
		if c.SMTP.Helo != want {
			t.Errorf("web.url %s: helo = %q, want %q", url, c.SMTP.Helo, want)
		}
		if strings.HasSuffix(c.Web.URL, "/") {
			t.Errorf("web.url kept its slash: %q", c.Web.URL)
		}
	}
}

func TestLoad_AMarkAtTheBeginningIsNoContent(t *testing.T) {
	here(t, "facteur.toml", "\ufeff[site]\r\nname = \"Windows\"\r\n")
	c := load(t, Options{})
	if got := c.Origin("site.name").String(); c.Site.Name != "Windows" || got != "facteur.toml:2" {
		t.Errorf("site.name = %q from %s", c.Site.Name, got)
	}
}

// TestDeployedExample holds the example settings to what the program knows.
func TestDeployedExample(t *testing.T) {
	c := load(t, Options{File: filepath.Join("..", "..", "deploy", "facteur.toml")})
	if c.SMTP.URL == "" || c.SMTP.Password != "" || c.SMTP.PasswordFile != "" {
		t.Errorf("the example must name a relay and leave the password to the credential: %+v", c.SMTP)
	}
	c.SMTP.Password = "x"
	if err := c.MayLeave(); err == nil || !strings.Contains(err.Error(), "sender.address") {
		t.Errorf("the example must not send before it was edited: %v", err)
	}
}
