package app

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"facteur/data"
	"facteur/internal/config"
	"facteur/internal/durable"
	"facteur/internal/web"
)

// demoFile is what a demonstration keeps its settings in, beside its database.
const demoFile = "demo.toml"

// DemoSettings reads the settings of a demonstration: those that other commands have, and where there is no settings file, its own.
func DemoSettings(o config.Options) (*config.Config, error) {
	var err error
	if o.Otherwise, err = data.Samples.ReadFile(settingsSample); err != nil {
		return nil, err
	}
	return Settings(o)
}

// OnExampleSite makes settings those of a demonstration whose pages are at an address: the articles and the pages that the law wants are on the example
// site there, and nothing comes from elsewhere, is looked up there, or is signed.
func OnExampleSite(cfg *config.Config, address string) error {
	site := strings.TrimSuffix(address, "/") + web.ExamplePath
	cfg.Web.URL, cfg.Site.URL = address, site
	cfg.Publisher.LegalURL = site + strings.TrimPrefix(web.ExampleLegalPath, web.ExamplePath)
	cfg.Publisher.PrivacyURL = site + strings.TrimPrefix(web.ExamplePrivacyPath, web.ExamplePath)
	cfg.Collect.CheckLinks = false
	cfg.DKIM, cfg.Sources = config.DKIM{}, nil
	if cfg.Templates.Dir == "" {
		return nil
	}
	dir, err := filepath.Abs(cfg.Templates.Dir) // in a file, it would be seen from there
	cfg.Templates.Dir = dir
	return err
}

// DemoFile is where the settings of a demonstration are, for other commands to go on with.
func DemoFile(cfg *config.Config) string { return filepath.Join(cfg.Data, demoFile) }

// keepSettings writes what a demonstration runs with.
func (a *App) keepSettings() error {
	var text strings.Builder
	text.WriteString("# What the demonstration in this folder ran with. facteur demo writes it anew.\ndata = \".\"\n")
	for _, v := range a.Config.Values() {
		if isKept(v) {
			fmt.Fprintf(&text, "%s = %s\n", v.Key, v.Text)
		}
	}
	path := DemoFile(a.Config)
	return durable.Write(path, path+".new", []byte(text.String()))
}

// isKept reports a setting of a demonstration that is not as it would be without a file. What has to do with relays and sources, passwords among it, a
// demonstration has not.
func isKept(v config.Value) bool {
	for _, without := range []string{"data", "smtp.", "dkim.", "relays.", "sources."} {
		if strings.HasPrefix(v.Key, without) {
			return false
		}
	}
	changed := []string{"site.url", "publisher.legal_url", "publisher.privacy_url", "web.url", "collect.check_links"}
	given := v.Origin.Kind != config.FromDefault && v.Origin.Kind != config.FromSetting
	return given || slices.Contains(changed, v.Key)
}
