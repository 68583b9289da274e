// Package schedule says when things are due: the slots of a newsletter, and the runs of named jobs, one at a time each.
//
// A cron specification is read on the clock on the wall, as if there were no zone; only then is a minute turned into
// an instant ([newsletter.Slot.In]). So a minute that the clock jumps over is due when it jumps, a minute that it shows twice is due
// the first time, and a later slot is never due before an earlier one. Nothing is kept here: which slots have been
// decided is the caller's to remember, and the last of them is all that it takes to find those that were missed.
//
// A [Runner] has no memory either: a job's run that was missed while the program was off is not made up for.
package schedule
