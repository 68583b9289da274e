// Command facteur writes and delivers the newsletter of a news site.
package main

import (
	"context"
	"os"
	"os/signal"
	"os/user"
	"strconv"
	"strings"
	"syscall"
	"time"
	_ "time/tzdata" // the zones of newsletters, on machines that have none

	"golang.org/x/term"

	"facteur/internal/cli"
)

// version is set by the linker: -ldflags "-X main.version=v0.1.0".
var version = ""

func main() { os.Exit(run()) }

func run() (code int) {
	// The first signal asks for a polite end. It also puts the ordinary meaning of signals back, so that a second one kills.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return cli.Run(ctx, cli.IO{
		Program: called(),
		Args:    os.Args[1:],
		Stdin:   os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Environ:     os.Environ(),
		User:        userName(),
		InTerminal:  term.IsTerminal(int(os.Stdin.Fd())),
		OutTerminal: term.IsTerminal(int(os.Stdout.Fd())),
		ErrTerminal: term.IsTerminal(int(os.Stderr.Fd())),
		Columns:     columns(),
		Version:     version,
		Now:         time.Now,
	})
}

// called is the path by which the program was called, empty where the shell found it.
func called() string {
	if !strings.ContainsRune(os.Args[0], os.PathSeparator) {
		return ""
	}
	return os.Args[0]
}

// columns is how wide the terminal is on which answers are read.
func columns() int {
	width, _, err := term.GetSize(int(os.Stdout.Fd()))
	if err != nil {
		return 0 // no terminal
	}
	return width
}

// userName is who runs the program; the number of a user that has no name.
func userName() string {
	who, err := user.Current()
	if err != nil {
		return "user " + strconv.Itoa(os.Getuid())
	}
	return who.Username
}
