package transport

import (
	"fmt"
	"net"
)

// entryBytes is how much a server may say until it is ready for letters. Certificates and EHLO take a few thousand.
const entryBytes = 1 << 20

// A frugal connection reads no more than entryBytes until it is trusted: while go-mail greets, secures and logs in, it
// keeps a reply in memory however long it is.
type frugal struct {
	net.Conn
	read    int
	trusted bool
}

func (f *frugal) Read(p []byte) (int, error) {
	if f.trusted {
		return f.Conn.Read(p)
	}
	if f.read >= entryBytes {
		return 0, fmt.Errorf("the server said %d bytes and was not ready for letters", f.read)
	}
	n, err := f.Conn.Read(p)
	f.read += n
	return n, err
}
