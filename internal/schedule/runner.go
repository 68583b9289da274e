package schedule

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/robfig/cron/v3"

	"facteur/internal/newsletter"
)

// A Runner runs named jobs at their times and when they are woken, each in a goroutine of its own and never twice at once: a
// run that comes due while the one before is still going is left out. An error or a panic of a job is logged with its name, and the job
// runs again the next time.
type Runner struct {
	zone *time.Location
	log  *slog.Logger
	jobs []job
}

type job struct {
	name string
	when cron.Schedule
	do   func(context.Context) error

	woken chan struct{} // full: it is to run at once
	turn  chan struct{} // full: a run is going
}

// New makes a runner that reads specifications on the wall clock of zone.
func New(zone *time.Location, log *slog.Logger) *Runner {
	return &Runner{zone: zone, log: log}
}

// Add gives a job its times, before Run. A specification is one that [Parse] accepts, or "@every 10m" for work that
// goes by elapsed time, in whole seconds from the beginning of Run. Errors: a [SpecificationError], or
// [newsletter.ErrExists] where the name is taken.
func (r *Runner) Add(name, specification string, do func(context.Context) error) error {
	if slices.ContainsFunc(r.jobs, func(j job) bool { return j.name == name }) {
		return fmt.Errorf("job %q: %w: give each job its own name", name, newsletter.ErrExists)
	}
	when, err := times(specification, r.zone)
	if err != nil {
		return fmt.Errorf("job %q: %w", name, err)
	}
	r.jobs = append(r.jobs, job{name, when, do, make(chan struct{}, 1), make(chan struct{}, 1)})
	return nil
}

// Wake has a job run at once, besides its times, or as soon as the run that is going has ended: that one may have looked
// already. Before Run it counts for its beginning. A name that no job has wakes none.
func (r *Runner) Wake(name string) {
	for _, j := range r.jobs {
		if j.name != name {
			continue
		}
		select {
		case j.woken <- struct{}{}:
		default: // it is to run anyway
		}
	}
}

// Check says what is wrong with a specification for a job; see [Runner.Add].
func Check(specification string) error {
	_, err := times(specification, time.UTC)
	return err
}

func times(specification string, zone *time.Location) (cron.Schedule, error) {
	text, err := tidy(specification)
	if err != nil {
		return nil, err
	}
	if length, every := interval(text); every {
		// The library would take whatever is shorter than a second, even less than nothing, for a second.
		if length < time.Second || length%time.Second != 0 {
			return nil, &SpecificationError{text, "is not an interval of whole seconds", `write it like "@every 10m"`}
		}
		return cron.Every(length), nil
	}
	s, err := Parse(text)
	return wallClock{s, zone}, err
}

// Run runs the jobs until ctx ends. From then on no run begins; those that are going see their context end, and Run
// returns when the last of them has.
func (r *Runner) Run(ctx context.Context) {
	c := cron.New(cron.WithLocation(r.zone), cron.WithLogger(journal{r.log}))
	var woken sync.WaitGroup
	for _, j := range r.jobs {
		log := r.log.With("job", j.name)
		run := j.recovered(ctx, log)
		c.Schedule(j.when, cron.FuncJob(func() { j.due(run, log) }))
		woken.Go(func() { j.wake(ctx, run) })
	}
	// A timer stands still while the machine sleeps and does not see its clock being set. With a wake-up every minute
	// cron looks at the clock again, and no run is later than that.
	c.Schedule(cron.Every(time.Minute), cron.FuncJob(func() {}))
	c.Start()
	<-ctx.Done()
	<-c.Stop().Done()
	woken.Wait()
}

// due runs the job, unless it is running.
func (j job) due(run cron.Job, log *slog.Logger) {
	select {
	case j.turn <- struct{}{}:
		run.Run()
		<-j.turn
	default:
		log.Info("job skipped: its last run is still going")
	}
}

// wake runs the job each time that it is woken.
func (j job) wake(ctx context.Context, run cron.Job) {
	for {
		select {
		case <-j.woken:
		case <-ctx.Done():
			return
		}
		select {
		case j.turn <- struct{}{}:
			run.Run()
			<-j.turn
		case <-ctx.Done():
			return
		}
	}
}

// recovered is one run. A panic ends there: one that went further would leave the job marked as running for ever.
func (j job) recovered(ctx context.Context, log *slog.Logger) cron.Job {
	return cron.NewChain(cron.Recover(journal{log})).Then(cron.FuncJob(func() {
		if ctx.Err() != nil {
			return
		}
		err := j.do(ctx)
		switch {
		case err == nil:
		case ctx.Err() != nil && errors.Is(err, ctx.Err()):
			log.Debug("job stopped")
		default:
			log.Error("job failed", "error", err)
		}
	}))
}

// wallClock is a specification as the library wants it: slots that are due together make one run.
type wallClock struct {
	specification Specification
	zone          *time.Location
}

func (w wallClock) Next(t time.Time) time.Time {
	_, due := w.specification.First(t, w.zone)
	return due
}

// journal is slog as the library wants it. Its bookkeeping is for debugging.
type journal struct{ log *slog.Logger }

func (j journal) Info(msg string, pairs ...any) {
	j.log.Debug("cron: "+msg, pairs...)
}

// Error is called for panics only.
func (j journal) Error(err error, msg string, pairs ...any) {
	j.log.Error("job: "+msg, append([]any{"error", err}, pairs...)...)
}
