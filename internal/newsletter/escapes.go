package newsletter

import "strings"

// NormalEscapes writes the percent-encoding of an address in its one form (RFC 3986 §6.2.2.1 and §6.2.2.2): hexadecimal digits in capitals, letters,
// digits and “-._~” as themselves, and encoded whatever an address may not hold, in UTF-8 (RFC 3987 §3.1). What is reserved stays as it is:
// “%2F” is not “/”, and “%2B” is not “+”.
func NormalEscapes(address string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	b.Grow(len(address))
	for i := 0; i < len(address); i++ {
		octet, escaped := address[i], false
		if octet == '%' && i+2 < len(address) {
			if high, low := unhex(address[i+1]), unhex(address[i+2]); high >= 0 && low >= 0 {
				octet, escaped, i = byte(high<<4|low), true, i+2
			}
		}
		if unreserved(octet) || !escaped && strings.IndexByte(reserved, octet) >= 0 {
			b.WriteByte(octet)
			continue
		}
		b.Write([]byte{'%', hex[octet>>4], hex[octet&15]})
	}
	return b.String()
}

// reserved are the characters that mean something by themselves, as opposed to encoded (RFC 3986 §2.2).
const reserved = ":/?#[]@!$&'()*+,;="

// unreserved reports an octet that means the same whether it is encoded or not (RFC 3986 §2.3).
func unreserved(octet byte) bool {
	return octet >= 'a' && octet <= 'z' || octet >= 'A' && octet <= 'Z' || octet >= '0' && octet <= '9' || strings.IndexByte("-._~", octet) >= 0
}

func unhex(digit byte) int { return strings.IndexByte("0123456789ABCDEF", upper(digit)) }

func upper(letter byte) byte {
	if letter >= 'a' && letter <= 'f' {
		return letter - 'a' + 'A'
	}
	return letter
}
