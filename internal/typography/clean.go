package typography

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Clean makes one line of foreign text: valid UTF-8 in the composed form (NFC), white space single, and nothing that is
// not seen but acts on what stands beside it. Control characters, marks of direction, characters of no width and
// noncharacters go; what writes a word or an emoji stays:
//   - U+200D and U+200C within an emoji or a word of a script that needs them (Persian, the scripts of India);
//   - U+200E, U+200F and U+061C, which close nothing, in a text that has letters written from right to left;
//   - the tags that make a flag (UTS #51 §2.6.2).
//
// No-break spaces stay. Text that is clean does not change.
func Clean(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	rightToLeft := strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsLetter(r) && unicode.In(r, rightToLeftScripts...)
	})
	text = strings.Map(func(r rune) rune {
		switch {
		case isLineSpace(r):
			return ' '
		case isHidden(r) && !isJoiner(r) && !isTag(r) && (!rightToLeft || !isDirectionMark(r)):
			return -1
		}
		return r
	}, text)
	text = norm.NFC.String(keepJoined([]rune(norm.NFC.String(text))))
	return strings.Join(strings.FieldsFunc(text, isLineSpace), " ")
}

// rightToLeftScripts are those of which letters come in a newspaper.
var rightToLeftScripts = []*unicode.RangeTable{
	unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko, unicode.Adlam,
}

// isHidden reports a character that shows nothing by itself: a control or format character (but not those that enclose
// a number in Arabic and are seen), or a noncharacter.
func isHidden(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Noncharacter_Code_Point, r) ||
		unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r)
}

const (
	nonJoiner = '\u200C'
	joiner    = '\u200D'
	blackFlag = '\U0001F3F4'
)

func isJoiner(r rune) bool { return r == nonJoiner || r == joiner }

func isTag(r rune) bool { return r >= '\U000E0020' && r <= '\U000E007F' }

func isDirectionMark(r rune) bool { return r == '\u200E' || r == '\u200F' || r == '\u061C' }

// isLineSpace reports the white space that is one with others of its kind: all but the spaces of a set width.
func isLineSpace(r rune) bool {
	return r == ' ' || r >= '\t' && r <= '\r' || r == '\u0085' || r == '\u2028' || r == '\u2029'
}

// keepJoined takes out the joiners that join nothing and the tags that follow no flag.
func keepJoined(runes []rune) string {
	kept := make([]rune, 0, len(runes))
	for i, r := range runes {
		var before, after rune
		if len(kept) > 0 {
			before = kept[len(kept)-1]
		}
		if i+1 < len(runes) {
			after = runes[i+1]
		}
		switch {
		case isJoiner(r) && !joins(before, r, after):
		case isTag(r) && before != blackFlag && !isTag(before):
		default:
			kept = append(kept, r)
		}
	}
	return string(kept)
}

// joins reports whether a joiner has something to join on both sides: the parts of an emoji (UTS #51 §2.3), or letters
// of a script whose letters change their shape beside each other (RFC 5892 appendices A.1 and A.2).
func joins(before, r, after rune) bool {
	if r == joiner && isEmojiPart(before) && isEmojiPart(after) {
		return true
	}
	return changesShape(before) && changesShape(after)
}

// isEmojiPart knows pictures, the selectors of their shape, and the tones of skin.
func isEmojiPart(r rune) bool {
	return r == '\uFE0F' || unicode.Is(unicode.So, r) || isSkinTone(r)
}

func isSkinTone(r rune) bool { return r >= '\U0001F3FB' && r <= '\U0001F3FF' }

// changesShape knows the letters and marks of every script but those of Europe and East Asia.
func changesShape(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsMark(r)) && !unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic,
		unicode.Armenian, unicode.Georgian, unicode.Hebrew, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul,
		unicode.Bopomofo, unicode.Common)
}
