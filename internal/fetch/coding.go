package fetch

import (
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// content is what an answer holds, unpacked: some servers pack although nobody asked for it (RFC 9110 §8.4). Of a file that has more bytes
// than most, however small it is packed, one more than these is given.
func content(answer *http.Response, most int64) ([]byte, error) {
	body := io.Reader(answer.Body)
	for coding := range strings.SplitSeq(strings.Join(answer.Header.Values("Content-Encoding"), ","), ",") {
		switch coding = strings.ToLower(strings.TrimSpace(coding)); coding {
		case "", "identity":
		case "gzip", "x-gzip":
			if body != io.Reader(answer.Body) {
				return nil, advised{"its server packs it more than once", "have its server send it as it is, or packed once with gzip"}
			}
			body = &unpacking{packed: answer.Body}
		default:
			return nil, advised{fmt.Sprintf("its server packs it with %.40q, which is not read", coding), "have its server send it as it is, or packed with gzip"}
		}
	}
	return io.ReadAll(io.LimitReader(body, most+1))
}

// An unpacking reads what is packed with gzip. Nothing is empty, packed or not.
type unpacking struct {
	packed io.Reader
	plain  *gzip.Reader
}

func (u *unpacking) Read(p []byte) (n int, err error) {
	if u.plain == nil {
		if u.plain, err = gzip.NewReader(u.packed); err != nil {
			u.plain = nil
		}
	}
	if err == nil {
		n, err = u.plain.Read(p)
	}
	_, corrupt := errors.AsType[flate.CorruptInputError](err)
	if corrupt || errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) {
		err = advised{"its server says that it is packed with gzip, and it is not, or is damaged", "have its server send it as it is"}
	}
	return n, err
}
