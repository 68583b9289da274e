package neardup

// Moved reports that what a source has by one id under two addresses is one article that it corrected, and not another one to which it gave the id: both are
// of one minute and much the same title or text, or of one title that is no column's or one text where they have no date or no hour, or of one title and text
// where the date is another. One long text, word for word, is enough by itself.
func Moved(before, after Print) bool {
	short := min(before.length, after.length)
	extends := short >= fewWords && before.extends(after)
	switch {
	case short >= fewWords && before.contained(after) < otherText:
		return false
	case before.timed(after) && (before.akin(after) || extends || short >= someText && before.resembles(after) >= sameText):
		return true
	case before.marked(after):
		return false
	}
	if short >= longText && before.oneText(after) {
		return true
	}
	titled := before.titledAs(after) || before.reorders(after)
	dated := before.minute(after)
	undated := before.published.IsZero() || after.published.IsZero()
	if titled && distinct(after.title) && (dated || undated && short >= fewWords) {
		return true
	}
	return (titled || dated || undated) && extends
}
