// Package outbox sends what is due, records it, and decides what is next.
package outbox
