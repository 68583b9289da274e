package extract

import "facteur/internal/newsletter"

// An Image is one that a text shows.
type Image struct{ Address, Alt string }

// FirstPicture is the first that a text shows and that can be fetched.
func FirstPicture(images []Image) (address, alt string) {
	for _, i := range images {
		if full, err := newsletter.PictureURL(i.Address); err == nil && full != "" {
			return full, Cut(i.Alt, maxAlt)
		}
	}
	return "", ""
}

// AltOf is what the text says of a picture that it shows as well.
func AltOf(address string, images []Image) string {
	for _, i := range images {
		if i.Address == address {
			return Cut(i.Alt, maxAlt)
		}
	}
	return ""
}
