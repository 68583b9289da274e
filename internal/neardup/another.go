package neardup

// Another reports that an article has another title than the other one and tells something else: an update of that it is not. Without both texts
// nobody knows.
func Another(a, b Print) bool {
	return !a.oneTitle(b) && min(a.length, b.length) > 0 && a.contained(b) < likeText
}
