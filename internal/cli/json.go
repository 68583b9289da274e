package cli

import "github.com/spf13/cobra"

func answersInJSON() *cobra.Command {
	return &cobra.Command{Use: "json", Short: "What --json answers", Long: `With --json a command answers with one JSON value, an object or a list, and with nothing else on standard output.

  Fields   are named in lower case, with underscores. One that has nothing to say may be left out.
  Times    are as RFC 3339 has them, on the clock of the newsletter, or of what belongs to none, such as an article
           or a source, of the newsletter whose name comes first. One that is named by what happened (published,
           arrived, tried, succeeded, checked, approved) tells when it did last, first_failed when it did first;
           at is when what it stands in was; since and until are when a state began and ends; next and opens are
           still to come.
  Slots    are what digest why --at takes: the minute on that clock, without a zone.
  Editions are named NAME/NUMBER. carried_by is one of them beside a rule, and all of them beside an article.
  Articles are named by their number: id where the article itself is told, article where something about it is.
  stance   is what an editor decided of an article by hand, in one newsletter: pinned, lead or excluded.
  sign     is by what an article was found to be one story with another, as docs/articles.md has them.
  fresh    is how many of 100 words of an article's text are new since an edition brought it, changed when that was.
  computed is when verdicts were worked out that were not recorded; remark says by what, where at is past.
  left_out, refused_in_inbox are sentences for people, as what, do, reason and remark are.`}
}
