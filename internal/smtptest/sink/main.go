// Command sink is a mail server for measuring: it takes letters as fast as they come, keeps none, and reports how many
// copies each recipient got. It listens on the loopback interface unless told otherwise, delivers nothing, and reports when
// it is ended with Ctrl-C or SIGTERM.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"facteur/internal/smtptest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "sink:", err)
		os.Exit(1)
	}
}

type options struct {
	address string
	expect  string
	json    bool
	faults  smtptest.Faults
}

func parse(args []string, stderr io.Writer) (o options, err error) {
	flags := flag.NewFlagSet("sink", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.address, "addr", "127.0.0.1:2525", "where to listen")
	flags.StringVar(&o.expect, "expect", "", "a `file` of addresses, one a line, of which those are counted that got nothing")
	flags.BoolVar(&o.json, "json", false, "report as JSON")
	flags.DurationVar(&o.faults.Delay, "delay", 0, "how long a reply is on its way")
	flags.DurationVar(&o.faults.DotDelay, "dot-delay", 0, "wait before the reply to the final dot")
	flags.Float64Var(&o.faults.Later, "later", 0, "`share` of RCPT commands answered 451")
	flags.Float64Var(&o.faults.LaterDot, "later-dot", 0, "`share` of letters answered 451 at the final dot")
	flags.Float64Var(&o.faults.NoMailbox, "no-mailbox", 0, "`share` of recipients, always the same ones, answered 550")
	flags.Float64Var(&o.faults.DropBefore, "drop-before", 0, "`share` of letters not taken, the connection closed within the content")
	flags.Float64Var(&o.faults.DropAfter, "drop-after", 0, "`share` of letters taken, the connection closed instead of a reply")
	flags.IntVar(&o.faults.Letters, "letters", 0, "letters on one connection before 421; 0: any number")
	flags.IntVar(&o.faults.Connections, "connections", 0, "connections at once before 421; 0: any number")
	flags.Uint64Var(&o.faults.Seed, "seed", 1, "of the chances")
	if err = flags.Parse(args); err == nil && flags.NArg() > 0 {
		err = fmt.Errorf("%q is no option", flags.Arg(0))
	}
	return o, err
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	o, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", o.address)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(stderr, "listening on", l.Addr()); err != nil {
		return err
	}
	sink := smtptest.NewSink(o.faults)
	if err := sink.Serve(ctx, l); err != nil {
		return err
	}
	return o.report(stdout, sink)
}

// A result is what the sink counted, and what it cost.
type result struct {
	smtptest.Report
	Expected  int           `json:"expected"`  // addresses of -expect
	Forgotten int           `json:"forgotten"` // of them, who got nothing
	CPU       time.Duration `json:"cpu_ns"`    // of this process
}

func (o options) report(w io.Writer, sink *smtptest.Sink) (err error) {
	r := result{Report: sink.Report()}
	if r.CPU, err = usedCPU(); err != nil {
		return err
	}
	if r.Expected, r.Forgotten, err = o.forgotten(sink); err != nil {
		return err
	}
	if o.json {
		return json.NewEncoder(w).Encode(r)
	}
	_, err = io.WriteString(w, r.String())
	return err
}

// forgotten counts who was to get a letter, and who of them got none.
func (o options) forgotten(sink *smtptest.Sink) (expected, forgotten int, err error) {
	if o.expect == "" {
		return 0, 0, nil
	}
	file, err := os.Open(o.expect)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		address := strings.TrimSpace(lines.Text())
		if address == "" {
			continue
		}
		expected++
		if sink.Copies(address).Number == 0 {
			forgotten++
		}
	}
	return expected, forgotten, lines.Err()
}

func usedCPU() (time.Duration, error) {
	var used syscall.Rusage
	err := syscall.Getrusage(syscall.RUSAGE_SELF, &used)
	return time.Duration(used.Utime.Nano() + used.Stime.Nano()), err
}

func (r result) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "letters     %d in %.2f s, %.0f a second; %d MB on %d connections\n",
		r.Letters, r.Took.Seconds(), float64(r.Letters)/max(r.Took.Seconds(), 1e-9), r.Bytes/1_000_000, r.Connections)
	fmt.Fprintf(&b, "recipients  %d: %d with one copy, %d with more\n", r.Recipients, r.Once, r.More)
	fmt.Fprintf(&b, "copies      %d extra, %d of them not to be known by their Message-ID\n", r.Extra, r.Strange)
	fmt.Fprintf(&b, "faults      %d commands or letters refused, %d connections dropped\n", r.Refused, r.Dropped)
	if r.Expected > 0 {
		fmt.Fprintf(&b, "forgotten   %d of %d\n", r.Forgotten, r.Expected)
	}
	if r.Letters > 0 {
		fmt.Fprintf(&b, "cpu         %.1f µs a letter\n", float64(r.CPU.Microseconds())/float64(r.Letters))
	}
	return b.String()
}
