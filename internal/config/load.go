package config

import (
	"cmp"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"
)

// DefaultFile is read where no other file is named, if it is there.
const DefaultFile = "facteur.toml"

// Names in the environment that are not settings of their own.
const (
	envFile        = envPrefix + "CONFIG"    // stands for --config
	envCredentials = "CREDENTIALS_DIRECTORY" // systemd.exec(5)
)

// Options is where settings come from.
type Options struct {
	File    string   // --config; must exist. Empty: $FACTEUR_CONFIG, else facteur.toml of the working directory if it is there
	Data    string   // --data; empty: not given
	Environ []string // as os.Environ gives it
	Cron    Cron     // nil: specifications are taken as they are

	Otherwise []byte // the text of a settings file, for where there is none
}

// Cron reads cron specifications. An error of it that has a Hint says with that how to write one.
type Cron interface {
	// Longest is the longest time between two slots in a zone.
	Longest(specification string, zone *time.Location) (time.Duration, error)
	// Check says what is wrong with a specification for a job.
	Check(specification string) error
}

// Load reads default, file, environment and flags, the later over the earlier, then fills secrets from their files, checks
// everything, and fills in what follows from other settings. The error is an [*Error] with all that is wrong.
func Load(o Options) (*Config, error) {
	l := newLoader()
	l.cron = o.Cron
	env := variables(o.Environ)

	l.path = cmp.Or(o.File, env[envFile])
	if err := l.readFile(o.Otherwise); err != nil {
		return nil, err
	}
	l.cfg.file = l.path
	l.environment(env)
	if o.Data != "" {
		l.cfg.Data = o.Data
		l.cfg.origins["data"] = Origin{Kind: FromFlag, Name: "--data"}
	}
	l.secrets(env[envCredentials])
	l.validate()
	if len(l.problems) == 0 {
		l.derive()
	}
	if len(l.problems) > 0 {
		return nil, &Error{Problems: l.problems}
	}
	return l.cfg, nil
}

// Origin is where the value of the key came from.
func (c *Config) Origin(key string) Origin { return c.origins[key] }

// loader gathers one Config and all that is wrong with it.
type loader struct {
	cfg      *Config
	cron     Cron
	path     string         // of the settings file; empty without one
	lines    map[string]int // of each key in that file
	problems []Problem
	bad      map[string]bool // keys and elements of arrays that were complained about
}

func newLoader() *loader {
	l := &loader{cfg: Default(), lines: map[string]int{}, bad: map[string]bool{}}
	l.cfg.origins, l.cfg.cas, l.cfg.longest = map[string]Origin{}, map[string]*x509.CertPool{}, map[string]Duration{}
	return l
}

// readFile applies the settings file, or where there is none, the text that stands for it. It fails only where nothing can be read from it at all.
func (l *loader) readFile(otherwise []byte) error {
	optional := l.path == ""
	l.path = cmp.Or(l.path, DefaultFile)
	raw, err := readLimited(l.path, maxFile)
	switch {
	case optional && errors.Is(err, fs.ErrNotExist):
		l.path = ""
		return l.document(otherwise)
	case errors.Is(err, fs.ErrNotExist):
		return problem(fmt.Sprintf("the settings file %s is not there", l.path),
			"name an existing file with --config, or leave it out to run with the defaults")
	case err != nil:
		return problem(fmt.Sprintf("cannot read the settings file: %v", err), "name a file that this user may read with --config")
	}
	return l.document(raw)
}

// document applies the text of the settings file.
func (l *loader) document(raw []byte) error {
	doc, err := parse(l.path, raw)
	if err != nil {
		return err
	}
	l.lines = doc.lines
	l.table(tree(l.cfg), "", doc.values, Origin{Kind: FromFile, Name: l.path})
	return nil
}

// variables makes a map of "NAME=value" entries; of a name that stands twice the last one counts, as it does for exec.
func variables(environ []string) map[string]string {
	env := make(map[string]string, len(environ))
	for _, entry := range environ {
		if name, value, found := strings.Cut(entry, "="); found {
			env[name] = value
		}
	}
	return env
}

// environment applies the FACTEUR_ variables.
func (l *loader) environment(env map[string]string) {
	known := map[string][]setting{}
	names := []string{envFile}
	for _, s := range settings(l.cfg) {
		name := EnvName(s.key)
		known[name] = append(known[name], s)
		names = append(names, name)
	}
	for _, name := range sortedKeys(env) {
		if !strings.HasPrefix(name, envPrefix) || name == envFile {
			continue
		}
		origin := Origin{Kind: FromEnvironment, Name: name}
		switch found := known[name]; len(found) {
		case 0:
			l.complain(origin, "no setting has this name", suggest(name, names))
		case 1:
			l.setText(found[0], env[name], origin)
		default:
			l.complain(origin, fmt.Sprintf("it stands for both %s and %s", found[0].key, found[1].key), "set them in the settings file")
		}
	}
}

// text is the value of a key that holds a text, empty where there is no such key.
func (l *loader) text(key string) string {
	list := settings(l.cfg)
	i := slices.IndexFunc(list, func(s setting) bool { return s.key == key })
	if i < 0 {
		return ""
	}
	return list[i].value.String()
}

// complain notes a problem of what stands at origin.
func (l *loader) complain(origin Origin, what, do string) {
	l.problems = append(l.problems, Problem{What: fmt.Sprintf("%s: %s", origin, what), Do: do})
}

// reject notes a problem of a key's value.
func (l *loader) reject(key string, origin Origin, what, do string) {
	l.bad[key] = true
	l.complain(origin, what, do)
}

// spoiled says whether a key was complained about, or an element of it.
func (l *loader) spoiled(key string) bool {
	for bad, is := range l.bad {
		if is && (bad == key || strings.HasPrefix(bad, key+"[")) {
			return true
		}
	}
	return false
}

// maxFile is far more than a settings file needs; it keeps a wrong path from filling the memory.
const maxFile = 1 << 20

var errTooLarge = errors.New("the file is too large")

// readLimited reads a file of at most limit bytes.
func readLimited(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read from
	raw, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(raw)) > limit {
		err = fmt.Errorf("read %s: %w", path, errTooLarge)
	}
	return raw, err
}
