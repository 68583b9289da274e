package app_test

import (
	"flag"
	"runtime"
	"strconv"
	"testing"
)

// besideEachOther is how many tests of this package run beside each other at least: each waits for the disk, which every commit is written to, for more
// than half of its time, and a processor for each would stand idle. -parallel says otherwise.
const besideEachOther = 4

func TestMain(m *testing.M) {
	flag.Parse()
	asked := false
	flag.Visit(func(f *flag.Flag) { asked = asked || f.Name == "test.parallel" })
	if !asked && runtime.GOMAXPROCS(0) < besideEachOther {
		if err := flag.Set("test.parallel", strconv.Itoa(besideEachOther)); err != nil {
			panic(err)
		}
	}
	m.Run()
}
