package app

import (
	"context"
	"path/filepath"
	"time"

	"facteur/internal/collect"
	"facteur/internal/fetch"
	"facteur/internal/newsletter"
	"facteur/internal/pictures"
)

// picturesFolder is where pictures are kept, in the data folder.
const picturesFolder = "pictures"

// illustrate builds the story of pictures, and who asks the web.
func (a *App) illustrate() {
	a.visitor = fetch.New(fetch.Options{
		Allowed: networks(a.Config.Collect.PictureNetworks), Agent: "Facteur (+" + a.Config.Web.URL + ")", Dial: a.options.DialWeb,
	})
	a.gallery = pictures.New(pictures.NewFolder(filepath.Join(a.Config.Data, picturesFolder)), a.visitor)
	a.Pictures = collect.NewIllustrator(a.Store, a.gallery, a.options.Now)
}

// fetchPictures fetches what is due, and says what came of it.
func (a *App) fetchPictures(ctx context.Context) error {
	return a.Pictures.Fetch(ctx, func(i collect.Illustration) {
		switch i.State {
		case newsletter.PictureKept:
			a.options.Log.DebugContext(ctx, "a picture is kept", "picture", i.Source, "name", i.Picture.Name)
		case newsletter.PictureWaiting:
			a.options.Log.InfoContext(ctx, "a picture was not fetched", "picture", i.Source, "reason", i.Reason, "again", i.Next)
		case newsletter.PictureFailed:
			a.options.Log.WarnContext(ctx, "a picture could not be fetched, and its article goes without: facteur article list shows which", "picture", i.Source, "reason", i.Reason,
				"do", "mend what it names, then facteur article fetch")
		}
	})
}

// sweepPictures removes those that nothing shows any more.
func (a *App) sweepPictures(ctx context.Context) error {
	removed, err := a.Pictures.Sweep(ctx)
	if removed > 0 {
		a.options.Log.InfoContext(ctx, "pictures in no use were removed", "files", removed)
	}
	return err
}

// illustrated also waits for pictures, so that an article that came just now has its own.
type illustrated struct {
	gathering
	fetch func(context.Context) error
}

// pictureWait bounds that: an edition that is decided a minute after its time is late.
const pictureWait = 40 * time.Second

func (i illustrated) Collect(ctx context.Context) (refused []string, err error) {
	if refused, err = i.gathering.Collect(ctx); err != nil {
		return nil, err
	}
	bounded, stop := context.WithTimeout(ctx, pictureWait)
	defer stop()
	if err := i.fetch(bounded); err != nil && ctx.Err() == nil {
		i.log.WarnContext(ctx, "an edition does not wait longer for pictures, and leaves without those that are missing", "error", err)
	}
	return refused, ctx.Err()
}
