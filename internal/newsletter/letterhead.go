package newsletter

import "time"

// A Letterhead is what an edition's letters say beside its content. It is frozen with the edition, so that retries and
// second copies are the same letters when the settings have changed since.
type Letterhead struct {
	Title      string `json:"title"`
	Language   string `json:"language"`
	Zone       string `json:"zone"` // IANA name
	Sender     Sender `json:"sender"`
	ListID     string `json:"list_id"`
	FeedbackID string `json:"feedback_id"`
	WebURL     string `json:"web_url"` // base address of the reader's pages
}

// Letterhead is the newsletter's at this moment, for pages at webURL.
func (n Newsletter) Letterhead(webURL string) Letterhead {
	h := Letterhead{Title: n.Title, Language: n.Language, Sender: n.Sender, ListID: n.ListID, FeedbackID: n.FeedbackID, WebURL: webURL}
	if n.Zone != nil {
		h.Zone = n.Zone.String()
	}
	return h
}

// Newsletter is the newsletter of that name as the letterhead knows it: enough to write its letters. A zone that this
// machine does not know is UTC.
func (h Letterhead) Newsletter(name string) Newsletter {
	zone, err := time.LoadLocation(h.Zone)
	if err != nil {
		zone = time.UTC
	}
	return Newsletter{
		Name: name, Title: h.Title, Language: h.Language, Zone: zone,
		Sender: h.Sender, ListID: h.ListID, FeedbackID: h.FeedbackID,
	}
}
