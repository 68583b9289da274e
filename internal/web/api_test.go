package web_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

func program(kind, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/api/v1/subscriptions", strings.NewReader(body))
	r.Header.Set("Content-Type", kind)
	return r
}

// What a program misspells is refused, and nothing can be read in two ways.
func TestTheEndpointReadsStrictly(t *testing.T) {
	const kind = "application/json"
	told := map[string]string{} // reasons by their sentences
	for name, row := range map[string]struct {
		kind, body    string
		status        int
		reason, field string
	}{
		"all":                 {kind, `{"email":"a@b.fr","newsletters":["hebdo"],"stamp":"s","solution":"1","website":"","wording":"","sure":true}`, 200, "", ""},
		"nothing":             {kind, `{}`, 200, "", ""},
		"with a charset":      {kind + "; charset=utf-8", ` {"email":"é@b.fr"} `, 200, "", ""},
		"another kind":        {"text/plain", `{"email":"a@b.fr"}`, 415, "content-type", ""},
		"a form":              {urlencoded, "email=a@b.fr", 415, "content-type", ""},
		"no kind":             {"", `{}`, 415, "content-type", ""},
		"an unknown field":    {kind, `{"email":"a@b.fr","name":"Léa"}`, 400, "field-unknown", "name"},
		"another case":        {kind, `{"Email":"a@b.fr"}`, 400, "field-unknown", "Email"},
		"a field twice":       {kind, `{"email":"a@b.fr","email":"c@d.fr"}`, 400, "field-twice", "email"},
		"two objects":         {kind, `{"email":"a@b.fr"}{}`, 400, "trailing", ""},
		"something behind":    {kind, `{"email":"a@b.fr"} x`, 400, "trailing", ""},
		"an array":            {kind, `["a@b.fr"]`, 400, "not-object", ""},
		"null":                {kind, `null`, 400, "not-object", ""},
		"another type":        {kind, `{"email":["a@b.fr"]}`, 400, "field-type", "email"},
		"a nested newsletter": {kind, `{"newsletters":[["hebdo"]]}`, 400, "field-type", "newsletters"},
		"a cut":               {kind, `{"email":"a@b.fr"`, 400, "not-json", ""},
		"no JSON":             {kind, `email=a@b.fr`, 400, "not-json", ""},
		"a colon too few":     {kind, `{"email" "a@b.fr"}`, 400, "not-json", ""},
		"a long name":         {kind, `{"` + strings.Repeat("é", 100) + `":1}`, 400, "field-unknown", strings.Repeat("é", 20)},
		"empty":               {kind, ``, 400, "empty-body", ""},
		"not UTF-8":           {kind, "{\"email\":\"\xff@b.fr\"}", 400, "not-utf8", ""},
		"too large":           {kind, `{"email":"` + strings.Repeat("a", 8<<10) + `"}`, 413, "too-large", ""},
	} {
		h, d := counter(t)
		answer := ask(h, program(row.kind, row.body))
		var a struct{ Verdict, Reason, Field, Message string }
		if err := json.NewDecoder(answer.Body).Decode(&a); err != nil {
			t.Errorf("%s: no JSON: %v", name, err)
		}
		if row.reason != "" && (a.Reason != row.reason || a.Field != row.field || !strings.Contains(a.Message, row.field)) {
			t.Errorf("%s: told %+v, want the reason %s and the field %q", name, a, row.reason, row.field)
		}
		if other, twice := told[a.Message]; twice && other != a.Reason {
			t.Errorf("%s: %s and %s are told alike", name, other, a.Reason)
		}
		told[a.Message] = a.Reason
		if answer.StatusCode != row.status || a.Message == "" || (a.Verdict == "refused") != (row.status != 200) || a.Reason == "" {
			t.Errorf("%s: status %d, %+v; want %d", name, answer.StatusCode, a, row.status)
		}
		for _, leaning := range []string{"Elle ", "arrière", "cette page", "bouton de la page"} {
			if a.Verdict == "refused" && strings.Contains(a.Message, leaning) {
				t.Errorf("%s: %q leans on a page", name, a.Message)
			}
		}
		if len(d.handed) > 0 {
			t.Errorf("%s: the story is handed %v", name, d.handed)
		}
	}
}

func TestTheEndpointGivesAFreshForm(t *testing.T) {
	h, _ := counter(t)
	version, _ := wording(t, h)
	for body, fresh := range map[string]bool{
		`{"stamp":"old","wording":"` + version + `"}`: true,
		`{"stamp":"ok","wording":"` + version + `"}`:  false, // a mistake: the stamp is good for another try
		`{}`: true,
	} {
		var a struct {
			Form *struct {
				Stamp, Wording, Consent string
				Bits                    int
			}
		}
		if err := json.NewDecoder(ask(h, program("application/json", body)).Body).Decode(&a); err != nil {
			t.Fatal(err)
		}
		if got := a.Form != nil && a.Form.Stamp != "" && a.Form.Bits == 4 && a.Form.Wording != "" && a.Form.Consent != ""; got != fresh {
			t.Errorf("%s: form %+v, want one: %v", body, a.Form, fresh)
		}
	}
}

// Who is in doubt is asked in the words of our own page, in the language of the text that was read.
func TestTheEndpointNamesTheButtons(t *testing.T) {
	h, _ := counter(t)
	version, _ := wording(t, h)
	var a struct{ Verdict, Suggestion, Instead, Keep string }
	body := typed{email: "lea@gmial.com", newsletters: []string{"hebdo"}, stamp: "ok", wording: version}
	if err := json.NewDecoder(ask(h, body.script()).Body).Decode(&a); err != nil {
		t.Fatal(err)
	}
	if a.Verdict != "doubtful" || a.Suggestion != "lea@gmail.com" || a.Instead != "Oui, lea@gmail.com" || a.Keep != "Non, garder mon adresse" {
		t.Errorf("the answer is %+v", a)
	}
}

// Only pages of the allowed origins read the answers, and nobody sends credentials (WHATWG Fetch §3.3).
func TestOriginsAreExact(t *testing.T) {
	h, d := counter(t)
	for origin, allowed := range map[string]bool{
		host: true, "": false, "null": false, "https://pandia.example.evil.example": false, "http://pandia.example": false,
		"https://PANDIA.example": false, "https://pandia.example:8443": false, "https://evil.example": false,
	} {
		for _, r := range []*http.Request{
			httptest.NewRequest(http.MethodOptions, "/api/v1/form", nil), httptest.NewRequest(http.MethodOptions, "/api/v1/subscriptions", nil),
			httptest.NewRequest(http.MethodGet, "/api/v1/form", nil), program("application/json", "{}"), program("text/plain", ""),
		} {
			if origin != "" {
				r.Header.Set("Origin", origin)
			}
			answer := ask(h, r)
			header := answer.Header
			want := ""
			if allowed {
				want = origin
			}
			if got := header.Get("Access-Control-Allow-Origin"); got != want {
				t.Errorf("%s %s from %q: allowed for %q", r.Method, r.URL.Path, origin, got)
			}
			if !slices.Equal(header.Values("Vary"), []string{"Origin"}) || header.Get("Access-Control-Allow-Credentials") != "" {
				t.Errorf("%s %s from %q: %v", r.Method, r.URL.Path, origin, header)
			}
			if r.Method == http.MethodOptions && (answer.StatusCode != 204 || (header.Get("Access-Control-Allow-Headers") == "Content-Type") != allowed) {
				t.Errorf("preflight of %s from %q: status %d, %v", r.URL.Path, origin, answer.StatusCode, header)
			}
		}
	}
	if len(d.handed) > 0 {
		t.Errorf("a preflight signs up: %v", d.handed)
	}
}

func TestTheEndpointsMethods(t *testing.T) {
	h, d := counter(t)
	for path, row := range map[string]struct{ allow, good string }{
		"/api/v1/form": {"GET, HEAD", "GET HEAD OPTIONS"}, "/api/v1/subscriptions": {"POST", "OPTIONS"},
	} {
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} {
			if path == "/api/v1/subscriptions" && method == "POST" {
				continue
			}
			answer := ask(h, httptest.NewRequest(method, path, nil))
			bad := answer.StatusCode == http.StatusMethodNotAllowed
			if bad == strings.Contains(row.good, method) || bad && (answer.Header.Get("Allow") != row.allow || answer.Header.Get("Content-Type") != "application/json") {
				t.Errorf("%s %s: status %d, %v", method, path, answer.StatusCode, answer.Header)
			}
		}
	}
	if len(d.handed) > 0 {
		t.Errorf("somebody signs up: %v", d.handed)
	}
}

func TestFaultsAreToldToPrograms(t *testing.T) {
	h, d := counter(t)
	version, _ := wording(t, h)
	d.fault = io.ErrUnexpectedEOF
	answer := ask(h, typed{wording: version}.script())
	if answer.StatusCode != 500 || answer.Header.Get("Access-Control-Allow-Origin") != host || len(answer.Header.Values("Access-Control-Allow-Origin")) != 1 {
		t.Errorf("status %d, %v", answer.StatusCode, answer.Header)
	}
	if got := said(t, answer); !strings.Contains(got, "La faute est de notre côté") {
		t.Errorf("says %q", got)
	}
}

func TestTheScriptsAreSmallAndOurs(t *testing.T) {
	h, _ := counter(t)
	for path, most := range map[string]int{"/static/inscription.js": 3 << 10, "/static/travail.js": 3 << 10} {
		answer := get(h, path)
		script, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		if len(script) > most || len(script) == 0 {
			t.Errorf("%s has %d bytes, want at most %d", path, len(script), most)
		}
		if kind := answer.Header.Get("Content-Type"); kind != "text/javascript; charset=utf-8" {
			t.Errorf("%s: Content-Type %q", path, kind)
		}
		foreign := strings.NewReplacer(`import(at("static/travail.js"))`, "", "import.meta.url", "").Replace(string(script))
		for _, banned := range []string{"http:", "https:", "import", "cookie", "localStorage", "innerHTML", "eval"} {
			if strings.Contains(foreign, banned) {
				t.Errorf("%s holds %q", path, banned)
			}
		}
	}
	if shared := get(h, "/static/travail.js").Header.Get("Access-Control-Allow-Origin"); shared != "*" {
		t.Errorf("other sites' pages may load the module from %q", shared)
	}
}
