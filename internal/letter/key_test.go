package letter_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"strings"
	"testing"

	"facteur/internal/letter"
)

func pkcs1(t testing.TB, bits int) []byte {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
}

func elliptical(t testing.TB) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

func TestParseKey(t *testing.T) {
	for name, test := range map[string]struct {
		text []byte
		want string // part of the refusal; empty: it is taken
	}{
		"of an older program": {pkcs1(t, 2048), ""},
		"longer":              {pkcs1(t, 3072), ""},
		"too short":           {pkcs1(t, 1024), "its RSA key has 1024 bits; letters are signed with 2048 to 4096"},
		"of another kind":     {elliptical(t), "neither of RSA nor of Ed25519"},
		"no key":              {[]byte("v=DKIM1; p=secret"), "no private key in PEM form"},
		"another thing":       {pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte("secret")}), "no private key that can be read"},
		"empty":               {nil, "no private key in PEM form"},
	} {
		t.Run(name, func(t *testing.T) {
			key, err := letter.ParseKey("pandia.example", "r2026", test.text)
			if test.want == "" {
				if err != nil || key.Algorithm() != letter.RSA {
					t.Errorf("%v, %v", key, err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "secret") {
				t.Errorf("err = %v, want %q", err, test.want)
			}
		})
	}
}

func TestRecord(t *testing.T) {
	for _, key := range bothKeys(t) {
		r, err := key.Record()
		if err != nil {
			t.Fatal(err)
		}
		if want := string(key.Algorithm())[:1] + "2026._domainkey.pandia.example"; r.Name != want {
			t.Errorf("name %q, want %q", r.Name, want)
		}
		if !strings.HasPrefix(r.Text, "v=DKIM1; k="+string(key.Algorithm())+"; p=") {
			t.Errorf("text %q", r.Text)
		}
		parts := r.Strings()
		if strings.Join(parts, "") != r.Text || len(parts) != 1+len(r.Text)/256 {
			t.Errorf("%d strings of %d octets: %q", len(parts), len(r.Text), parts)
		}
		for _, part := range parts {
			if len(part) > 255 || part == "" {
				t.Errorf("a string of %d octets", len(part))
			}
		}
	}
}

func TestMatchRecord(t *testing.T) {
	keys, others := bothKeys(t), bothKeys(t)
	key := keys[0]
	p := func(k *letter.Key) string {
		r, err := k.Record()
		if err != nil {
			t.Fatal(err)
		}
		return r.Text[strings.Index(r.Text, "p="):]
	}
	own := p(key)
	for name, test := range map[string]struct {
		texts []string
		want  string // part of the refusal; empty: it fits
	}{
		"as it is printed":          {[]string{"v=DKIM1; k=rsa; " + own}, ""},
		"without what may be left":  {[]string{own}, ""},
		"with all there is":         {[]string{"v=DKIM1; h=sha1 : sha256; k=rsa; n=a note; s=other:email; t=s; " + own + ";"}, ""},
		"broken within the key":     {[]string{"v=DKIM1;k=rsa;" + own[:90] + " \t" + own[90:]}, ""},
		"none":                      {nil, "there is no TXT record"},
		"two":                       {[]string{own, own}, "there are 2 TXT records of one name"},
		"another key":               {[]string{"v=DKIM1; k=rsa; " + p(others[0])}, "the record is of another key"},
		"of the other kind":         {[]string{"v=DKIM1; k=ed25519; " + p(keys[1])}, `for "ed25519", and this one is for "rsa"`},
		"of the other kind, unsaid": {[]string{p(keys[1])}, "the record is of another key"},
		"revoked":                   {[]string{"v=DKIM1; p="}, "revoked"},
		"no key in it":              {[]string{"v=DKIM1; k=rsa"}, "revoked"},
		"cut off":                   {[]string{"v=DKIM1; " + own[:len("p=")+200]}, "the record is of another key"},
		"not base64":                {[]string{"p=é"}, "not base64"},
		"another record":            {[]string{"v=spf1 -all"}, `the version "spf1-all"`},
		"the version late":          {[]string{own + "; v=DKIM1"}, "v= must come first"},
		"twice the same":            {[]string{own + "; " + own}, "p= stands twice"},
		"no tags":                   {[]string{"hello"}, "is no tag"},
		"a test":                    {[]string{"t=s:y; " + own}, "a test (t=y)"},
		"another hash":              {[]string{"h=sha1; " + own}, `hashes "sha1"`},
		"another service":           {[]string{"s=other; " + own}, `services "other"`},
	} {
		t.Run(name, func(t *testing.T) {
			err := key.MatchRecord(test.texts)
			if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
				t.Errorf("err = %v, want %q", err, test.want)
			}
		})
	}
	if err := keys[1].MatchRecord([]string{"v=DKIM1; k=ed25519; " + p(keys[1])}); err != nil {
		t.Error(err)
	}
	if err := keys[1].MatchRecord([]string{"v=DKIM1; k=ed25519; " + p(others[1])}); err == nil {
		t.Error("another Ed25519 key fits")
	}
}

// What stands in the DNS is foreign. Only a record with the key itself fits.
func FuzzMatchRecord(f *testing.F) {
	for _, seed := range []string{"", "v=DKIM1; k=rsa; p=", "p=MIIB;", "v=DKIM1;;", "=;", "t=y:s; h=sha256; s=*; p=A A", "\x00=\xff"} {
		f.Add(seed)
	}
	keys := bothKeys(f)
	f.Fuzz(func(t *testing.T, text string) {
		for _, key := range keys {
			if err := key.MatchRecord([]string{text}); err == nil {
				t.Errorf("%q fits a key that was just made", text)
			}
		}
	})
}

func FuzzParseKey(f *testing.F) {
	f.Add([]byte("-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----\n"))
	f.Add(elliptical(f))
	f.Fuzz(func(t *testing.T, text []byte) {
		if key, err := letter.ParseKey("pandia.example", "s", text); err == nil {
			if _, err := key.Record(); err != nil {
				t.Errorf("a key without a record: %v", err)
			}
		}
	})
}
