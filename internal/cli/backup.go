package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"facteur/internal/app"
)

type backupView struct {
	File    string    `json:"file"`
	Bytes   int64     `json:"bytes"`
	MadeAt  time.Time `json:"made_at"`
	Besides []string  `json:"keep_besides"` // files and folders that are not in it
}

func (s *shell) backup() *cobra.Command {
	return &cobra.Command{
		Use: "backup FILE", Short: "Write the database, the keys and the pictures into one file, also while serve runs",
		Long: `Write the database, as it is at this instant, the keys and the pictures that letters show into one new tar archive.
serve goes on meanwhile.

Every page is checked before the file has its name; what is not whole leaves nothing behind. It needs room for the
database twice while it works, and only you can read it: it holds people's addresses, and the keys of their links.

What is restored from it is a copy, and sends nothing until facteur claim. The settings are not in it; the answer says
which files to keep besides. docs/operations.md tells how to restore: Backup and restore.`,
		Example: "  facteur backup /var/backups/facteur-$(date +%F).tar\n  tar -xf facteur-2026-11-24.tar -C NEW_FOLDER      # restores it",
		Args:    takes("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.with(cmd.Context(), mustExist, func(a *app.App) error {
				return s.writeBackup(cmd.Context(), a, args[0])
			})
		},
	}
}

func (s *shell) writeBackup(ctx context.Context, a *app.App, path string) error {
	v := backupView{File: path, MadeAt: s.Now().Truncate(time.Millisecond).In(a.Newsletters[0].Zone), Besides: a.Config.Files()}
	line := s.progress()
	size, err := a.Backup(ctx, path, func(done, pages int) { line.tell("%d %% copied", 100*done/max(1, pages)) })
	line.end()
	if err != nil {
		return unwritten(path, err)
	}
	v.Bytes = size
	return s.show(v, func(p *page) {
		p.say("%s holds the database, the keys and the pictures (%s), and was checked.", v.File, megabytes(size))
		if len(v.Besides) == 0 {
			p.say("Settings are not in it: there is no settings file, so keep the FACTEUR_ variables.")
			return
		}
		p.say("Settings are not in it; keep besides: %s", strings.Join(v.Besides, ", "))
	})
}

// unwritten tells why there is no backup. Of one that was stopped nothing is kept.
func unwritten(path string, err error) error {
	switch {
	case errors.Is(err, fs.ErrExist):
		return &answer{code: BadFile, what: fmt.Sprintf("%s is there already", path), do: "choose another name: nothing was written", cause: err}
	case errors.Is(err, context.Canceled):
		return &answer{code: Interrupted, what: "stopped before the end", do: "nothing was written; run the command again", cause: err}
	}
	return err
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }
