package subscription

import "context"

// AskLink takes a form by which somebody asks for the link to their own page. Known and unknown addresses get the same
// answer.
func (r *Register) AskLink(ctx context.Context, v Visit, text string) (Answer, error) {
	return Answer{}, errNotBuilt
}

// ExportBy gives everything known about the reader of a managing link, as JSON. Errors as of LookManage.
func (r *Register) ExportBy(ctx context.Context, link string) ([]byte, error) {
	return nil, errNotBuilt
}

// EraseBy erases the reader of a managing link. Errors as of LookManage.
func (r *Register) EraseBy(ctx context.Context, link string) error { return errNotBuilt }
