package config

import "crypto/x509"

// Config is every setting, defaults included. The comments of its fields are the texts of docs/settings.md.
type Config struct {
	// The folder of the database, the keys, the pictures and, without a relay, the letters (`outbox/*.eml`). The flag `--data` goes before all else.
	Data string `toml:"data" path:"folder"`

	Site        Site                   `toml:"site"`
	Publisher   Publisher              `toml:"publisher"`
	Sender      Sender                 `toml:"sender"`
	Operator    Operator               `toml:"operator"`
	SMTP        SMTP                   `toml:"smtp"`
	DKIM        DKIM                   `toml:"dkim"`
	Web         Web                    `toml:"web"`
	Signup      Signup                 `toml:"signup"`
	Retention   Retention              `toml:"retention"`
	Collect     Collect                `toml:"collect"`
	Retry       Retry                  `toml:"retry"`
	Send        Send                   `toml:"send"`
	Templates   Templates              `toml:"templates"`
	Log         Log                    `toml:"log"`
	Canary      Canary                 `toml:"canary"`
	Groups      map[string]*Group      `toml:"groups"`
	Relays      map[string]*RelayTable `toml:"relays"`
	Sources     map[string]*Source     `toml:"sources"`
	Newsletters map[string]*Newsletter `toml:"newsletters"`

	file    string // that was read; empty: none
	origins map[string]Origin
	cas     map[string]*x509.CertPool // by the key that names their file
	longest map[string]Duration       // between two slots, by newsletter; without those that nobody has read
}

// Site is the news site whose articles the letters carry.
type Site struct {
	// The name of the publication, as readers know it.
	Name string `toml:"name"`
	// The address of the site's front page.
	URL string `toml:"url"`
	// The one colour of letters and pages beside ink and paper: # and six hexadecimal digits. It must be dark enough to be read on the paper; where
	// mail programs are dark, a lighter shade of it takes its place. Empty: the built-in one, or that of `templates.dir`.
	Accent string `toml:"accent" example:"#1f5a7a"`
}

// Publisher is who answers for the publication before the law. All five stand in the footer of every letter; nothing is sent while one is empty.
type Publisher struct {
	// The legal name of the publisher.
	Name string `toml:"name"`
	// The postal address; may have several lines.
	Address string `toml:"address" lines:"many"`
	// An e-mail address that somebody reads.
	Contact string `toml:"contact"`
	// The page with the legal notice (mentions légales).
	LegalURL string `toml:"legal_url"`
	// The page that says what happens to a reader's data.
	PrivacyURL string `toml:"privacy_url"`
}

// Sender is who the letters come from.
type Sender struct {
	// The name readers see as the sender. Empty means `site.name`.
	Name string `toml:"name" example:"PandIA"`
	// The address in From. It must accept mail: large providers refuse senders that cannot be answered.
	Address string `toml:"address"`
	// Where answers go. Empty means `sender.address`.
	ReplyTo string `toml:"reply_to" example:"redaction@pandia.example"`
	// The envelope sender, to which failed letters come back. With `{token}` at the end of what stands before the @, as in
	// `retours+{token}@pandia.example`, each letter has its own, and a report names its letter by the address it comes back to; all these
	// addresses must accept mail. Empty means `sender.address`.
	ReturnPath string `toml:"return_path" example:"retours@pandia.example"`
}

// Operator is who looks after the program.
type Operator struct {
	// Where notices go: a slot skipped, late or failed. Empty means `publisher.contact`.
	Address string `toml:"address" example:"exploitation@pandia.example"`
}

// SMTP is the relay that letters leave through.
type SMTP struct {
	// The relay: `smtp://user@host:587` (STARTTLS is demanded), `smtps://user@host:465` (TLS from the first byte), or
	// `smtp://127.0.0.1:2525?tls=none` for one on this machine. Empty: letters are written into `outbox/` of the data folder.
	URL string `toml:"url" example:"smtps://user@relay.example:465"`
	// The password of the user in `smtp.url`. Better kept in a file; see `smtp.password_file`.
	Password Secret `toml:"password" example:"the password"`
	// A file that holds the password and nothing else; the line end is dropped. Without it and without `smtp.password`,
	// the systemd credential `smtp.password` is read where the service has one.
	PasswordFile string `toml:"password_file" path:"file" example:"/etc/facteur/smtp-password"`
	// The name given in EHLO. Empty means the host of `web.url` where that is public, else the domain of `sender.address`.
	Helo string `toml:"helo" example:"lettre.pandia.example"`
	// How many connections to the relay are open at once, 1 to 100.
	Connections int `toml:"connections"`
	// Whether commands go to the relay together where it takes them so (PIPELINING, RFC 2920): one round trip for each letter instead of three or
	// four. With `auto` the commands of a letter travel with the content of the one before, as long as the relay is quick; with `never` each waits
	// for the answer to the one before: the cure for a relay that offers PIPELINING and loses what came with the first command, so that each letter waits
	// for `smtp.timeout` in vain.
	Pipelining PipeliningPolicy `toml:"pipelining" choice:"auto,never"`
	// How many letters of one connection may be on the wire before it is known what became of them, 1 to 16, where the relay takes letters in one
	// piece (CHUNKING, RFC 3030) and commands together. Over a long way up to so many times as many letters go in the same time. The price: **a kill, a
	// power failure or a lost connection may then send up to that many letters of each connection twice**, with the same Message-ID, where with `1`
	// it is one. A relay that takes longer than half a second for a letter is given one at a time.
	Window int `toml:"window"`
	// How many letters one connection carries before it is ended and another one opened; `0` sets no limit. Where the relay names a limit of its own
	// (LIMITS, RFC 9422), the lower one counts.
	ConnectionLetters int `toml:"connection_letters"`
	// How old a connection may be that takes another letter; `0s` sets no limit.
	ConnectionAge Duration `toml:"connection_age"`
	// How long an answer of the relay may take; the answer that takes over a whole letter may take twice as long. RFC 5321
	// §4.5.3.2 asks for at least 5 minutes.
	Timeout Duration `toml:"timeout"`
	// A PEM file with the certificate authorities to trust for the relay, instead of the system's own.
	CAFile string `toml:"ca_file" path:"file" example:"/etc/facteur/relay-ca.pem"`
}

// PipeliningPolicy says whether commands go to a relay together.
type PipeliningPolicy string

// The policies for commands.
const (
	PipeliningAuto  PipeliningPolicy = "auto" // where the relay offers it
	PipeliningNever PipeliningPolicy = "never"
)

// DKIM signs letters (RFC 6376), for a relay that does not sign them for your domain. [operations.md](operations.md#signing-letters) tells how
// to begin, and how to change keys.
type DKIM struct {
	// The name of the key that signs, under which the DNS has it: a record at `SELECTOR._domainkey.DOMAIN`. `facteur dkim keygen SELECTOR` makes one.
	// Empty: letters are not signed here.
	Selector string `toml:"selector" example:"facteur-2026"`
	// The file of that key, an RSA key of 2048 bits or more in PEM form, for nobody but its owner. Empty means `dkim/SELECTOR.pem` of the data folder.
	KeyFile string `toml:"key_file" path:"file" example:"/etc/facteur/dkim.pem"`
	// The domain that vouches for the letters, of the same organisation as that of `sender.address`, as DMARC wants it. Empty means the domain of
	// `sender.address`.
	Domain string `toml:"domain" example:"pandia.example"`
	// The name of an Ed25519 key that signs as well (RFC 8463): `facteur dkim keygen SELECTOR --ed25519`. Few receivers know it, so it never signs
	// alone. Empty: there is no second signature, which some relays do not take.
	Ed25519Selector string `toml:"ed25519_selector" example:"facteur-2026-ed"`
	// The file of that key. Empty means `dkim/SELECTOR.pem` of the data folder.
	Ed25519KeyFile string `toml:"ed25519_key_file" path:"file" example:"/etc/facteur/dkim-ed25519.pem"`
}

// RelayTable is one of several relays, which take the place of `[smtp]`: where there is such a table `smtp.url` stays empty. NAME is spelled as a newsletter's.
// [operations.md](operations.md#several-relays) tells how letters are shared out.
type RelayTable struct {
	// How many of the letters go by it, beside the shares of the others: with 3 and 1, three of four. `0`: it stands by, and takes letters only while no relay
	// with a share does.
	Share int `toml:"share"`
	// As `smtp.url`. Required.
	URL string `toml:"url" example:"smtps://user@relay.example:465"`
	// As `smtp.password`.
	Password Secret `toml:"password" example:"the password"`
	// As `smtp.password_file`. The systemd credential is `relays.NAME.password`.
	PasswordFile string `toml:"password_file" path:"file" example:"/etc/facteur/relay-password"`
	// As `smtp.helo`. Empty means `smtp.helo`.
	Helo string `toml:"helo" example:"lettre.pandia.example"`
	// As `smtp.connections`.
	Connections int `toml:"connections"`
	// As `smtp.pipelining`.
	Pipelining PipeliningPolicy `toml:"pipelining" choice:"auto,never"`
	// As `smtp.window`.
	Window int `toml:"window"`
	// As `smtp.connection_letters`.
	ConnectionLetters int `toml:"connection_letters"`
	// As `smtp.connection_age`.
	ConnectionAge Duration `toml:"connection_age"`
	// As `smtp.timeout`. A relay that says nothing for ten seconds is left alone, and what it has not begun goes by the others; it has this time for the letter that it
	// has.
	Timeout Duration `toml:"timeout"`
	// As `smtp.ca_file`.
	CAFile string `toml:"ca_file" path:"file" example:"/etc/facteur/relay-ca.pem"`
}

// Web is where the reader's pages are.
type Web struct {
	// Host and port to listen on.
	Listen string `toml:"listen"`
	// The address of the pages as readers reach it, without a path. It stands in every letter, and must be https before letters go to
	// the public.
	URL string `toml:"url"`
	// The sites whose pages may ask for a form and send it by script, as browsers name them (RFC 6454): scheme, host and port. A plain form
	// needs no entry here.
	Origins []string `toml:"origins" example:"https://www.pandia.example"`
	// The proxies in front, as addresses or networks. Only what they say in `X-Forwarded-For` about a visitor's address is believed; the limits on sign-ups
	// need it.
	TrustedProxies []string `toml:"trusted_proxies" example:"127.0.0.1"`
}

// Signup says how people sign up by themselves, and what keeps programs from doing it.
type Signup struct {
	// Whether letters that ask for a confirmation are held back: `auto` while many more people sign up than usual, `always` until
	// `facteur signup release` lets them go, or `never`.
	Hold Holding `toml:"hold" choice:"auto,always,never"`
	// How long the link in such a letter works.
	Link Duration `toml:"link"`
	// How long a sign-up waits for its confirmation before it is forgotten; at most 30 days, and longer than `signup.link`.
	Pending Duration `toml:"pending"`
	// How long until the one reminder; `0s` sends none.
	Reminder Duration `toml:"reminder"`
	// How much later the letter leaves where the browser did no work for the form, as without JavaScript.
	Delay Duration `toml:"delay"`
	// How much work a browser does for a form in quiet times, in bits: each one more doubles it. 16 takes a moment, 20 a phone some seconds. A form waits
	// 20 seconds for it and goes without then: from 22 on, so do those of many phones.
	Work int `toml:"work"`
	// The most sign-ups from one machine in an hour.
	PerClient int `toml:"per_client"`
	// The most from one network, which is a neighbourhood of addresses, in an hour.
	PerNetwork int `toml:"per_network"`
	// The most from everybody in an hour.
	PerHour int `toml:"per_hour"`
	// How many times the usual number of sign-ups is an attack.
	AttackFactor int `toml:"attack_factor"`
	// Whether the DNS is asked if a domain takes mail. What it does not answer in a moment is taken. It is not asked while letters leave for the folder.
	CheckDomains bool `toml:"check_domains"`
	// A file of domains that are refused, one a line, such as those of throw-away addresses. Empty: none is.
	DisposableFile string `toml:"disposable_file" path:"file" example:"disposable.txt"`
}

// Retention says how long people are kept who do nothing any more.
type Retention struct {
	// What becomes of readers who have not done anything for `retention.inactive`: `report` only counts them, `act` asks them whether they
	// want to stay and erases who does not answer, once `facteur retention allow` has confirmed it.
	Readers RetentionPolicy `toml:"readers" choice:"report,act"`
	// How long a reader may do nothing. Opening a letter is no act.
	Inactive Duration `toml:"inactive"`
	// How long the network from which somebody consented is kept beside the consent.
	Networks Duration `toml:"networks"`
}

// Collect says how articles come in.
type Collect struct {
	// When new articles are taken from the table `inbox`, as a cron specification. Sources have schedules of their own.
	Schedule string `toml:"schedule"`
	// Whether the address of each article is looked at when it arrives and at `facteur preflight`, so that a page that is not there is
	// told of before readers find out. No edition waits for it. Turn it off where the machine cannot speak to the web.
	CheckLinks bool `toml:"check_links"`
	// Networks to which the pictures and pages of articles, and feeds, may lead although they are not public, as addresses or networks, such as that of
	// the site's own servers. Other private addresses are never spoken to, whatever an article or a source names.
	PictureNetworks []string `toml:"picture_networks" example:"10.1.0.0/16"`
}

// Retry says what becomes of a letter that did not get through.
type Retry struct {
	// How long a letter waits for its second try, and up to half as long again. Greylisting servers ask for 5 to 15 minutes.
	First Duration `toml:"first"`
	// The wait doubles from try to try up to this.
	Longest Duration `toml:"longest"`
	// How long a letter is tried before it counts as expired.
	GiveUp Duration `toml:"give_up"`
	// What to do with a letter of which nobody knows whether it arrived: `resend` tries it once more by itself, `hold` leaves it to the operator.
	Unknown UnknownPolicy `toml:"unknown" choice:"resend,hold"`
}

// Send says how the sender behaves.
type Send struct {
	// How long a stop waits for letters that are already on their way. Recording them and closing take some seconds more, so the service
	// manager must wait longer: half a minute longer is ample.
	Drain Duration `toml:"drain"`
	// The most letters in a second, over all. `0` sets no limit; nor does it below. What goes ahead of editions, such as confirmations, counts and does not wait.
	// A letter counts when a connection gets it, a moment before it leaves: where servers are slow, a second may see a letter of the one before.
	PerSecond int `toml:"per_second"`
	// The most in a minute.
	PerMinute int `toml:"per_minute"`
	// The most in an hour.
	PerHour int `toml:"per_hour"`
	// The most in 24 hours.
	PerDay int `toml:"per_day"`
	// Whether providers are told apart, with the limits of `[groups.NAME]`: `always`, `never`, or `auto`, where the relay is on this machine and
	// brings letters to the providers itself, or where there are several relays. Where they are not, what the relay says goes for all letters.
	Groups GroupsPolicy `toml:"groups" choice:"auto,always,never"`
}

// Canary lets the first letters of a large edition show what is wrong with it before everybody has it. There is none where letters go into the folder or to
// a relay on this machine.
type Canary struct {
	// How long the rest waits once the first letters are settled; `0s`: all go at once.
	Wait Duration `toml:"wait"`
	// How many letters go first, over all providers that are told apart.
	Letters int `toml:"letters"`
	// How many readers an edition has at the least.
	Readers int `toml:"readers"`
}

// Group is a provider: domains whose letters reach the same servers, which count over all of them. NAME is spelled as a newsletter's.
type Group struct {
	// Its domains, in small letters. None: there is no such group.
	Domains []string `toml:"domains" example:"orange.fr"`
	// The most letters to it that are on their way at once; `0` sets no limit. Orange, La Poste and SFR allow two connections.
	AtOnce int `toml:"at_once"`
	// The most letters to it in a second. `0` sets no limit; nor does it below.
	PerSecond int `toml:"per_second"`
	// The most in a minute.
	PerMinute int `toml:"per_minute"`
	// The most in an hour.
	PerHour int `toml:"per_hour"`
	// The most in 24 hours.
	PerDay int `toml:"per_day"`
	// How long it is left alone when its server says that it is too much and names no time; each time that it says so again twice as long, up to two hours.
	Rest Duration `toml:"rest"`
}

// GroupsPolicy says when providers are told apart.
type GroupsPolicy string

// The policies for providers.
const (
	GroupsAuto   GroupsPolicy = "auto"
	GroupsAlways GroupsPolicy = "always"
	GroupsNever  GroupsPolicy = "never"
)

// Templates are the texts and the looks of letters and pages.
type Templates struct {
	// A folder whose files take the place of the built-in templates of the same name. Empty: the built-in ones.
	Dir string `toml:"dir" path:"folder" example:"templates"`
}

// Log is what the program writes to standard error.
type Log struct {
	// The least important level that `facteur serve` writes. Other commands write warnings and errors; with `--verbose` all write
	// everything.
	Level string `toml:"level" choice:"debug,info,warn,error"`
	// `text` for eyes, `json` for machines.
	Format string `toml:"format" choice:"text,json"`
}

// Newsletter is one publication with one cadence. NAME is up to 40 of a–z, 0–9 and single hyphens between them; it stands in addresses and
// never changes.
type Newsletter struct {
	// The title of the newsletter. Empty means “La lettre de …”, in English “The … letter”, with `site.name`.
	Title string `toml:"title" example:"La lettre de PandIA"`
	// The language of its letters and pages: French or English. A region may follow, as in `fr-FR`; it makes no difference.
	Language string `toml:"language" choice:"fr,en" kind:"language"`
	// The time zone of its schedule and of the dates in its letters, by its IANA name.
	Zone string `toml:"zone"`
	// When an edition is due, as a cron specification in that zone. Required, but for the built-in `hebdo`.
	Schedule string `toml:"schedule"`
	// What to do with a slot that was missed while the program was off: `send` it within `late_window`, or `skip` it.
	Late LatePolicy `toml:"late" choice:"send,skip"`
	// How late a missed slot may still leave.
	LateWindow Duration `toml:"late_window"`
	// How long an article that found no place is offered again. Where it is not set and the schedule needs it, it is longer: at least a day longer than the
	// longest time between two slots. One that is shorter than that time loses what comes out soon after a slot: `facteur config check` warns of it.
	Horizon Duration `toml:"horizon"`
	// How old an article may be that arrives before the first edition, or, with a date, with the first collection of a source that is added later, so that the back catalogue does not leave; never longer than `horizon`.
	FirstHorizon Duration `toml:"first_horizon"`
	// The fewest articles that make an edition; with fewer the slot is skipped. At most what its sections take together.
	Minimum int `toml:"minimum"`
	// Which article leads an edition: in the `order` of the sections the first, the `newest` of all, or the first that has a `picture`. Those of brief
	// sections lead where there is no other. `facteur article lead` goes before it.
	Lead LeadRule `toml:"lead" choice:"order,newest,picture"`
	// The name of the family to which it belongs with other newsletters that have the same name here, such as a daily one and a weekly one. What one of
	// them brought no other brings, but in a section with `recall = true`. Empty: none.
	Family string `toml:"family" example:"pandia"`
	// Newsletters that are not in the settings any more and whose readers it may have: one that was of its family, or itself under the name that it had.
	// What they brought neither it nor its family brings again.
	Former []string `toml:"former" example:"quotidien"`
	// The List-Id of its letters (RFC 2919), the same for ever. Empty means the newsletter's name and the domain of `sender.address`.
	ListID string `toml:"list_id" example:"hebdo.pandia.example"`
	// The sender's part of Feedback-ID, by which large providers group complaints: 5 to 15 characters, the same for ever. Empty means the
	// letters and digits of the domain of `sender.address`.
	FeedbackID string `toml:"feedback_id" example:"pandiaexample"`
	// The sections in the order of the letter: `name` as articles give it, spelled as NAME is, `title` as readers see it, `quota` the most articles of one
	// edition. With fewer than `minimum` the section is left out, and its articles wait for the next edition, unless one of them is pinned. With
	// `updated = 20` an article that was carried comes back once 20 of 100 words of its text are new, and says that it was updated; without, none does. With
	// `brief = true` its articles take a line each, at the end of the letter. One section of a newsletter of a family, not the first, may have
	// `recall = true`: it takes what the others brought, of any section, and no articles of its own; its title should say so. Of what changed since by its `updated`, which without
	// one is the lowest of theirs, it says so. Sections of several newsletters that articles are to reach by one word, `name` or `title`, have one `name`.
	// Required, but for the built-in `hebdo`.
	Sections []Section `toml:"sections"`
}

// Section is a heading and how many articles may stand under it.
type Section struct {
	Name    string `toml:"name" json:"name" example:"guides"`
	Title   string `toml:"title" json:"title" example:"Guides"`
	Quota   int    `toml:"quota" json:"quota" example:"4"`
	Minimum int    `toml:"minimum" json:"minimum,omitempty"`
	Updated int    `toml:"updated" json:"updated,omitempty"`
	Brief   bool   `toml:"brief" json:"brief,omitempty"`
	Recall  bool   `toml:"recall" json:"recall,omitempty"`
}

// Source is a place from which articles come by themselves. NAME is spelled as a newsletter's. [sources.md](sources.md) tells how to set one up.
type Source struct {
	// What it is: a `folder` of Markdown files, a `feed` (RSS, Atom or JSON feed), or the `sqlite` file of another program. Required.
	Kind SourceKind `toml:"kind" choice:"folder,feed,sqlite" example:"feed"`
	// The address of the feed, without a user name or a password. For a feed only, and required there.
	URL string `toml:"url" example:"https://www.pandia.example/feed/"`
	// The folder, with those below it, or the SQLite file. For these two only, and required there.
	Path string `toml:"path" path:"path" example:"articles"`
	// What is read from the SQLite file: one SELECT, whose columns are named as those of the inbox, or `body_html`. For an SQLite file only, and
	// required there.
	Query string `toml:"query" lines:"many" example:"SELECT id, 'https://www.pandia.example/' || slug AS url, title, body, updated_at FROM posts"`
	// The column of the query that only grows, such as `id` or `updated_at`, so that rows are read once. It should have an index. Empty: all rows are
	// read each time, at most 5,000.
	Cursor string `toml:"cursor" example:"updated_at"`
	// When it is collected, as a cron specification in the zone of the first newsletter.
	Schedule string `toml:"schedule"`
	// Whose title, summary, text and address count where two sources bring the same story: the higher goes before, below 0 too; of equals the first
	// that came. What the inbox and people bring goes before all sources.
	Priority int `toml:"priority"`
	// The time zone of dates that name none. Empty means that of the first newsletter.
	Zone string `toml:"zone" example:"UTC"`
	// The section of articles that fit no rule and name none themselves. Empty: the first of each newsletter.
	Section string `toml:"section" example:"actualites"`
	// Which articles go into which section: those with this `tag`, with this word or these words in their `title`, or both. The first that fits counts.
	Rules []SourceRule `toml:"rules" example:"[{ tag = \"tutoriel\", section = \"guides\" }]"`
	// Only articles with one of these tags are taken. Empty: all are. Neither capitals nor accents make a difference, here and below.
	Tags []string `toml:"tags" example:"ia"`
	// Articles with one of these tags are not taken.
	WithoutTags []string `toml:"without_tags" example:"interne"`
	// Only articles are taken that have one of these words, or rows of words, in title, summary or text. Empty: all are.
	Words []string `toml:"words" example:"intelligence artificielle"`
	// Articles with one of them are not taken.
	WithoutWords []string `toml:"without_words" example:"communiqué"`
	// Only articles in one of these languages, or that name none, are taken. Empty: all are.
	Languages []string `toml:"languages" example:"fr"`
}

// SourceRule puts articles of a source into a section.
type SourceRule struct {
	Tag     string `toml:"tag" json:"tag,omitempty" example:"tutoriel"`
	Title   string `toml:"title" json:"title,omitempty" example:"guide"`
	Section string `toml:"section" json:"section" example:"guides"`
}

// SourceKind says what a source is.
type SourceKind string

// The kinds of sources.
const (
	SourceFolder SourceKind = "folder"
	SourceFeed   SourceKind = "feed"
	SourceSQLite SourceKind = "sqlite"
)

// LatePolicy is what becomes of a slot that was missed.
type LatePolicy string

// The late policies.
const (
	LateSend LatePolicy = "send"
	LateSkip LatePolicy = "skip"
)

// LeadRule is which article leads an edition.
type LeadRule string

// The rules for the lead.
const (
	LeadOrder   LeadRule = "order"
	LeadNewest  LeadRule = "newest"
	LeadPicture LeadRule = "picture"
)

// UnknownPolicy is what becomes of a letter that may or may not have arrived.
type UnknownPolicy string

// The policies for unknown deliveries.
const (
	UnknownResend UnknownPolicy = "resend"
	UnknownHold   UnknownPolicy = "hold"
)

// Holding says when confirmation letters are held back.
type Holding string

// The ways to hold confirmation letters back.
const (
	HoldAuto   Holding = "auto"
	HoldAlways Holding = "always"
	HoldNever  Holding = "never"
)

// RetentionPolicy is what becomes of people who do nothing any more.
type RetentionPolicy string

// The retention policies.
const (
	RetentionReport RetentionPolicy = "report"
	RetentionAct    RetentionPolicy = "act"
)
