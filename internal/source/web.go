package source

import (
	"context"
	"errors"
)

// A Question asks a server for a file, unless it is still the one that is known.
type Question struct {
	Address  string
	Accept   string
	ETag     string // of the one that is known, and the same for the next; empty: none is (RFC 9110 §8.8)
	Modified string
	Most     int64 // bytes; of a larger file one more is given
}

// A Reply is what a server answers.
type Reply struct {
	Same     bool // nothing has changed; all else is empty but Moved
	Body     []byte
	Type     string // Content-Type
	Address  string // after redirects
	Moved    string // where the file is for good, by its server; empty: where it was asked for
	ETag     string
	Modified string
}

// A Web asks servers of strangers. An error is in words for people, but for that of the context.
type Web func(ctx context.Context, q Question) (Reply, error)

// apart is what an error of a Web says, and what to do about it: what the error itself knows, else otherwise.
func apart(err error, otherwise string) (what, do string) {
	if known, ok := errors.AsType[interface {
		error
		Apart() (what, do string)
	}](err); ok {
		return known.Apart()
	}
	return err.Error(), otherwise
}
