package extract

import (
	"bytes"
	"mime"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// UTF8 makes UTF-8 of the bytes of a feed or a page. What they are goes before what is said of them: programs that copy feeds around change one
// and forget the other. mediaType is the Content-Type of the answer.
func UTF8(data []byte, mediaType string) string {
	data = bytes.TrimLeft(data, " \t\r\n") // a blank line before the declaration is a common fault of plugins
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		return decodeAs(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), data)
	case bytes.HasPrefix(data, []byte("<\x00")):
		return decodeAs(unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), data)
	case bytes.HasPrefix(data, []byte("\x00<")):
		return decodeAs(unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), data)
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if utf8.Valid(data) {
		return string(data)
	}
	for _, label := range []string{declared(data), charsetOf(mediaType)} {
		if e, name := charset.Lookup(label); e != nil && name != "utf-8" && !strings.HasPrefix(name, "utf-16") {
			return decodeAs(e, data)
		}
	}
	if mostlyUTF8(data) {
		return strings.ToValidUTF8(string(data), "\ufffd")
	}
	return decodeAs(charmap.Windows1252, data)
}

func decodeAs(e encoding.Encoding, data []byte) string {
	text, err := e.NewDecoder().Bytes(data)
	if err != nil {
		return strings.ToValidUTF8(string(data), "\ufffd")
	}
	return string(text)
}

// mostlyUTF8 tells UTF-8 with a damaged letter from an encoding of one byte for each letter.
func mostlyUTF8(data []byte) bool {
	good, bad := 0, 0
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		switch {
		case r == utf8.RuneError && size == 1:
			bad++
		case size > 1:
			good++
		}
		data = data[size:]
	}
	return good > bad
}

var declaration = expression(`(?i)^\s*<\?xml\b[^>]*?\?>`)

// Undeclared is a text without its XML declaration.
func Undeclared(text string) string { return declaration().ReplaceAllString(text, "") }

var encodingName = expression(`(?i)\bencoding\s*=\s*["']([a-z0-9._:-]+)["']`)

// metaCharset is how a page names its encoding, which is within its first 1,024 bytes (HTML §4.2.5.4).
var metaCharset = expression(`(?i)<meta\s[^>]*\bcharset\s*=\s*["']?\s*([a-z0-9._:-]+)`)

// declared is the encoding that an XML declaration or a page names.
func declared(data []byte) string {
	start := data[:min(len(data), 1024)]
	found := encodingName().FindSubmatch(declaration().Find(start))
	if found == nil {
		found = metaCharset().FindSubmatch(start)
	}
	if found == nil {
		return ""
	}
	return string(found[1])
}

func charsetOf(mediaType string) string {
	_, parameters, err := mime.ParseMediaType(mediaType)
	if err != nil {
		return ""
	}
	return parameters["charset"]
}
