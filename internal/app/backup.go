package app

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"facteur/internal/durable"
	"facteur/internal/sqlite"
)

// IsDamaged reports a database whose pages contradict each other.
func IsDamaged(err error) bool { return errors.Is(err, sqlite.ErrDamaged) }

const keysFile = "keys"

// Backup writes the database, as it is at this instant, the keys, those of signatures too, and the pictures into a new tar archive that only its owner can read, and
// reads it back. Others write on meanwhile. The name is taken at the end only, by a whole archive; fs.ErrExist where it is
// taken already. It needs room for the database twice. progress may be nil.
func (a *App) Backup(ctx context.Context, path string, progress func(done, pages int)) (size int64, err error) {
	if _, err := os.Lstat(path); err == nil {
		return 0, fmt.Errorf("backup %s: %w", path, fs.ErrExist)
	}
	work, err := openWorkshop(filepath.Dir(path))
	if err != nil {
		return 0, fmt.Errorf("backup %s: %w", path, err)
	}
	defer func() { err = errors.Join(err, work.close()) }()
	if err := a.Store.Backup(ctx, work.file(databaseFile), a.options.Now(), progress); err != nil {
		return 0, err
	}
	// After the database: a key that was added meanwhile is one too many, and none is missing.
	keys, err := os.ReadFile(filepath.Join(a.Config.Data, keysFile))
	if err == nil {
		err = os.WriteFile(work.file(keysFile), keys, 0o600)
	}
	if err == nil {
		size, err = a.packAll(ctx, work)
	}
	if err == nil {
		err = durable.Publish(work.file(archiveFile), path)
	}
	if err != nil {
		return 0, fmt.Errorf("backup %s: %w", path, err)
	}
	return size, nil
}

// packAll puts keys, database and pictures into the archive. The pictures come last and from where they are: a file never changes, and what
// the database knows of is there.
func (a *App) packAll(ctx context.Context, work *workshop) (int64, error) {
	files := []packed{{keysFile, work.file(keysFile)}, {databaseFile, work.file(databaseFile)}}
	signing, err := signingFiles(a.Config)
	if err != nil {
		return 0, err
	}
	files = append(files, signing...)
	names, err := a.gallery.Names()
	if err != nil {
		return 0, err
	}
	for _, name := range names {
		files = append(files, packed{picturesFolder + "/" + name, filepath.Join(a.Config.Data, picturesFolder, name)})
	}
	return work.pack(ctx, files)
}

// A packed file is one of the archive: its name there, and where it is.
type packed struct{ name, path string }

// A workshop is a folder in which a backup is made, beside the place where it goes. It is locked, so that the next backup
// removes one that a kill left behind, and no other.
type workshop struct {
	path string
	lock *os.File
}

const (
	workshopName = ".facteur-backup-"
	archiveFile  = "archive"
)

func openWorkshop(beside string) (*workshop, error) {
	left, err := filepath.Glob(filepath.Join(beside, workshopName+"*"))
	if err != nil {
		return nil, err
	}
	for _, path := range left {
		if w, err := enter(path); err == nil {
			if err := w.close(); err != nil {
				return nil, err
			}
		}
	}
	path, err := os.MkdirTemp(beside, workshopName+"*") // mode 0700
	if err != nil {
		return nil, err
	}
	return enter(path)
}

// enter locks a workshop.
func enter(path string) (*workshop, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &workshop{path, f}, nil
}

func (w *workshop) file(name string) string { return filepath.Join(w.path, name) }

func (w *workshop) close() error { return errors.Join(os.RemoveAll(w.path), w.lock.Close()) }

// pack puts files into the archive and reads it back.
func (w *workshop) pack(ctx context.Context, files []packed) (size int64, err error) {
	f, err := os.OpenFile(w.file(archiveFile), os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	archive := tar.NewWriter(f)
	sums := map[string][]byte{}
	for _, file := range files {
		sum, err := put(ctx, archive, file)
		if errors.Is(err, fs.ErrNotExist) && strings.HasPrefix(file.name, picturesFolder) {
			continue // nothing showed it any more, and it was removed meanwhile
		}
		if err != nil {
			return 0, err
		}
		sums[file.name] = sum
	}
	if err := errors.Join(archive.Close(), f.Sync()); err != nil {
		return 0, err
	}
	if size, err = f.Seek(0, io.SeekEnd); err != nil {
		return 0, err
	}
	return size, compare(ctx, f, sums)
}

// put adds a file to the archive and returns the sum of what it holds.
func put(ctx context.Context, archive *tar.Writer, file packed) ([]byte, error) {
	f, err := os.Open(file.path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read from
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	header, err := tar.FileInfoHeader(info, "")
	if err != nil {
		return nil, err
	}
	header.Name = file.name
	header.ModTime = info.ModTime().Truncate(time.Second) // rounded up it would lie ahead, of which tar warns
	if err := archive.WriteHeader(header); err != nil {
		return nil, err
	}
	sum := sha256.New()
	_, err = io.Copy(io.MultiWriter(archive, sum), until{ctx, f})
	return sum.Sum(nil), err
}

var errReadBack = errors.New("what was written reads back differently: the disk cannot be trusted")

// compare reads an archive and wants to find just these files.
func compare(ctx context.Context, f io.ReadSeeker, sums map[string][]byte) error {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	found := 0
	for archive := tar.NewReader(until{ctx, f}); ; found++ {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return errors.Join(errReadBack, err)
		}
		sum := sha256.New()
		if _, err := io.Copy(sum, archive); err != nil {
			return err
		}
		if !bytes.Equal(sum.Sum(nil), sums[header.Name]) {
			return errReadBack
		}
	}
	if found != len(sums) {
		return errReadBack
	}
	return nil
}

// until reads until ctx is done.
type until struct {
	ctx context.Context
	io.Reader
}

func (u until) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.Reader.Read(p)
}
