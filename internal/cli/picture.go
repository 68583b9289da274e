package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"facteur/internal/app"
	"facteur/internal/collect"
	"facteur/internal/newsletter"
)

// pictureView is an article's picture; nil: it has none.
type pictureView struct {
	Source string                  `json:"source"`
	Alt    string                  `json:"alt"`
	State  newsletter.PictureState `json:"state,omitempty"`
	Reason string                  `json:"reason,omitempty"` // why the latest fetch brought nothing
	Tries  int                     `json:"tries,omitempty"`
	Tried  time.Time               `json:"tried,omitzero"`
	Next   time.Time               `json:"next,omitzero"`
	Path   string                  `json:"path,omitempty"` // on the public pages
	Width  int                     `json:"width,omitempty"`
	Height int                     `json:"height,omitempty"`
}

// look asks what became of a picture.
func (v *pictureView) look(ctx context.Context, a *app.App, zone *time.Location) error {
	if v == nil {
		return nil
	}
	i, err := a.Store.Illustration(ctx, v.Source)
	if errors.Is(err, newsletter.ErrNotFound) {
		return nil
	}
	v.tell(i, zone)
	return err
}

func (v *pictureView) tell(i collect.Illustration, zone *time.Location) {
	v.State, v.Reason, v.Tries, v.Tried, v.Next = i.State, i.Reason, i.Tries, i.Tried.In(zone), i.Next.In(zone)
	if i.State == newsletter.PictureKept {
		v.Path, v.Width, v.Height = i.Picture.Path(), i.Picture.Width, i.Picture.Height
	}
}

// short is one word for a list.
func (v *pictureView) short() string {
	if v == nil {
		return ""
	}
	return string(v.State)
}

func (v *pictureView) page(p *page, zone *time.Location) {
	if v == nil {
		return
	}
	p.facts("picture", v.Source, "says", v.says(), "state", v.told(zone))
}

// says is what the picture tells to who does not see it.
func (v *pictureView) says() string {
	if v.Alt == "" {
		return "none: it only decorates"
	}
	return v.Alt
}

// told says in a line how far the picture is.
func (v *pictureView) told(zone *time.Location) string {
	switch {
	case v.State == newsletter.PictureKept:
		return fmt.Sprintf("kept, %d × %d, %s", v.Width, v.Height, v.Path)
	case v.State == newsletter.PictureFailed:
		return fmt.Sprintf("failed after %s: %s", count(v.Tries, "try", "tries"), v.Reason)
	case v.Tries > 0:
		return fmt.Sprintf("waiting, again at %s: %s", stamp(v.Next, zone), v.Reason)
	}
	return string(v.State)
}

type fetchView struct {
	ID      int64       `json:"id"`
	Title   string      `json:"title"`
	Picture pictureView `json:"picture"`
}

func (s *shell) articleFetch() *cobra.Command {
	return &cobra.Command{
		Use: "fetch ARTICLE…", Short: "Fetch the pictures of articles now, once more where they are kept",
		Long: `Fetch the pictures of articles now, and say what came of it.

serve fetches each picture by itself when its article arrives. This is for one that failed and was mended,
and for one that its site replaced under the same address. Published editions keep the picture they had.`,
		Example: "  facteur article fetch 12",
		Args:    takes("ARTICLE…"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.with(cmd.Context(), mustExist, func(a *app.App) error {
				var views []fetchView
				for _, text := range args {
					v, err := fetchPicture(cmd.Context(), a, text)
					if err != nil {
						return err
					}
					views = append(views, v)
				}
				return s.fetched(views, a.Newsletters[0].Zone)
			})
		},
	}
}

func fetchPicture(ctx context.Context, a *app.App, text string) (fetchView, error) {
	found, err := findArticle(ctx, a, text)
	if err != nil {
		return fetchView{}, err
	}
	if found.Picture == "" {
		return fetchView{}, &answer{code: NotFound, what: fmt.Sprintf("article %d names no picture", found.ID), do: "offer it again with a picture: docs/articles.md says how"}
	}
	i, err := a.Pictures.Again(ctx, found.Picture)
	if err != nil {
		return fetchView{}, err
	}
	v := fetchView{ID: found.ID, Title: found.Title, Picture: pictureView{Source: found.Picture, Alt: found.PictureAlt}}
	v.Picture.tell(i, a.Newsletters[0].Zone)
	return v, nil
}

// fetched shows what came of it; it is an error if one was not fetched.
func (s *shell) fetched(views []fetchView, zone *time.Location) error {
	err := s.show(views, func(p *page) {
		for _, v := range views {
			p.say("Article %d, %s", v.ID, clip(v.Title, titleWidth))
			p.facts("picture", v.Picture.Source, "state", v.Picture.told(zone))
		}
	})
	missed := slices.DeleteFunc(slices.Clone(views), func(v fetchView) bool { return v.Picture.Reason == "" })
	if err != nil || len(missed) == 0 {
		return err
	}
	return &answer{
		code: Partly, what: fmt.Sprintf("%s not fetched: %s", count(len(missed), "picture was", "pictures were"), missed[0].Picture.Reason),
		do: "mend what it names and fetch again; letters are whole without it",
	}
}
