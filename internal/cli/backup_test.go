package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"testing"
)

func TestUnwritten_SaysThatNothingIsKept(t *testing.T) {
	other := errors.New("the disk is away")
	for _, tt := range []struct {
		err      error
		code     Code
		what, do string
	}{
		{fmt.Errorf("a.tar: %w", fs.ErrExist), BadFile, "a.tar is there already", "choose another name: nothing was written"},
		{fmt.Errorf("copy: %w", context.Canceled), Interrupted, "stopped before the end", "nothing was written; run the command again"},
		{other, Unexpected, "the disk is away", "--verbose tells more; if it stays, report it with this line"},
	} {
		if told := tell(unwritten("a.tar", tt.err)); told.code != tt.code || told.what != tt.what || told.do != tt.do {
			t.Errorf("%v: %d %q %q", tt.err, told.code, told.what, told.do)
		}
	}
}
