package web

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/netip"
	"os"
	"regexp"
	"slices"
	"strings"
	"syscall"

	"facteur/internal/newsletter"
)

// A Mailbox shows the letters that were captured in a folder, as their readers would see them. It is for the
// demonstration only, and answers nobody but the machine it runs on.
type Mailbox struct {
	Dir string // of .eml files; one that is not there yet holds no letter
}

const (
	maxShown   = 200       // newest letters that the list shows
	maxCapture = 10 << 20  // bytes of a letter that is shown
	maxHead    = 256 << 10 // bytes among which the head of a letter is looked for
)

var letterName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*$`)

// local lets only the machine itself in: the connection comes from it, and the page was asked for by a local name, so
// that no page of another site can read the letters through a name that it points here (DNS rebinding).
func (s *site) local(next handler) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		remote, err := netip.ParseAddrPort(r.RemoteAddr)
		if err != nil || !remote.Addr().Unmap().IsLoopback() || !localHost(r.Host) {
			return errForbidden
		}
		private(w)
		return next(w, r)
	}
}

func localHost(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	if strings.EqualFold(host, "localhost") {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.Unmap().IsLoopback()
}

// An entry is one file of the folder.
type entry struct {
	captured
	name  string // without .eml
	large bool   // too large to be shown: only its head was read
	err   error  // why it cannot be read as a letter
}

// newest reads the heads of the newest letters, the newest first, and tells how many letters there are.
func (m *Mailbox) newest() ([]entry, int, error) {
	files, err := os.ReadDir(m.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, fmt.Errorf("list the captured letters: %w", err)
	}
	var infos []fs.FileInfo
	for _, f := range files {
		name, isLetter := strings.CutSuffix(f.Name(), ".eml")
		info, err := f.Info()
		if isLetter && letterName.MatchString(name) && err == nil && info.Mode().IsRegular() {
			infos = append(infos, info)
		}
	}
	slices.SortStableFunc(infos, func(a, b fs.FileInfo) int { return b.ModTime().Compare(a.ModTime()) })
	var entries []entry
	for _, info := range infos[:min(len(infos), maxShown)] {
		entries = append(entries, m.head(strings.TrimSuffix(info.Name(), ".eml")))
	}
	slices.SortStableFunc(entries, func(a, b entry) int {
		return cmp.Or(b.Date.Compare(a.Date), strings.Compare(a.name, b.name))
	})
	return entries, len(infos), nil
}

func (m *Mailbox) head(name string) entry {
	e := entry{name: name}
	file, err := m.open(name)
	if err != nil {
		e.err = err
		return e
	}
	defer func() { _ = file.Close() }()
	e.captured, _, e.err = readHead(io.LimitReader(file, maxHead))
	return e
}

// read reads one letter and gives its bytes too, unless it is too large to be shown.
func (m *Mailbox) read(name string) (entry, []byte, error) {
	file, err := m.open(name)
	if err != nil {
		return entry{}, nil, err
	}
	defer func() { _ = file.Close() }()
	raw, err := io.ReadAll(io.LimitReader(file, maxCapture+1))
	if err != nil {
		return entry{}, nil, fmt.Errorf("read a captured letter: %w", err)
	}
	e := entry{name: name, large: len(raw) > maxCapture}
	if e.large {
		e.captured, _, e.err = readHead(bytes.NewReader(raw[:maxHead]))
		return e, nil, nil
	}
	e.captured, e.err = readLetter(raw)
	return e, raw, nil
}

// open opens a letter by the name in an address. [os.Root] keeps it inside the folder, symbolic links included. Only a
// regular file is a letter; a pipe is opened without waiting for who would write into it.
func (m *Mailbox) open(name string) (*os.File, error) {
	if !letterName.MatchString(name) {
		return nil, newsletter.ErrNotFound
	}
	root, err := os.OpenRoot(m.Dir)
	if err != nil {
		return nil, fmt.Errorf("open the captured letters: %w: %w", newsletter.ErrNotFound, err)
	}
	defer func() { _ = root.Close() }()
	file, err := root.OpenFile(name+".eml", os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, fmt.Errorf("open a captured letter: %w: %w", newsletter.ErrNotFound, err)
	}
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, errors.Join(newsletter.ErrNotFound, err, file.Close())
	}
	return file, nil
}
