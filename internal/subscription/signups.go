package subscription

// SignUps is what a store does for people who ask for newsletters and confirm.
type SignUps interface{}
