package collect

import (
	"context"
	"time"

	"facteur/internal/newsletter"
)

// A Shelved is an article in a list: no text, and the editions that carried it.
type Shelved struct {
	newsletter.Article
	CarriedBy []string // such as "hebdo/42"

	Leader int64 // the article whose story it is; 0: its own

	PictureState  newsletter.PictureState // empty: it has none
	PictureReason string                  // why its latest fetch brought nothing
}

// A Shelf is what an editor asks of the stored articles.
type Shelf interface {
	// ListArticles lists articles of the sections named, the latest arrivals first; limit 0 is all. No names mean every
	// article, and the empty name those stored without a section.
	ListArticles(ctx context.Context, sections []string, limit int) ([]Shelved, error)

	// ArticleByURL and Articles read whole articles; one that is not there is newsletter.ErrNotFound.
	ArticleByURL(ctx context.Context, url string) (newsletter.Article, error)
	Articles(ctx context.Context, ids []int64) ([]newsletter.Article, error)

	// HideArticle keeps an article out of every later edition, or lets it in again.
	HideArticle(ctx context.Context, id int64, hidden bool, now time.Time) error

	// FileArticles gives articles a section, all or none, which they keep whatever their sources say. UnfileArticles gives them the sections that these
	// name: newsletter.ErrNotFound where one has that already.
	FileArticles(ctx context.Context, ids []int64, section string) error
	UnfileArticles(ctx context.Context, ids []int64) error

	// Stands lists what editors decided of articles by hand, by newsletter and in that order: of one and of what counts for it, or of all where id is 0. The pin of
	// one that was pinned before it was to lead is among them.
	Stands(ctx context.Context, id int64) ([]newsletter.Stand, error)

	// Story lists the articles that are one story with another, that one among them; the one that leads comes first.
	Story(ctx context.Context, id int64) ([]Member, error)

	// Partings lists what left the story of an article by itself, or of which story that article left, unless they are one again; of all articles where id is 0.
	Partings(ctx context.Context, id int64) ([]Parting, error)

	// MergeArticles makes the stories of two articles one, led by the first whatever their sources; what was decided of them by hand until then
	// counts for that one. SplitArticle undoes the latest merge of two stories, and the next time the one before it: the story that the article was
	// of is apart again, and both are what they were, under the leads they had. What was recognised since goes with what it is like, and is taken out
	// alone, as is an article of a story that nobody put together. Nothing but MergeArticles brings together what was split; where no editor chose
	// the lead, the priorities of the sources do that the settings declare. Where the article is alone, that is newsletter.ErrInvalid.
	MergeArticles(ctx context.Context, lead, other int64) error
	SplitArticle(ctx context.Context, id int64, declared map[string]int) error

	// InboxRefused lists refused rows of the inbox by their ids, with the reasons, the latest first.
	InboxRefused(ctx context.Context, limit int) ([]Refusal, error)
}
