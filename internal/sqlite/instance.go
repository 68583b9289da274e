package sqlite

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"facteur/internal/durable"
)

// An instance names an installation and counts its steps.
type instance struct {
	id      string // 32 hexadecimal digits
	counter int64
}

// InstanceFile is the name of the file beside the database.
const InstanceFile = "instance"

const instanceHead = "# By this facteur knows its data folder from a copy. Leave it as it is; docs/operations.md tells more: Backup and restore.\n"

func (i instance) text() string {
	return fmt.Sprintf("%sid %s\ncounter %d\n", instanceHead, i.id, i.counter)
}

var errInstance = errors.New("its file instance cannot be read")

// parseInstance reads what text wrote, and nothing else.
func parseInstance(text string) (instance, error) {
	id, rest, _ := strings.Cut(strings.TrimPrefix(text, instanceHead+"id "), "\n")
	digits, _, _ := strings.Cut(strings.TrimPrefix(rest, "counter "), "\n")
	counter, err := strconv.ParseInt(digits, 10, 64)
	i := instance{id, counter}
	if err != nil || len(id) != 32 || counter < 0 || i.text() != text {
		return instance{}, errInstance
	}
	return i, nil
}

const instanceMost = 1 << 12 // bytes, more than it ever has

func readInstance(folder string) (i instance, there bool, err error) {
	text, err := os.ReadFile(filepath.Join(folder, InstanceFile))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return i, false, nil
	case err != nil || len(text) > instanceMost:
		return i, true, errInstance
	}
	i, err = parseInstance(string(text))
	return i, true, err
}

// writeInstance puts the file in its place. The caller holds the sender's lock, so nobody else writes it.
func writeInstance(folder string, i instance) error {
	path := filepath.Join(folder, InstanceFile)
	if err := durable.Write(path, path+".new", []byte(i.text())); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

func removeInstance(folder string) error {
	if err := os.Remove(filepath.Join(folder, InstanceFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return durable.Folder(folder)
}
