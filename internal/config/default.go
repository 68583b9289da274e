package config

import "time"

// BuiltIn is the name of the newsletter that exists until a settings file defines others.
const BuiltIn = "hebdo"

const day = 24 * time.Hour

// Default is what is in force where nothing is set. Its identity is a placeholder: see [Config.MayLeave].
func Default() *Config {
	return &Config{
		Data: "data",
		Site: Site{Name: "PandIA", URL: "https://pandia.example"},
		Publisher: Publisher{
			Name:       "Éditions PandIA (exemple)",
			Address:    "1 rue de l’Exemple, 75000 Paris, France",
			Contact:    "contact@pandia.example",
			LegalURL:   "https://pandia.example/mentions-legales",
			PrivacyURL: "https://pandia.example/confidentialite",
		},
		Sender: Sender{Address: "lettre@pandia.example"},
		SMTP: SMTP{
			Connections: 4, Pipelining: PipeliningAuto, Window: 1, Timeout: Duration(5 * time.Minute),
			ConnectionLetters: 1000,                      // Exim's smtp_accept_max_per_connection
			ConnectionAge:     Duration(5 * time.Minute), // Postfix's smtp_connection_reuse_time_limit
		},
		Web: Web{Listen: "127.0.0.1:8025", URL: "http://127.0.0.1:8025"},
		Signup: Signup{
			Hold: HoldAuto, Link: Duration(3 * day), Pending: Duration(7 * day), Reminder: Duration(2 * day), Delay: Duration(10 * time.Minute), Work: 16,
			PerClient: 5, PerNetwork: 50, PerHour: 1000, AttackFactor: 10, CheckDomains: true,
		},
		Retention:   Retention{Readers: RetentionReport, Inactive: Duration(3 * 365 * day), Networks: Duration(90 * day)},
		Collect:     Collect{Schedule: "*/5 * * * *", CheckLinks: true},
		Retry:       Retry{First: Duration(10 * time.Minute), Longest: Duration(4 * time.Hour), GiveUp: Duration(48 * time.Hour), Unknown: UnknownResend},
		Send:        Send{Drain: Duration(30 * time.Second), Groups: GroupsAuto},
		Log:         Log{Level: "info", Format: "text"},
		Canary:      Canary{Wait: Duration(10 * time.Minute), Letters: 36, Readers: 1000},
		Groups:      providers(),
		Relays:      map[string]*RelayTable{},
		Sources:     map[string]*Source{},
		Newsletters: map[string]*Newsletter{BuiltIn: builtIn()},
	}
}

// builtIn is the weekly letter of PandIA.
func builtIn() *Newsletter {
	n := newNewsletter()
	n.Schedule = "0 7 * * 2"
	n.Sections = []Section{
		{Name: "actualites", Title: "Actualités", Quota: 8},
		{Name: "guides", Title: "Guides", Quota: 4},
		{Name: "liste-ia", Title: "Liste IA", Quota: 4},
		{Name: "prompts", Title: "Prompts", Quota: 4},
		{Name: "breves", Title: "En bref", Quota: 6, Brief: true},
	}
	return n
}

// newNewsletter is what every newsletter starts from. Schedule and sections are its own and have no default.
func newNewsletter() *Newsletter {
	return &Newsletter{
		Language:     "fr",
		Zone:         "Europe/Paris",
		Late:         LateSend,
		LateWindow:   Duration(6 * time.Hour),
		Horizon:      Duration(30 * day),
		FirstHorizon: Duration(8 * day),
		Minimum:      1,
		Lead:         LeadOrder,
	}
}
