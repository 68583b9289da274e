package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// confirm asks for the number of people that something is about to reach. yes is the answer of scripts.
func (s *shell) confirm(ctx context.Context, yes bool, what string, number int) error {
	if yes {
		return nil
	}
	if !s.InTerminal {
		return &answer{code: Misused, what: fmt.Sprintf("%s: standard input is no terminal, so %d cannot be typed to confirm it", what, number), do: "add --yes if this is meant; nothing was changed"}
	}
	if _, err := fmt.Fprintf(s.Stderr, "%s.\nType %d to go on, anything else to leave it: ", what, number); err != nil {
		return err
	}
	typed, err := s.readLine(ctx)
	if err != nil {
		return err
	}
	if strings.TrimSpace(typed) != strconv.Itoa(number) {
		return &answer{code: NotPossible, what: "not confirmed", do: "nothing was changed"}
	}
	return nil
}

// readLine reads what a person types, and gives up when ctx ends.
func (s *shell) readLine(ctx context.Context) (string, error) {
	type read struct {
		line string
		err  error
	}
	done := make(chan read, 1) // after ctx nobody waits for it
	go func() {
		line, err := bufio.NewReader(s.Stdin).ReadString('\n')
		done <- read{line, err}
	}()
	select {
	case r := <-done:
		if errors.Is(r.err, io.EOF) {
			return r.line, nil
		}
		return r.line, r.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}
