package docs_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"
)

// What the container's build is given is enough to build, and holds nobody's data: the files that
// deploy/Dockerfile.dockerignore leaves are copied, and the line that the Dockerfile runs is run on them.
func TestContainerBuilds(t *testing.T) {
	if _, err := exec.LookPath("make"); err != nil {
		t.Skip("make is not here; apt-get install make")
	}
	rules := strings.Split(read(t, "../deploy/Dockerfile.dockerignore"), "\n")
	for _, private := range []string{".git", "data/facteur.db", "data/keys", "data/outbox", "data/demo", "facteur.toml", "smtp.password", "deploy"} {
		if !ignored(rules, private) {
			t.Errorf("%s is given to the builder", private)
		}
	}
	context := t.TempDir()
	copyContext(t, rules, "..", context)
	dockerfile := read(t, "../deploy/Dockerfile")
	const line = `make build STATIC=1 VERSION="$VERSION"`
	if !strings.Contains(dockerfile, "RUN "+line) {
		t.Fatalf("the Dockerfile does not run %s", line)
	}
	build := exec.CommandContext(t.Context(), "bash", "-c", line)
	build.Dir, build.Env = context, append(os.Environ(), "VERSION=v0.0.0-container")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := exec.CommandContext(t.Context(), filepath.Join(context, "bin", "facteur"), "version").CombinedOutput()
	if err != nil || !strings.HasPrefix(string(out), "facteur v0.0.0-container ") {
		t.Errorf("the program says %q, %v", out, err)
	}
}

// copyContext copies what the rules leave.
func copyContext(t *testing.T, rules []string, from, to string) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(from), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case ignored(rules, name) && entry.IsDir():
			return fs.SkipDir
		case ignored(rules, name):
			return nil
		case entry.IsDir():
			return os.MkdirAll(filepath.Join(to, name), 0o755)
		}
		return os.WriteFile(filepath.Join(to, name), []byte(read(t, filepath.Join(from, name))), 0o755)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// ignored judges a file or a folder: the last rule that fits decides (Docker's reference, ".dockerignore files"). Rules
// with "**" are not understood, for there are none.
func ignored(rules []string, name string) bool {
	is := false
	for _, rule := range rules {
		pattern, kept := strings.CutPrefix(rule, "!")
		if fits, err := path.Match(pattern, name); err == nil && fits && !strings.HasPrefix(rule, "#") {
			is = !kept
		}
	}
	return is
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
