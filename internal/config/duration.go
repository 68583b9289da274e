package config

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Duration is a length of time that may be written in days: "30d", "1d12h", "90m". A day is 24 hours.
type Duration time.Duration

var errDuration = errors.New(`not a duration such as "90s", "48h" or "30d"`)

// ParseDuration reads what [time.ParseDuration] reads, and whole days before it. Lengths below zero are refused.
func ParseDuration(s string) (Duration, error) {
	var total time.Duration
	rest := s
	if days, after, found := strings.Cut(s, "d"); found {
		n, err := strconv.ParseUint(days, 10, 32)
		if err != nil || n > uint64(math.MaxInt64/day) {
			return 0, errDuration
		}
		total, rest = time.Duration(n)*day, after
		if rest == "" {
			return Duration(total), nil
		}
	}
	d, err := time.ParseDuration(rest)
	if err != nil || d < 0 || strings.ContainsAny(rest, "+-") || total > math.MaxInt64-d {
		return 0, errDuration
	}
	return Duration(total + d), nil
}

// String writes whole days as days and leaves out what is zero: "2d", "1d12h", "5m".
func (d Duration) String() string {
	days, rest := time.Duration(d)/day, time.Duration(d)%day
	var b strings.Builder
	if days > 0 {
		fmt.Fprintf(&b, "%dd", days)
	}
	if rest > 0 || days == 0 {
		s := rest.String()
		if strings.HasSuffix(s, "m0s") {
			s = strings.TrimSuffix(s, "0s")
		}
		if strings.HasSuffix(s, "h0m") {
			s = strings.TrimSuffix(s, "0m")
		}
		b.WriteString(s)
	}
	return b.String()
}

// MarshalText makes a duration a text in JSON, as it is in the settings file.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }
