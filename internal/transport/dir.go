package transport

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"time"

	"facteur/internal/durable"
	"facteur/internal/newsletter"
	"facteur/internal/outbox"
)

// Dir is the way out into a folder: each letter becomes a file of its own, named after its parcel, that mail programs
// open (.eml). A letter that is carried again takes the place of the same file.
type Dir struct {
	path string
}

// TakesUTF8 says that a file takes every address.
func (d *Dir) TakesUTF8() bool { return true }

// NewDir returns the way out into the folder at path, which Open makes if it is not there.
func NewDir(path string) *Dir { return &Dir{path: path} }

// Open makes sure of the folder. Letters name their readers, so it is the owner's alone.
func (d *Dir) Open(context.Context) (outbox.Courier, error) {
	if err := os.MkdirAll(d.path, 0o700); err != nil {
		return nil, fmt.Errorf("open the outbox folder: %w", err)
	}
	return d, nil
}

// Carry implements [outbox.Courier]. A file that cannot be written is an attempt without a code at the stage of the
// content, so the letter is due again later; the folder serves the next letter all the same.
func (d *Dir) Carry(ctx context.Context, next, _ outbox.Next, step outbox.Step) error {
	r := &round{next: next, step: step, lull: Timeouts{}.orDefaults().Lull}
	err := d.walk(ctx, r)
	return errors.Join(err, r.flush(ctx))
}

func (d *Dir) walk(ctx context.Context, r *round) error {
	for {
		p, ok, err := r.take(ctx)
		if err != nil || !ok {
			return err
		}
		started := time.Now()
		may, err := r.begin(ctx, p)
		if err != nil {
			return err
		}
		if may {
			stage, reply := d.deliver(p)
			r.settle(p, started, stage, reply)
		}
	}
}

var parcelName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]*$`)

func (d *Dir) deliver(p newsletter.Parcel) (newsletter.Stage, newsletter.Reply) {
	if !parcelName.MatchString(p.Name) {
		return newsletter.StageData, newsletter.NewReply(0, fmt.Sprintf("%q cannot name a letter's file", p.Name))
	}
	path := filepath.Join(d.path, p.Name+".eml")
	draft := filepath.Join(d.path, "."+p.Name+".eml.tmp") // the next try writes over what a crash left there
	if err := durable.Write(path, draft, p.Content.Append(nil)); err != nil {
		return newsletter.StageData, newsletter.NewReply(0, err.Error())
	}
	return newsletter.StageDone, newsletter.Reply{Code: 250, Enhanced: "2.0.0", Text: "written to " + path}
}

// letterFile is the name of a letter's file, or of its draft: a parcel's name ends in the number of its delivery.
var letterFile = regexp.MustCompile(`^\.?[A-Za-z0-9][A-Za-z0-9-]*-([0-9]+)\.eml(\.tmp)?$`)

// Forget removes the files of deliveries for good, drafts that a crash left included (RGPD art. 17).
func (d *Dir) Forget(deliveries []int64) error {
	if len(deliveries) == 0 {
		return nil
	}
	folder, err := os.Open(d.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	names, err := folder.Readdirnames(-1)
	if err != nil {
		return errors.Join(err, folder.Close())
	}
	meant := make(map[string]bool, len(deliveries))
	for _, id := range deliveries {
		meant[strconv.FormatInt(id, 10)] = true
	}
	for _, name := range names {
		if m := letterFile.FindStringSubmatch(name); m != nil && meant[m[1]] {
			if gone := os.Remove(filepath.Join(d.path, name)); !errors.Is(gone, fs.ErrNotExist) {
				err = errors.Join(err, gone)
			}
		}
	}
	return errors.Join(err, folder.Sync(), folder.Close())
}
