package outbox

import (
	"cmp"
	"context"
	"encoding/base32"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"facteur/internal/letter"
	"facteur/internal/newsletter"
	"facteur/internal/token"
)

// A Post composes letters from frozen texts. It is the [Composer] of the product.
type Post struct {
	Texts       Texts
	Newsletters []newsletter.Newsletter // whose senders sign single letters
	House       newsletter.Newsletter   // whose sender signs what belongs to none of them
	WebURL      string                  // base address of the public pages, for single letters; an edition has its own
	Keys        *token.Keyring
	Signing     []*letter.Key // sign every letter; none: they leave unsigned

	mu      sync.Mutex
	letters map[text]framed
}

// text names what all copies of a letter share.
type text struct {
	variant    int64
	newsletter string
}

// Texts are where a Post finds what was frozen.
type Texts interface {
	Variant(ctx context.Context, id int64) (newsletter.Variant, error)
	EditionByID(ctx context.Context, id int64) (newsletter.Edition, error)
}

// framed is a letter with what its parcels need besides.
type framed struct {
	letter *letter.Letter
	name   string
	sender newsletter.Sender
	key    token.KeyID
	ids    token.Hasher // of Message-IDs
}

// kept is how many letters stay ready to be copied; an edition needs one for each of its variants.
const kept = 16

// Compose makes the bytes of one delivery's message. A letter that can never be made is newsletter.ErrInvalid.
func (p *Post) Compose(ctx context.Context, d newsletter.Delivery, date time.Time) (newsletter.Parcel, error) {
	f, err := p.letter(ctx, d)
	if err != nil {
		return newsletter.Parcel{}, fmt.Errorf("delivery %d: %w", d.ID, err)
	}
	reader := letter.Reader{Address: d.Address, Date: date, MessageID: f.messageID(d), Consent: d.Confirmed}
	if d.Kind == newsletter.KindProof {
		reader.Consent = date // a sample: a proof goes to nobody who consented
	}
	if reader.Tokens, err = p.sign(f, d, date); err != nil {
		return newsletter.Parcel{}, fmt.Errorf("delivery %d: %w: %w", d.ID, newsletter.ErrInvalid, err)
	}
	from, err := p.returnPath(f, d)
	if err != nil {
		return newsletter.Parcel{}, fmt.Errorf("delivery %d: %w: %w", d.ID, newsletter.ErrInvalid, err)
	}
	content, err := f.letter.Copy(reader)
	if err != nil {
		return newsletter.Parcel{}, fmt.Errorf("delivery %d: %w: %w", d.ID, newsletter.ErrInvalid, err)
	}
	return newsletter.Parcel{
		Delivery: d.ID, Name: f.name + "-" + strconv.FormatInt(d.ID, 10), Date: date,
		Envelope: newsletter.Envelope{From: from, To: d.Address}, Content: content,
	}, nil
}

// sign makes the tokens of a copy. Date is that of the first try, so a retry carries the same ones.
func (p *Post) sign(f framed, d newsletter.Delivery, date time.Time) (map[token.Purpose]string, error) {
	tokens := make(map[token.Purpose]string, 2)
	for _, purpose := range f.letter.Needs() {
		t := token.Token{Purpose: purpose, Subscription: d.Subscription, Epoch: d.Epoch, Time: date}
		if purpose == token.Move {
			t.Subscription = d.Move
		}
		signed, err := p.Keys.SignWith(f.key, t)
		if err != nil {
			return nil, fmt.Errorf("link of the purpose %q: %w", purpose, err)
		}
		tokens[purpose] = signed
	}
	return tokens, nil
}

// letter returns the letter that d is a copy of, from those kept ready where it can.
func (p *Post) letter(ctx context.Context, d newsletter.Delivery) (framed, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	key := text{d.Variant, d.Newsletter}
	if f, ok := p.letters[key]; ok {
		return f, nil
	}
	v, err := p.Texts.Variant(ctx, d.Variant)
	if err != nil {
		return framed{}, err
	}
	frame := letter.Frame{Newsletter: p.House}
	f := framed{name: string(v.Kind), key: p.Keys.Newest(), ids: p.Keys.Hasher("message-id")}
	if v.Kind == newsletter.KindLetter {
		frame = letter.Frame{Newsletter: p.newsletter(d.Newsletter), Single: d.Letter, WebURL: p.WebURL}
		f.name = string(d.Letter)
	}
	if v.Edition != 0 {
		e, err := p.Texts.EditionByID(ctx, v.Edition)
		if err != nil {
			return framed{}, err
		}
		frame = letter.Frame{Newsletter: e.Letterhead.Newsletter(e.Newsletter), Number: e.Number, WebURL: e.Letterhead.WebURL}
		f.name, f.key = fmt.Sprintf("%s-%d", e.Newsletter, e.Number), token.KeyID(e.KeyID)
	}
	f.sender, frame.Keys = frame.Newsletter.Sender, p.Signing
	if f.letter, err = letter.New(frame, v); err != nil {
		return framed{}, fmt.Errorf("%w: %w", newsletter.ErrInvalid, err)
	}
	if p.letters == nil || len(p.letters) >= kept {
		p.letters = make(map[text]framed, kept)
	}
	p.letters[key] = f
	return f, nil
}

func (p *Post) newsletter(name string) newsletter.Newsletter {
	for _, n := range p.Newsletters {
		if n.Name == name {
			return n
		}
	}
	return p.House
}

// messageID is the same for every try at a copy and tells nothing about its reader (RFC 5322 §3.6.4).
func (f framed) messageID(d newsletter.Delivery) string {
	named := make([]byte, 0, 64)
	for _, n := range [...]int64{d.ID, d.Edition, d.Subscriber, int64(d.Copy)} {
		named = append(strconv.AppendInt(named, n, 10), '/')
	}
	id := f.ids.Hash(named[:len(named)-1])
	local := idText.AppendEncode(make([]byte, 0, 32), id[:20])
	_, domain, _ := strings.Cut(f.sender.Address, "@")
	return string(local) + "@" + domain
}

// idText is base32 (RFC 4648 §6) in lower case; twenty octets leave nothing to pad.
var idText = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567")

// returnPath is the envelope sender of a copy, the same for every try. Where the operator wants letters told apart, all kinds are: a report
// on a notice that was known by its recipient alone would count against a reader of the same address.
func (p *Post) returnPath(f framed, d newsletter.Delivery) (string, error) {
	path := cmp.Or(f.sender.ReturnPath, f.sender.Address)
	if !strings.Contains(path, token.ReturnMark) {
		return path, nil
	}
	signed, err := p.Keys.SignReturn(f.key, token.Return{Delivery: d.ID, Copy: d.Copy})
	if err != nil {
		return "", err
	}
	return strings.Replace(path, token.ReturnMark, signed, 1), nil
}
