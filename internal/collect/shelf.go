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

	// Stands lists what editors decided of articles by hand: of one, or of all where id is 0.
	Stands(ctx context.Context, id int64) ([]newsletter.Stand, error)

	// Story lists the articles that are one story with another, that one among them; the one that leads comes first.
	Story(ctx context.Context, id int64) ([]Member, error)

	// MergeArticles makes the stories of two articles one, led by the first whatever their sources. SplitArticle undoes that: the story that the
	// article was of before is apart again. Out of a story that nobody put together it takes the article alone. Nothing but MergeArticles brings
	// together what was split; it is led by the priorities of the sources that the settings declare. Where the article is alone, that is
	// newsletter.ErrInvalid.
	MergeArticles(ctx context.Context, lead, other int64) error
	SplitArticle(ctx context.Context, id int64, declared map[string]int) error

	// InboxRefused lists refused rows of the inbox by their ids, with the reasons, the latest first.
	InboxRefused(ctx context.Context, limit int) ([]Refusal, error)
}
