// Package fetch asks web servers of strangers for what articles name: a file, or whether a page is there.
//
// Its rules: how long an answer may take, how much of it is read and how many redirects are followed are bounded. Only public
// addresses are spoken to, as they are when the connection is made. No cookie and no referrer is sent.
package fetch
