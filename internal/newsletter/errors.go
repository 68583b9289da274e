package newsletter

import "errors"

// What can go wrong in a story and is decided on by its callers. They are wrapped with the operation that met them.
var (
	ErrNotFound  = errors.New("not found")
	ErrExists    = errors.New("exists already")
	ErrState     = errors.New("not possible in this state")
	ErrInvalid   = errors.New("invalid")
	ErrBusy      = errors.New("busy")
	ErrAmbiguous = errors.New("ambiguous")
)
