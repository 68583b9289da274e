package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"

	"facteur/internal/config"
	"facteur/internal/newsletter"
	"facteur/internal/pictures"
	"facteur/internal/sqlite"
	"facteur/internal/subscription"
)

// Fresh removes a demonstration from its data folder: the database, the keys, the settings, the sender's lock, what tells it from a copy,
// the captured letters and the pictures, and nothing else. A folder without a database is left as it is. One whose readers are not the
// demonstration's, or that has none, is newsletter.ErrState, and one from which a program sends newsletter.ErrBusy.
func Fresh(ctx context.Context, cfg *config.Config, o Options) (err error) {
	if !HasDatabase(cfg) {
		return nil
	}
	lock, err := sqlite.LockSender(cfg.Data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	o.Create = true // an older schema has to be read as well
	a, err := Open(ctx, cfg, o)
	if err != nil {
		return err
	}
	err = a.madeByDemo(ctx)
	if err := errors.Join(err, a.Close()); err != nil {
		return err
	}
	return removeDemo(cfg.Data)
}

// madeByDemo wants to see the demonstration's own readers and nobody else's.
func (a *App) madeByDemo(ctx context.Context) error {
	if err := a.onlyDemoReaders(ctx); err != nil {
		return err
	}
	for _, err := range a.Register.All(ctx, subscription.Filter{}) {
		return err // one reader is proof enough
	}
	return fmt.Errorf("%s was not made by the demonstration: %w", a.Config.Data, newsletter.ErrState)
}

func removeDemo(folder string) error {
	outbox := filepath.Join(folder, "outbox")
	entries, err := os.ReadDir(outbox)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	captured := regexp.MustCompile(`^([a-z0-9-]+-[0-9]+|notice)-[0-9]+\.eml$`) // as parcels are named
	var names []string
	for _, e := range entries {
		if captured.MatchString(e.Name()) {
			names = append(names, filepath.Join(outbox, e.Name()))
		}
	}
	for _, name := range []string{databaseFile, databaseFile + "-wal", databaseFile + "-shm", keysFile, "sender.lock", sqlite.InstanceFile, demoFile} {
		names = append(names, filepath.Join(folder, name))
	}
	album := filepath.Join(folder, picturesFolder)
	kept, err := pictures.NewFolder(album).Names()
	if err != nil {
		return err
	}
	for _, name := range kept {
		names = append(names, filepath.Join(album, name))
	}
	var failed error
	for _, name := range names {
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			failed = errors.Join(failed, err)
		}
	}
	_ = os.Remove(outbox) // stays if something else is in it
	_ = os.Remove(album)
	return failed
}
