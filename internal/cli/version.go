package cli

import (
	"cmp"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

type versionView struct {
	Version  string `json:"version"`
	Revision string `json:"revision,omitempty"`
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

func (s *shell) version() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Say which program this is",
		Example: "  facteur version\n  facteur version --json",
		Args:    takes(),
		RunE: func(*cobra.Command, []string) error {
			v := s.built()
			return s.show(v, func(p *page) {
				p.say("facteur %s (%s, %s)", v.Version, v.Go, v.Platform)
			})
		},
	}
}

// built is the version the program was given, or else what the Go tool recorded when it built it.
func (s *shell) built() versionView {
	v := versionView{Version: s.Version, Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	if info, ok := debug.ReadBuildInfo(); ok {
		v.Version = cmp.Or(v.Version, info.Main.Version)
		for _, setting := range info.Settings {
			if setting.Key == "vcs.revision" {
				v.Revision = setting.Value
			}
		}
	}
	v.Version = cmp.Or(v.Version, "(devel)")
	return v
}
