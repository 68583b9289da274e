package cli

import (
	"bytes"
	"log/slog"
	"testing"

	"facteur/internal/config"
)

func TestServeLogsWhatTheSettingsSay(t *testing.T) {
	for set, least := range map[string]slog.Level{"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError} {
		cfg := config.Default()
		cfg.Log.Level = set
		got, err := servingLevel(cfg)
		if err != nil || got != least {
			t.Errorf("%s: %v, %v", set, got, err)
		}
	}
	cfg := config.Default()
	cfg.Log.Level = "loud"
	if _, err := servingLevel(cfg); err == nil {
		t.Error("a level that is none is taken")
	}
}

func TestVerboseLogsEverything(t *testing.T) {
	for _, terminal := range []bool{false, true} {
		for _, format := range []string{"text", "json"} {
			for verbose, lines := range map[bool]int{false: 2, true: 4} {
				var log bytes.Buffer
				s := &shell{IO: IO{Stderr: &log, ErrTerminal: terminal}, verbose: verbose}
				cfg := config.Default()
				cfg.Log.Format = format
				l := s.logger(s.Stderr, cfg, slog.LevelWarn)
				l.Debug("one")
				l.Info("two")
				l.Warn("three")
				l.Error("four")
				if got := bytes.Count(log.Bytes(), []byte("\n")); got != lines {
					t.Errorf("verbose %t, %s, terminal %t: %d lines, want %d:\n%s", verbose, format, terminal, got, lines, &log)
				}
			}
		}
	}
}
