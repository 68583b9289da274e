package main

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A postfix is Debian's mail server, running for one test: on a port of this machine that was free, with its
// configuration, queue and mailboxes in a folder of its own. Nothing else of the machine is touched.
type postfix struct {
	t       *testing.T
	folder  string
	port    int
	log     chan string
	said    []string // what was taken from log
	awaited int      // letters
}

// sites are what a postfix serves.
type sites struct {
	domains   []string
	mailboxes map[string]string // by address; several may share one
	greylist  *greylist
}

// nobody owns the mailboxes.
const nobody = 65534

// startPostfix starts it and waits until it takes connections. It needs root, as its master does.
func startPostfix(t *testing.T, s sites) *postfix {
	t.Helper()
	if os.Geteuid() != 0 {
		missing(t, "only root can start Postfix; run this test as root")
	}
	needs(t, "postfix", "apt-get install postfix")
	folder, err := os.MkdirTemp("", "facteur-postfix-") //nolint:usetesting // Postfix's users may not enter a t.TempDir
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(folder); err != nil {
			t.Error(err)
		}
	})
	p := &postfix{t: t, folder: folder, port: freePort(t), log: make(chan string, 100_000)}
	p.write(s)
	p.run()
	p.await(t, "its start", 1, "daemon started")
	return p
}

// needs finds a program that a machine may lack.
func needs(t *testing.T, program, install string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		missing(t, program+" is not here; "+install)
	}
	return path
}

// missing skips aloud, and fails where nothing may be skipped.
func missing(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(why)
	}
	t.Skip("SKIPPED: no letter goes through a real mail server; " + why)
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port
}

// Only what differs from Postfix's own defaults; see postconf(5).
const mainCF = `compatibility_level = 3.6
queue_directory = %[1]s/queue
data_directory = %[1]s/state
maillog_file = /dev/stdout
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
myhostname = mx.lecteurs.example
mydestination =
alias_maps =
alias_database =
recipient_delimiter = +
smtputf8_enable = yes
virtual_mailbox_domains = %[2]s
virtual_mailbox_base = %[1]s/mail
virtual_mailbox_maps = texthash:%[1]s/conf/mailboxes
virtual_uid_maps = static:%[3]d
virtual_gid_maps = static:%[3]d
smtpd_recipient_restrictions = reject_unauth_destination, reject_unlisted_recipient, check_policy_service inet:%[4]s
`

// See master(5). None is put into a chroot, where it would lack what Debian copies there at its own start.
const masterCF = `127.0.0.1:%d inet n - n - - smtpd
pickup   unix n - n 60 1 pickup
cleanup  unix n - n - 0 cleanup
qmgr     unix n - n 300 1 qmgr
rewrite  unix - - n - - trivial-rewrite
bounce   unix - - n - 0 bounce
defer    unix - - n - 0 bounce
trace    unix - - n - 0 bounce
error    unix - - n - - error
retry    unix - - n - - error
proxymap unix - - n - - proxymap
virtual  unix - n n - - virtual
anvil    unix - - n - 1 anvil
postlog  unix-dgram n - n - 1 postlogd
`

// write makes the folder.
func (p *postfix) write(s sites) {
	p.t.Helper()
	owner, err := user.Lookup("postfix")
	p.check(err)
	uid, err := strconv.Atoi(owner.Uid)
	p.check(err)
	for name, of := range map[string]int{"": 0, "conf": 0, "queue": 0, "state": uid, "mail": nobody} {
		path := filepath.Join(p.folder, name)
		p.check(os.MkdirAll(path, 0o755))
		p.check(os.Chmod(path, 0o755))
		p.check(os.Chown(path, of, 0))
	}
	var mailboxes strings.Builder
	for address, mailbox := range s.mailboxes {
		fmt.Fprintf(&mailboxes, "%s %s/\n", address, mailbox) // the slash makes it a Maildir
	}
	for name, text := range map[string]string{
		"main.cf":   fmt.Sprintf(mainCF, p.folder, strings.Join(s.domains, " "), nobody, s.greylist.listen(p.t)),
		"master.cf": fmt.Sprintf(masterCF, p.port), "mailboxes": mailboxes.String(),
	} {
		p.check(os.WriteFile(filepath.Join(p.folder, "conf", name), []byte(text), 0o644))
	}
}

// run starts it in the foreground. A shell waits beside it and stops it when the test's end of a pipe is closed, so that
// it ends with the test however that ends.
func (p *postfix) run() {
	p.t.Helper()
	shell := exec.Command("sh", "-c", `postfix -c "$1" start-fg & cat >/dev/null; postfix -c "$1" stop; wait`, "sh", filepath.Join(p.folder, "conf"))
	end, err := shell.StdinPipe()
	p.check(err)
	reader, writer, err := os.Pipe()
	p.check(err)
	shell.Stdout, shell.Stderr = writer, writer
	p.check(shell.Start())
	p.check(writer.Close())
	go func() {
		defer close(p.log)
		lines := bufio.NewScanner(reader)
		for lines.Scan() {
			p.log <- lines.Text()
		}
	}()
	p.t.Cleanup(func() {
		_ = end.Close()
		for line := range p.log {
			p.said = append(p.said, line)
		}
		_ = shell.Wait()
		if p.t.Failed() {
			p.t.Logf("Postfix said at last:\n%s", strings.Join(p.said[max(0, len(p.said)-40):], "\n"))
		}
	})
}

// await reads the log until n lines in all hold a text.
func (p *postfix) await(t *testing.T, what string, n int, text string) {
	t.Helper()
	for _, line := range p.said {
		if strings.Contains(line, text) {
			n--
		}
	}
	deadline := time.After(3 * time.Minute)
	for n > 0 {
		select {
		case line, open := <-p.log:
			if !open {
				t.Fatalf("Postfix ended before %s", what)
			}
			p.said = append(p.said, line)
			if strings.Contains(line, text) {
				n--
			}
		case <-deadline:
			t.Fatalf("Postfix has not come to %s: %d lines with %q are missing", what, n, text)
		}
	}
}

// delivered waits until n letters more are in the mailboxes than were waited for before.
func (p *postfix) delivered(t *testing.T, n int) {
	t.Helper()
	p.awaited += n
	p.await(t, fmt.Sprintf("the delivery of %d letters", n), p.awaited, "status=sent (delivered to maildir)")
}

// address is where it takes letters.
func (p *postfix) address() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(p.port)) }

// mailbox returns the letters in a mailbox, in no order, and empties it.
func (p *postfix) mailbox(t *testing.T, name string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(p.folder, "mail", name, "new", "*"))
	if err != nil {
		t.Fatal(err)
	}
	var letters []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err := errors.Join(err, os.Remove(file)); err != nil {
			t.Fatal(err)
		}
		letters = append(letters, string(text))
	}
	return letters
}

func (p *postfix) check(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}
