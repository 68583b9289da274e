package cli

import (
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"

	"github.com/lmittmann/tint"

	"facteur/internal/config"
)

// A command logs warnings and errors: what it did, it answers. serve has nobody to answer and logs what log.level lets
// through. With --verbose both log everything.

// servingLevel is the least important level that serve logs.
func servingLevel(cfg *config.Config) (slog.Level, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(cfg.Log.Level)); err != nil {
		return level, fmt.Errorf("log.level: %w", err)
	}
	return level, nil
}

// logger writes to a log what is of the given level or a more important one.
func (s *shell) logger(to io.Writer, cfg *config.Config, level slog.Level) *slog.Logger {
	if s.verbose {
		level = slog.LevelDebug
	}
	switch {
	case cfg.Log.Format == "json":
		return slog.New(slog.NewJSONHandler(to, &slog.HandlerOptions{Level: level}))
	case s.ErrTerminal:
		return slog.New(tint.NewTextHandler(to, &tint.Options{Level: level, NoColor: s.plain()}))
	}
	return slog.New(slog.NewTextHandler(to, &slog.HandlerOptions{Level: level}))
}

// plain reports that the environment forbids colours (no-color.org).
func (s *shell) plain() bool {
	return slices.ContainsFunc(s.Environ, func(entry string) bool {
		name, value, _ := strings.Cut(entry, "=")
		return name == "NO_COLOR" && value != "" || entry == "TERM=dumb"
	})
}
