package app

import (
	"context"
	"errors"
	"testing"
)

type goneSites struct{}

func (goneSites) Look(context.Context, string) error { return errors.New("its server answers 404") }

// Our own pages are not asked for; those of others are, whatever their addresses begin with.
func TestElsewhere(t *testing.T) {
	e := elsewhere{goneSites{}, "http://127.0.0.1:8025"}
	for address, gone := range map[string]bool{
		"http://127.0.0.1:8025/exemple/actualites/1": false, "http://127.0.0.1:80251/exemple": true, "http://127.0.0.1:8025.example/": true, "https://site.example/1": true,
	} {
		if err := e.Look(t.Context(), address); (err != nil) != gone {
			t.Errorf("%s: %v", address, err)
		}
	}
}
