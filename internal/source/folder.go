package source

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"facteur/internal/collect"
	"facteur/internal/newsletter"
)

const (
	// maxFiles is more articles than any site has written.
	maxFiles = 100_000
	// settled is how long a file is left alone after a change: a program may be in the midst of writing it.
	settled = 2 * time.Second
)

// A Folder is a folder of Markdown files, those in folders below it included.
type Folder struct {
	Path string
	Zone *time.Location // in which a date without an offset is read; nil is UTC
	Now  func() time.Time
}

// folderMark tells each file that was read from what it is now, by its path in the folder.
type folderMark map[string]stamp

// A stamp changes when a file does.
type stamp struct {
	Size    int64  `json:"s"`
	Time    int64  `json:"t"`           // nanoseconds since 1970
	Content string `json:"c,omitempty"` // sum of what stood in it when it was read
	Address string `json:"a,omitempty"` // of the article that it held when one was last read in it; see addressSum
	Second  bool   `json:"d,omitempty"` // another file had that address before it
	Gone    bool   `json:"g,omitempty"` // it went with all others
}

func stampOf(info fs.FileInfo) stamp {
	return stamp{Size: info.Size(), Time: info.ModTime().UnixNano()}
}

// same reports that the file looks as it did.
func (s stamp) same(as stamp) bool { return s.Size == as.Size && s.Time == as.Time }

// Read offers the files that are new or have changed; see collect.Reader. A file that is gone takes nothing back.
func (f Folder) Read(ctx context.Context, mark string, again []string, take func(collect.Haul) error) error {
	was := folderMark{}
	if mark != "" && json.Unmarshal([]byte(mark), &was) != nil {
		was = folderMark{} // all are read once more, which does no harm
	}
	is, shut, err := f.list(ctx)
	if err != nil {
		return err
	}
	if len(is)+len(shut) == 0 {
		return emptied(was, again, take)
	}
	for _, name := range shut.within(was) {
		is[name] = was[name]
	}
	t := newTurn(was, is, shut, again)
	f.follow(was, &t)
	t.seat()
	if err := f.retry(ctx, t, take); err != nil {
		return err
	}
	h, err := f.readAll(ctx, t.changed, t, take)
	if err != nil {
		return err
	}
	h.Gone, h.Renamed = t.gone, t.renamed
	if maps.Equal(was, is) && h.Waiting == 0 && len(h.Gone) == 0 {
		return nil
	}
	next, err := json.Marshal(is)
	h.Mark = string(next)
	return errors.Join(err, take(h))
}

// emptied tells what is gone from a folder in which nothing is. What is mounted there may be away: once it is back, the files have the addresses that they had.
func emptied(was folderMark, again []string, take func(collect.Haul) error) error {
	h := collect.Haul{Gone: slices.Clone(again)}
	for _, name := range slices.Sorted(maps.Keys(was)) {
		held := was[name]
		if !held.Gone && !slices.Contains(again, collect.FaultName(name)) {
			h.Gone = append(h.Gone, name)
		}
		held.Gone = true
		was[name] = held
	}
	if len(h.Gone) == 0 {
		return nil
	}
	mark, err := json.Marshal(was)
	h.Mark = string(mark)
	return errors.Join(err, take(h))
}

// A turn is what one reading has to do with a folder.
type turn struct {
	is      folderMark
	shut    shutFolders
	again   []string // are there, and are read whether they have changed or not
	changed []string // the others that are new or have changed
	gone    []string
	renamed []string            // are there under another name
	holders map[string][]string // the files that held an address, the one that had it first before the others
	first   map[string]string   // the files that were first offered with an address in this turn
	read    map[string]reading  // those that were read in this turn
}

// A reading is what came of a file.
type reading int

const (
	unread reading = iota
	whole          // what it holds is known
	broken         // it is told of as no article, and keeps the address that it had
	waits          // somebody is writing it
)

func newTurn(was, is folderMark, shut shutFolders, again []string) turn {
	t := turn{is: is, shut: shut, holders: map[string][]string{}, first: map[string]string{}, read: map[string]reading{}}
	files := map[string]string{} // by the names by which they are asked for
	for name := range is {
		files[collect.FaultName(name)] = name
	}
	for _, asked := range again {
		if name, there := files[asked]; shut.hide(asked) {
			continue
		} else if there {
			t.again = append(t.again, name)
		} else {
			t.gone = append(t.gone, asked)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(is)) {
		now, before := is[name], was[name]
		now.Content, now.Address, now.Second = before.Content, before.Address, before.Second
		is[name] = now
		if now != before && !slices.Contains(t.again, name) {
			t.changed = append(t.changed, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(was)) {
		if _, there := is[name]; !there && !slices.Contains(t.gone, collect.FaultName(name)) {
			t.gone = append(t.gone, name)
		}
	}
	return t
}

// follow gives the address of a file that is gone to the one that has its content, and did not before: it is the same file under another name, which may have
// been another file's. The name that it had is renamed, and not gone, unless that other file is.
func (f Folder) follow(was folderMark, t *turn) {
	lost, sizes := map[string]string{}, map[int64]bool{} // names by the contents
	for _, name := range slices.Sorted(maps.Keys(was)) {
		before := was[name]
		other, twice := lost[before.Content]
		if _, there := t.is[name]; !there && before.Content != "" && (!twice || before.Address != "" && (was[other].Second || was[other].Address == "")) {
			lost[before.Content], sizes[before.Size] = name, true
		}
	}
	renamed := map[string]bool{} // as names are told
	for _, name := range slices.Sorted(maps.Keys(t.is)) {
		now := t.is[name]
		if now == was[name] || !sizes[now.Size] {
			continue
		}
		data, err := load(f.file(name))
		before, found := lost[shortSum(data)]
		if !found || err != nil {
			continue
		}
		if held := was[before]; held.Address != "" {
			now.Second = held.Second && (now.Second || now.Address != held.Address)
			now.Address = held.Address
			t.is[name] = now
		}
		if _, replaced := was[name]; !replaced {
			t.renamed, renamed[collect.FaultName(before)] = append(t.renamed, before), true
		}
		delete(lost, was[before].Content)
	}
	t.gone = slices.DeleteFunc(t.gone, func(name string) bool { return renamed[collect.FaultName(name)] })
}

// seat notes who holds the addresses before anything is read.
func (t turn) seat() {
	names := slices.Sorted(maps.Keys(t.is))
	for _, second := range []bool{false, true} {
		for _, name := range names {
			if held := t.is[name]; held.Address != "" && held.Second == second {
				t.holders[held.Address] = append(t.holders[held.Address], name)
			}
		}
	}
}

// retry offers what is asked for again, and tells what is shut.
func (f Folder) retry(ctx context.Context, t turn, take func(collect.Haul) error) error {
	told := func(h collect.Haul) error {
		if len(h.Offers)+len(h.Faults)+len(h.Drafts)+h.Waiting == 0 {
			return nil
		}
		h.Again = true
		return take(h)
	}
	h, err := f.readAll(ctx, t.again, t, told)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(t.shut)) {
		h.Faults = append(h.Faults, collect.Fault{Name: name, Reason: noRight(t.shut[name])})
	}
	return told(h)
}

// shutFolders are the folders within that cannot be read, with what keeps them from it. Their paths end with a slash.
type shutFolders map[string]error

// hide reports that nobody knows whether what has the name is there.
func (s shutFolders) hide(name string) bool {
	for folder := range s {
		if strings.HasPrefix(pathOf(name), pathOf(folder)) {
			return true
		}
	}
	return false
}

// within are the files that are known to be in them.
func (s shutFolders) within(was folderMark) (names []string) {
	for name := range was {
		if s.hide(name) {
			names = append(names, name)
		}
	}
	return names
}

// noRight is an error about a file or a folder that is named beside it, and what to do where it is a matter of rights.
func noRight(err error) string {
	if errors.Is(err, fs.ErrPermission) {
		return plain(err).Error() + ": give the user of facteur the right to read it"
	}
	return plain(err).Error()
}

// list is every Markdown file of the folder. Names that begin with a dot are other programs' own, and those with an underscore the pages of
// sections. Links are not followed.
func (f Folder) list(ctx context.Context) (folderMark, shutFolders, error) {
	is, shut := folderMark{}, shutFolders{}
	root, err := filepath.EvalSymlinks(f.Path)
	if err != nil {
		return nil, nil, f.trouble(ctx, err)
	}
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		name := entryName(entry)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil && path == root:
			return err
		case errors.Is(err, fs.ErrNotExist):
			return nil // it went away meanwhile
		case err != nil:
			shut[nameOf(below(root, path)+"/")] = err
			return fs.SkipDir
		case path == root && !entry.IsDir():
			return collect.Trouble{What: f.Path + " is a file and no folder", Do: "name the folder that it is in, or the one of the articles, in path"}
		case path != root && (strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_")):
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case !entry.Type().IsRegular() || !isMarkdown(name):
			return nil
		}
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil && filepath.Dir(path) != root {
			shut[nameOf(below(root, filepath.Dir(path))+"/")] = err
			return fs.SkipDir
		}
		if err != nil {
			return err
		}
		if len(is) == maxFiles {
			return collect.Trouble{What: fmt.Sprintf("the folder %s holds more than %d files", f.Path, maxFiles), Do: "name the folder of the articles alone in path"}
		}
		is[nameOf(below(root, path))] = stampOf(info)
		return nil
	})
	return is, shut, f.trouble(ctx, err)
}

// below is the path of what is in a folder or below it, from there.
func below(root, path string) string {
	return strings.TrimPrefix(strings.TrimPrefix(filepath.ToSlash(path), filepath.ToSlash(root)), "/")
}

// nameOf is the path of a file as text. One that is not UTF-8 stands between quotes with its bytes written out, since neither the mark nor the
// database could tell it from another.
func nameOf(path string) string {
	if utf8.ValidString(path) {
		return path
	}
	return strconv.Quote(path)
}

// pathOf is the path of which nameOf is the name. No other ends with a quote: it ends as Markdown files do, or with a slash.
func pathOf(name string) string {
	if path, err := strconv.Unquote(name); err == nil {
		return path
	}
	return name
}

func entryName(entry fs.DirEntry) string {
	if entry == nil { // the folder itself is not there
		return ""
	}
	return entry.Name()
}

func isMarkdown(name string) bool {
	extension := strings.ToLower(filepath.Ext(name))
	return extension == ".md" || extension == ".markdown"
}

// trouble says what keeps the folder from being read.
func (f Folder) trouble(ctx context.Context, err error) error {
	if err == nil || ctx.Err() != nil {
		return err
	}
	if told, ok := errors.AsType[collect.Trouble](err); ok {
		return told
	}
	if errors.Is(err, fs.ErrNotExist) {
		return collect.Trouble{What: fmt.Sprintf("the folder %s is not there", f.Path), Do: "make it, or correct path in the settings of the source"}
	}
	return collect.Trouble{What: fmt.Sprintf("the folder %s cannot be read: %v", f.Path, err), Do: "give the user of facteur the right to read it and what is in it"}
}

// readAll offers files, and takes those out of the turn that are to be read again the next time. The last haul is left for the caller.
func (f Folder) readAll(ctx context.Context, names []string, t turn, take func(collect.Haul) error) (collect.Haul, error) {
	var h collect.Haul
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return h, err
		}
		if len(h.Offers) >= mostInHaul {
			waiting := h.Waiting
			h.Waiting = 0
			if err := take(h); err != nil {
				return h, err
			}
			h = collect.Haul{Waiting: waiting}
		}
		f.read(name, t, &h)
	}
	return h, nil
}

// read offers a file, once in a turn.
func (f Folder) read(name string, t turn, h *collect.Haul) {
	if t.read[name] != unread {
		return
	}
	path := f.file(name)
	data, err := load(path)
	if f.unsettled(path, t.is[name]) {
		t.wait(name, h)
		return
	}
	t.read[name] = whole
	is := t.is[name]
	if err == nil {
		is.Content = shortSum(data)
	}
	offer, draft, err := f.offer(name, path, data, err)
	switch {
	case err != nil:
		t.read[name] = broken
		h.Faults = append(h.Faults, collect.Fault{Name: name, Reason: inFile(path, err)})
	case draft:
		is.Address, is.Second = "", false
		h.Drafts = append(h.Drafts, name)
	default:
		f.claim(offer, is, t, h)
		return
	}
	t.is[name] = is
}

// claim offers an article behind what the files hold that had its address before: while one of them is there and has it, it keeps it.
func (f Folder) claim(offer collect.Offer, is stamp, t turn, h *collect.Haul) {
	name := offer.Name
	is.Address = addressSum(offer.Article.URL)
	for _, first := range t.holders[is.Address] {
		if first == name {
			break
		}
		if !t.shut.hide(first) {
			f.read(first, t, h)
		}
		switch {
		case t.read[first] == waits && t.is[first].Address == is.Address:
			t.wait(name, h)
			return
		case t.read[first] == broken, t.shut.hide(first):
			is.Second = true
			t.is[name] = is
			h.Faults = append(h.Faults, collect.Fault{Name: name, Reason: collect.AddressOf(first, name)})
			return
		}
	}
	if _, taken := t.first[is.Address]; !taken {
		t.first[is.Address] = name
	}
	is.Second = t.first[is.Address] != name
	t.is[name] = is
	h.Offers = append(h.Offers, offer)
}

// unsettled reports a file that may be half written, was changed since the folder was listed, or is gone since.
func (f Folder) unsettled(path string, listed stamp) bool {
	if age := f.Now().Sub(time.Unix(0, listed.Time)); age >= 0 && age < settled {
		return true
	}
	info, err := os.Stat(path)
	return err != nil || !stampOf(info).same(listed)
}

// wait leaves a file for the next time. Until then it holds what it held.
func (t turn) wait(name string, h *collect.Haul) {
	h.Waiting++
	t.read[name] = waits
	held := t.is[name]
	if held.Address == "" {
		delete(t.is, name)
		return
	}
	held.Size, held.Time = 0, 0
	t.is[name] = held
}

// file is the path of a file by its name.
func (f Folder) file(name string) string {
	return filepath.Join(f.Path, filepath.FromSlash(pathOf(name)))
}

// shortSum tells a text from others in few bytes.
func shortSum(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:8])
}

// addressSum tells an address from others in few bytes, for marks that name many; that of no page is empty.
func addressSum(address string) string {
	canonical, err := newsletter.CanonicalURL(address)
	if err != nil {
		return ""
	}
	return shortSum([]byte(canonical))
}

// inFile is an error about a file whose name is told beside it.
func inFile(path string, err error) string {
	if errors.Is(err, fs.ErrPermission) && !strings.Contains(err.Error(), ": ") {
		return noRight(err)
	}
	lines := strings.Split(err.Error(), "\n")
	for i, l := range lines {
		rest, named := strings.CutPrefix(l, path+":")
		if rest = strings.TrimSpace(rest); named && rest != "" && rest[0] >= '0' && rest[0] <= '9' {
			rest = "line " + rest
		}
		if named {
			lines[i] = rest
		}
	}
	return strings.ToValidUTF8(strings.Join(lines, "; "), "\uFFFD")
}

func (f Folder) offer(name, path string, data []byte, err error) (o collect.Offer, draft bool, e error) {
	if err != nil {
		return o, false, err
	}
	fields, body, err := parseFront(path, data)
	if err != nil {
		return o, false, err
	}
	if fields.isDraft() {
		return o, true, nil
	}
	file := File{Path: path}
	if file.Article, err = fields.whole(path, body, f.Zone); err == nil {
		file, err = file.withPicture()
	}
	return collect.Offer{Name: name, Article: file.Article, Picture: file.Picture, Identity: name}, false, err
}
