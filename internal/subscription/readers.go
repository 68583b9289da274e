package subscription

import "context"

// ExportBy gives everything known about the reader of a managing link, as JSON. Errors as of LookManage.
func (r *Register) ExportBy(ctx context.Context, link string) ([]byte, error) {
	return nil, errNotBuilt
}

// EraseBy erases the reader of a managing link. Errors as of LookManage.
func (r *Register) EraseBy(ctx context.Context, link string) error { return errNotBuilt }
