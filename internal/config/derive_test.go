package config

import "testing"

func TestTitle(t *testing.T) {
	for site, want := range map[string][2]string{ // in French, in English
		"PandIA":        {"La lettre de PandIA", "The PandIA letter"},
		"Actu IA":       {"La lettre d’Actu IA", "The Actu IA letter"},
		"IA Hebdo":      {"La lettre d’IA Hebdo", "The IA Hebdo letter"},
		"Éclair":        {"La lettre d’Éclair", "The Éclair letter"},
		"Hôpital":       {"Hôpital", "The Hôpital letter"},
		"Le Monde d’IA": {"Le Monde d’IA", "The Le Monde d’IA letter"},
		"Les Échos":     {"Les Échos", "The Les Échos letter"},
		"La Tribune":    {"La lettre de La Tribune", "The La Tribune letter"},
		"L’Express":     {"La lettre de L’Express", "The L’Express letter"},
		"The Review":    {"La lettre de The Review", "The Review letter"},
		"Lesage":        {"La lettre de Lesage", "The Lesage letter"},
		"24 heures":     {"La lettre de 24 heures", "The 24 heures letter"},
	} {
		if got := [2]string{title(site, "fr"), title(site, "en")}; got != want {
			t.Errorf("%s: %q, want %q", site, got, want)
		}
	}
}
