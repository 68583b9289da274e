package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"facteur/internal/address"
	"facteur/internal/app"
	"facteur/internal/newsletter"
)

func (s *shell) subscriberExport() *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use: "export ADDRESS", Short: "Write down everything known about a person, as JSON",
		Long: `Write down everything known about a person, as JSON: who they are, their subscriptions with each consent and the
wording they saw, every letter with every attempt, a suppression. docs/privacy.md names the fields; they stay. It is
what the law lets a person ask for, and meant to be handed to them.`,
		Example: "  facteur subscriber export lea@example.org -o lea.json\n  facteur subscriber export lea@example.org | jq .subscriptions",
		Args:    takes("ADDRESS"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.withAddress(cmd.Context(), mustExist, args[0], func(a *app.App, who address.Address) error {
				out, err := a.Register.Export(cmd.Context(), who.String())
				if errors.Is(err, newsletter.ErrNotFound) {
					return unknownAddress(who)
				}
				if err != nil {
					return err
				}
				if output == "" {
					return s.print(&page{Buffer: *bytes.NewBuffer(out)})
				}
				return writeNew(output, out)
			})
		},
	}
	cmd.Flags().StringVarP(&output, "output", "o", "", "write into a new `file` that only you can read")
	return cmd
}

// writeNew makes a file with somebody's data in it, for its owner's eyes, and takes the place of no other.
func writeNew(path string, content []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return &answer{code: BadFile, what: fmt.Sprintf("%s is there already", path), do: "choose another name: nothing was written", cause: err}
	}
	if err != nil {
		return &answer{code: BadFile, what: err.Error(), do: "check the path; nothing was written", cause: err}
	}
	_, err = f.Write(content)
	if err := errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}
