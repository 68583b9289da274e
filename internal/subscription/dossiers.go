package subscription

// Dossiers is what a store does to show, erase and outlast what is known about people.
type Dossiers interface{}
