// Package docs holds the documents. Its tests keep them true: the picture of the architecture is the law of the tree, the
// states are those of the code, and no link leads nowhere.
package docs
