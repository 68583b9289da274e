// Package app builds the program from settings and runs it. It is the only place where the stories meet the store, the
// wire, the pages and the schedule; main, the commands and the big tests all start here.
package app
