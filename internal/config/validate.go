package config

import (
	"cmp"
	"crypto/x509"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"reflect"
	"strconv"
	"strings"
	"time"

	"facteur/internal/colour"
)

// validate checks every value that was taken. A value that was refused before is not complained about twice.
func (l *loader) validate() {
	for _, s := range settings(l.cfg) {
		if l.bad[s.key] {
			continue
		}
		for _, why := range l.faults(s) {
			l.refuse(s, why)
		}
	}
	l.theTimes()
	for _, name := range sortedKeys(l.cfg.Newsletters) {
		l.theHorizons(name)
		l.theMinimum(name)
	}
	l.theSections()
	l.theFamilies()
	l.theWayOut()
	l.theSignatures()
}

// theMinimum keeps a newsletter from waiting for more articles than its sections take.
func (l *loader) theMinimum(name string) {
	n, key, room := l.cfg.Newsletters[name], "newsletters."+name+".minimum", 0
	for _, s := range n.Sections {
		room += s.Quota
	}
	if n.Minimum > room && !l.bad[key] && !l.spoiled("newsletters."+name+".sections") {
		l.reject(key, l.cfg.origins[key], fmt.Sprintf("%s is %d, and its sections take %d together: no edition would ever leave", key, n.Minimum, room),
			fmt.Sprintf("make it %d or less, or raise their quotas", room))
	}
}

// refuse says what is wrong with a value and where it came from, and behind a line end what to do, where that is no example. The relay's address is
// not echoed, a password may stand in it; of others the user is not.
func (l *loader) refuse(s setting, why string) {
	why, do, _ := strings.Cut(why, "\n")
	origin := l.cfg.origins[s.key]
	if above := s.key[:max(0, strings.LastIndexByte(s.key, '.'))]; origin.Kind == FromDefault && l.lines[above] > 0 {
		origin = Origin{Kind: FromFile, Name: l.path, Line: l.lines[above]}
	}
	shown := literal(s.value)
	if s.value.Kind() == reflect.String {
		shown = strconv.Quote(withoutUser(plain(s.value)))
	}
	what := fmt.Sprintf("%s is %s: %s", s.key, shown, why)
	table := relayTable(s.key)
	isURL := table != "" && s.key == join(table, "url")
	if s.value.IsZero() || s.value.Kind() == reflect.Slice || isURL || s.value.Type() == secretType {
		what = fmt.Sprintf("%s: %s", s.key, why)
	}
	if do == "" {
		do = example(s, origin)
	}
	if isURL {
		do = relayHint(table, s.value.String())
	}
	l.reject(s.key, origin, what, do)
}

// faults says all that is wrong with a value: at most one thing but for a list, each as [loader.fault] does.
func (l *loader) faults(s setting) []string {
	if s.value.Kind() == reflect.Slice {
		return l.listFaults(s.key, s.value)
	}
	if why := l.fault(s); why != "" {
		return []string{why}
	}
	return nil
}

// fault says what is wrong with a value, in words that follow a colon; empty: nothing.
func (l *loader) fault(s setting) string {
	if name, found := strings.CutPrefix(s.key, "newsletters."); found {
		return cmp.Or(positive(s), newsletterFault(name[strings.IndexByte(name, '.')+1:], s.value))
	}
	if rest, found := strings.CutPrefix(s.key, "groups."); found {
		_, key, _ := strings.Cut(rest, ".")
		return cmp.Or(positive(s), groupFault(key, s.value))
	}
	if rest, found := strings.CutPrefix(s.key, "sources."); found {
		name, key, _ := strings.Cut(rest, ".")
		return l.sourceFault(name, key, s.value)
	}
	return cmp.Or(positive(s), l.relayFault(s.key, s.value), l.numberFault(s), l.textFault(s.key, s.value.String()))
}

// numberFault is fault for a number or a time that has bounds.
func (l *loader) numberFault(s setting) string {
	switch s.key {
	case "signup.pending":
		return l.pendingFault()
	case "retry.longest":
		return unless(l.cfg.Retry.Longest >= l.cfg.Retry.First, fmt.Sprintf("it must not be shorter than retry.first, %s", l.cfg.Retry.First))
	case "signup.work":
		return between(s.value.Int(), 0, 26)
	case "signup.per_client", "signup.per_network", "signup.per_hour":
		return between(s.value.Int(), 1, 10_000_000)
	case "canary.letters":
		return between(s.value.Int(), 1, 1000)
	case "canary.readers":
		return between(s.value.Int(), 1, mostPace)
	case "send.per_second", "send.per_minute", "send.per_hour", "send.per_day":
		return between(s.value.Int(), 0, mostPace)
	case "signup.attack_factor":
		return between(s.value.Int(), 2, 1_000_000)
	}
	return ""
}

// textFault is fault for a text.
func (l *loader) textFault(key, text string) string {
	switch key {
	case "data", "site.name", "collect.schedule":
		return required(text)
	case "site.url":
		return cmp.Or(required(text), webFault(text))
	case "site.accent":
		return optional(text, accentFault)
	case "publisher.legal_url", "publisher.privacy_url":
		return optional(text, webFault)
	case "sender.address":
		return cmp.Or(required(text), senderFault(text), deadFault(text))
	case "sender.reply_to":
		return cmp.Or(optional(text, senderFault), deadFault(text))
	case "sender.return_path":
		return optional(text, returnFault)
	case "operator.address", "publisher.contact":
		return optional(text, addressFault)
	case "web.listen":
		return listenFault(text)
	case "web.url":
		return originFault(text)
	case "signup.disposable_file":
		return optional(text, fileFault)
	case "templates.dir":
		return optional(text, folderFault)
	case "dkim.selector", "dkim.ed25519_selector":
		return optional(text, SelectorFault)
	case "dkim.domain":
		return optional(text, domainFault)
	}
	return ""
}

// newsletterFault is fault for the key of a newsletter.
func newsletterFault(key string, v reflect.Value) string {
	switch key {
	case "schedule":
		return required(v.String())
	case "zone":
		return zoneFault(v.String())
	case "minimum":
		return between(v.Int(), 1, 1000)
	case "list_id":
		return optional(v.String(), listIDFault)
	case "feedback_id":
		return optional(v.String(), feedbackFault)
	case "family":
		return optional(v.String(), familyFault)
	}
	return ""
}

func unless(ok bool, why string) string {
	if ok {
		return ""
	}
	return why
}

func optional(text string, fault func(string) string) string {
	if text == "" {
		return ""
	}
	return fault(text)
}

func required(text string) string {
	return unless(strings.TrimSpace(text) != "", "it is missing or empty")
}

// positive asks for a length of time, but where none turns off what it is about.
func positive(s setting) string {
	off := s.key == "signup.reminder" || s.key == "canary.wait" || relayTable(s.key) != "" && strings.HasSuffix(s.key, ".connection_age")
	return unless(s.value.Kind() != reflect.Int64 || s.value.Int() > 0 || off, "it must be longer than nothing")
}

func between(n, low, high int64) string {
	return unless(n >= low && n <= high, fmt.Sprintf("it must be from %d to %d", low, high))
}

// zoneFault asks for an IANA name; "Local" and the empty name would depend on the machine.
func zoneFault(name string) string {
	if name == "" || name == "Local" {
		return "not the name of a time zone"
	}
	_, err := time.LoadLocation(name)
	return unless(err == nil, "not the name of a time zone")
}

// webFault asks for an absolute http or https address.
func webFault(text string) string {
	if withoutUser(text) != text {
		return "a user name stands in it\nleave out all before the @, for nothing is asked with one; change the password if others could see it"
	}
	u, err := url.Parse(text)
	return unless(err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "", "not a full http or https address")
}

// originFault asks for the address of a whole host, in the ASCII form that letters need.
func originFault(text string) string {
	if why := webFault(text); why != "" {
		return why
	}
	u, _ := url.Parse(text)
	if strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return "the pages stand at the top of a host, so it must end after host and port"
	}
	_, err := netip.ParseAddr(u.Hostname())
	return unless(err == nil || isHost(u.Hostname()), "the host must be in ASCII (a name with accents in its xn-- form)")
}

// browserOriginFault asks for scheme, host and port as a browser writes them in Origin (RFC 6454 §6.2).
func browserOriginFault(text string) string {
	if why := originFault(text); why != "" {
		return why
	}
	return unless(!strings.HasSuffix(text, "/") && text == strings.ToLower(text), "a browser writes it in small letters and without a slash at the end")
}

// networkFault asks for an address or a network in CIDR notation (RFC 4632 §3.1).
func networkFault(text string) string {
	_, err := ParseNetwork(text)
	return unless(err == nil, "not an address or a network such as 127.0.0.1 or 10.0.0.0/8")
}

// pendingFault holds a sign-up for as long as its link works, and not for longer than it may be kept unconfirmed.
func (l *loader) pendingFault() string {
	const longest = Duration(30 * day)
	switch s := l.cfg.Signup; {
	case s.Pending < s.Link:
		return fmt.Sprintf("it must not be shorter than signup.link, %s", s.Link)
	case s.Pending > longest:
		return fmt.Sprintf("it must not be longer than %s", longest)
	}
	return ""
}

// accentFault asks for a colour; whether it can be read is for the templates to say.
func accentFault(text string) string {
	_, err := colour.Parse(text)
	return unless(err == nil, "not a number sign and six hexadecimal digits")
}

func fileFault(path string) string {
	info, err := os.Stat(path)
	return unless(err == nil && !info.IsDir(), "there is no such file")
}

func listenFault(text string) string {
	_, port, err := net.SplitHostPort(text)
	if err != nil {
		return "not a host and a port"
	}
	n, err := strconv.Atoi(port)
	return unless(err == nil && n >= 0 && n <= 65535, "the port must be a number up to 65535")
}

func folderFault(path string) string {
	info, err := os.Stat(path)
	return unless(err == nil && info.IsDir(), "there is no such folder")
}

// caFault reads the certificate authorities, which the relay's connection uses.
func (l *loader) caFault(key, path string) string {
	raw, err := readLimited(path, maxFile)
	if err != nil {
		return "it cannot be read"
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(raw) {
		return "no certificate in PEM form is in it"
	}
	l.cfg.cas[key] = pool
	return ""
}

// listIDFault asks for a label under a domain, in at most 255 characters (RFC 2919 §2, §3).
func listIDFault(id string) string {
	return unless(isHost(strings.ReplaceAll(id, "_", "-")) && strings.Contains(id, ".") && len(id) <= 255, "not a label under a domain")
}

// feedbackFault asks for the sender's part as Gmail documents it (support.google.com/mail/answer/6254652).
func feedbackFault(id string) string {
	plain := !strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r > '~' || r == ':' })
	return unless(plain && len(id) >= 5 && len(id) <= 15, "it must be 5 to 15 characters of plain ASCII without a colon")
}
