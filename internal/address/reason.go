package address

// Reason says why a text is no address. It is an error, to be compared with errors.Is or found with errors.As, and
// its value is a stable code under which a page can keep the sentence in the reader's language.
type Reason string

// The reasons.
const (
	Empty          Reason = "empty"
	NotUTF8        Reason = "not-utf8"
	Control        Reason = "control"
	Quoted         Reason = "quoted"
	Named          Reason = "named"
	Comment        Reason = "comment"
	List           Reason = "list"
	Space          Reason = "space"
	NoAt           Reason = "no-at"
	NoLocal        Reason = "no-local"
	LocalTooLong   Reason = "local-too-long"
	LocalDots      Reason = "local-dots"
	LocalCharacter Reason = "local-character"
	NoDomain       Reason = "no-domain"
	Literal        Reason = "literal"
	BadDomain      Reason = "bad-domain"
	NoDot          Reason = "no-dot"
	NumericTLD     Reason = "numeric-tld"
	TooLong        Reason = "too-long"
)

// Reasons lists every Reason, for whoever must have a sentence for each.
func Reasons() []Reason {
	return []Reason{Empty, NotUTF8, Control, Quoted, Named, Comment, List, Space, NoAt, NoLocal, LocalTooLong,
		LocalDots, LocalCharacter, NoDomain, Literal, BadDomain, NoDot, NumericTLD, TooLong}
}

// Error says what is wrong and what to do, without the address.
func (r Reason) Error() string {
	switch r {
	case Empty:
		return "there is no address; give one like name@example.org"
	case NotUTF8:
		return "the address is not valid UTF-8; save the text as UTF-8"
	case Control:
		return "the address holds a line break or another control character; give it on one line"
	case Quoted:
		return "the address holds a quotation mark; quoted local parts are not accepted, give it without quotes"
	case Named:
		return "there are angle brackets around or beside the address; give only name@example.org"
	case Comment:
		return "there are parentheses in the address; give it without a comment"
	case List:
		return "there is more than one address; give one at a time"
	case Space:
		return "there is white space inside the address; remove it"
	case NoAt:
		return "the address has no @; give it in full, like name@example.org"
	case NoLocal:
		return "nothing stands before the @; give the address in full, like name@example.org"
	case LocalTooLong:
		return "the part before the @ is longer than 64 bytes; check the address"
	case LocalDots:
		return "the part before the @ begins or ends with a dot or has two in a row; check the dots"
	case LocalCharacter:
		return "the part before the @ holds a character that no address can have; check the spelling"
	case NoDomain:
		return "nothing stands after the @; give the domain, like name@example.org"
	case Literal:
		return "the domain is an IP address in brackets; give a domain name"
	case BadDomain:
		return "the part after the @ is no valid domain name; check the spelling"
	case NoDot:
		return "the domain has no dot; give it in full, like name@example.org"
	case NumericTLD:
		return "the domain ends in a number; give a domain name, not an IP address"
	case TooLong:
		return "the address is longer than 254 bytes; check it"
	}
	return "the address is not valid (" + string(r) + ")"
}
