package subscription

// Wishes is what a store does for readers who undo, pause, choose, and change their address.
type Wishes interface{}
