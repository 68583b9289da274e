// Package web serves the public pages and endpoints over HTTP.
//
// Its rules:
//   - GET, HEAD and OPTIONS change nothing, whoever sends them: link scanners and prefetching browsers follow every
//     link of every letter. Only a POST from a page's own button, or from a mail program (RFC 8058), changes anything.
//   - No cookie, nothing from another host; the content security policy forbids what a page does not use. One script of
//     our own does the work that forms ask of programs; every form is whole without it.
//   - A form is the same through every door: the page, the site's own form and the endpoint for programs read it into
//     one type and hand it to the story by one function, so that no door goes round a guard.
//   - A token stands in addresses of pages and nowhere else: such pages are not stored, not indexed and send no
//     referrer, and the log names the route instead of the path.
//   - Every answer says how long it may be kept: files with a hash in their name for ever, what is one reader's own,
//     of the moment or an error not at all, the first page until it is asked for again.
//   - No answer is a redirect: a one-click request must not meet one (RFC 8058 §3.1).
//   - Every error becomes a status in one table. Only what the operator must know is logged, and readers are never
//     shown it.
package web
