// Package neardup tells whether two articles are the same story: the same text that came in two ways, never two texts about the same thing.
//
// It would rather miss a pair than join two stories, for the second of them would never be sent.
package neardup
