// Package web serves the public pages and endpoints over HTTP.
//
// Its rules:
//   - GET, HEAD and OPTIONS change nothing, whoever sends them: link scanners and prefetching browsers follow every
//     link of every letter. Only a POST from a page's own button, or from a mail program (RFC 8058), changes anything.
//   - No cookie, no script, nothing from another host; the content security policy forbids what the pages do not use.
//   - A token stands in addresses of pages and nowhere else: such pages are not stored, not indexed and send no
//     referrer, and the log names the route instead of the path.
//   - Every answer says how long it may be kept: files with a hash in their name for ever, what is one reader's own,
//     of the moment or an error not at all, the first page until it is asked for again.
//   - Every page has one address and no answer is a redirect: a one-click request must not meet one (RFC 8058 §3.1).
//   - Every error becomes a status in one table. Only what the operator must know is logged, and readers are never
//     shown it.
package web
