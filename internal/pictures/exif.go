package pictures

import (
	"bytes"
	"encoding/binary"
)

// upright is the orientation of a picture that needs no turning.
const upright = 1

// orientation reads how a JPEG is to be turned, 1 to 8 (Exif 2.32 §4.6.4, tag 274). What cannot be read is upright.
func orientation(file []byte) int {
	for rest := file[min(2, len(file)):]; len(rest) >= 4 && rest[0] == 0xFF && rest[1] != 0xDA; {
		length := int(binary.BigEndian.Uint16(rest[2:])) // with itself, without the marker
		if length < 2 || length+2 > len(rest) {
			break
		}
		if exif, found := bytes.CutPrefix(rest[4:length+2], []byte("Exif\x00\x00")); found && rest[1] == 0xE1 {
			return turnOf(exif)
		}
		rest = rest[length+2:]
	}
	return upright
}

// turnOf finds the orientation among the entries of the first directory (TIFF 6.0 §2).
func turnOf(exif []byte) int {
	var order binary.ByteOrder = binary.LittleEndian
	if bytes.HasPrefix(exif, []byte("MM")) {
		order = binary.BigEndian
	}
	if len(exif) < 8 {
		return upright
	}
	const entry = 12 // bytes: tag, type, count, value
	at := uint64(order.Uint32(exif[4:]))
	if at+2 > uint64(len(exif)) {
		return upright
	}
	entries := int(order.Uint16(exif[at:]))
	for rest := exif[at+2:]; entries > 0 && len(rest) >= entry; entries, rest = entries-1, rest[entry:] {
		if order.Uint16(rest) != 274 {
			continue
		}
		if turn := int(order.Uint16(rest[8:])); turn >= 1 && turn <= 8 {
			return turn
		}
	}
	return upright
}
