package typography

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// sentenceEnd finds where a sentence may end, with its closing quotes and brackets; the end of a paragraph is one too.
var sentenceEnd = regexp.MustCompile(`[.!?…]+(?:[ \x{A0}\x{202F}]?»|[”’"')\]])*(?:\s|$)|\n\s*\n`)

// endsSentence decides about one such place: mark is where the punctuation begins, end where the sentence would end.
func endsSentence(text string, mark, end int, lang string) bool {
	if end == 0 || len(openMarks(text[:end])) > 0 {
		return false
	}
	next := strings.TrimLeftFunc(text[end:], unicode.IsSpace)
	if next == "" || unicode.IsSpace(rune(text[mark])) {
		return true
	}
	if !startsSentence(next) {
		return false
	}
	one := text[mark] == '.' && !strings.HasPrefix(text[mark+1:], ".")
	return !one || !isAbbreviation(text[:mark], next, lang)
}

// startsSentence tells from its first letters whether text goes on with a new sentence. A name like iPhone or xAI may
// begin one.
func startsSentence(text string) bool {
	first, size := utf8.DecodeRuneInString(text)
	second, _ := utf8.DecodeRuneInString(text[size:])
	if strings.ContainsRune(",;:)", first) {
		return false
	}
	return !unicode.IsLower(first) || unicode.IsUpper(second)
}

// isAbbreviation reports whether the full stop after text belongs to its last word: an abbreviation, an initial, or
// the number of a list's item.
func isAbbreviation(text, next, lang string) bool {
	word := lastWord(text)
	if isItemNumber(text, word, lang) {
		return true
	}
	if initial := []rune(word[strings.LastIndex(word, ".")+1:]); len(initial) == 1 && unicode.IsUpper(initial[0]) {
		return word == "M" && isFrench(lang) || !isOpener(next, openers(lang))
	}
	known := abbreviations(lang)
	return isListed(known.never, word) || isListed(known.names, word) && !isOpener(next, openers(lang)+"He She ") ||
		isListed(known.others, word) && !isOpener(next, openers(lang)+"Le La L ") ||
		(isListed(known.references, word) || isListed(known.references, strings.ToLower(word))) && reference.MatchString(next) ||
		isListed(" a.m p.m ", word) && afterHour.MatchString(next)
}

// isListed finds a word as it is spelled, or with a capital: “mm” is the unit and “PR” a pull request, where “MM” and “pr” are listed.
func isListed(list, word string) bool {
	first, size := utf8.DecodeRuneInString(word)
	small := string(unicode.ToLower(first)) + word[size:]
	return strings.Contains(list, " "+word+" ") || strings.Contains(list, " "+small+" ")
}

// isOpener reports a text that begins with one of the words by which sentences begin.
func isOpener(text, openers string) bool {
	word := text
	if end := strings.IndexFunc(text, func(r rune) bool { return !unicode.IsLetter(r) }); end >= 0 {
		word = text[:end]
	}
	return word != "" && strings.Contains(openers, " "+word+" ")
}

// openers are words by which sentences begin and names do not: “plan B. Elle” are two, “M. Le Goff” and “K. He” are not.
func openers(lang string) string {
	if isFrench(lang) {
		return " Les Il Ils Elle Elles On Nous Vous Ce Cet Cette Ces Cela Un Une Mais Et Puis Alors Dans En Pour Par Avec Depuis Selon Quand Si Leur Leurs Ses "
	}
	return " The They It We This That These Those There But And If When With For After Its Their Then Now Here "
}

// isItemNumber tells the 2 in "Ouvrez. 2. Lisez." from the year in "C'était en 2026." and the 3 in "fig. 3."
func isItemNumber(text, word, lang string) bool {
	if word == "" || strings.Trim(word, "0123456789") != "" {
		return false
	}
	before := strings.TrimRight(strings.TrimSuffix(text, word), " \t")
	if stop, ok := strings.CutSuffix(before, "."); ok {
		return !isAbbreviation(stop, word, lang)
	}
	return before == "" || strings.ContainsRune("\n!?…", runeBefore(before, len(before)))
}

func lastWord(text string) string {
	start := strings.LastIndexFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune("’'-–—([«“\"/", r)
	})
	if start < 0 {
		return text
	}
	_, size := utf8.DecodeRuneInString(text[start:])
	return text[start+size:]
}

// reference is what an abbreviation like "art." or "fig." points to.
var reference = regexp.MustCompile(`^(?:\pN|[IVXLC]{2,}\b|\p{Lu}[.\d])`)

// afterHour is what goes on behind the hour in English: a zone or a day.
var afterHour = regexp.MustCompile(`^(?:[A-Z]{1,4}T|UTC|GMT|Eastern|Central|Mountain|Pacific|local|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b`)

// A glossary is what abbreviations of a language do before a capital or a number, each between spaces, and with the capital without which it is
// another word. One that stands in none ends a sentence there, as units and Inc. mostly do; before a small letter all are known without.
type glossary struct {
	never      string // end a sentence
	names      string // end one before an opener, but not before Le and La, with which names begin
	others     string // end one before an opener, Le and La as well
	references string // end one but before a reference
}

func abbreviations(lang string) glossary {
	if isFrench(lang) {
		return glossary{
			never:      " MM mr mrs mme mmes mlle mlles mgr Me dr drs pr vve gén gal cdt cne lt lcl sgt adjt st ste sts sté ets éts cf d v vs env ap apr Hon secr ",
			names:      " Ch Chr Ph Th Cl Fr Gh prof insp ex éd trad tél al av bd boul faub fg rte imp sq pl hôp c coll dir univ resp suppl ill cit rééd ",
			others:     " adj brig cap col Jr Sr prés arr circ cant dép dépt dpt réf ",
			references: " p pp art fig vol chap ch no nos n t réf sect § al h max min moy janv févr avr juil sept oct nov déc lun mar ven sam dim ca ",
		}
	}
	return glossary{
		never: " mr mrs Ms Mx messrs dr drs Prof Profs Pres mt mts Ft Gen Gens adm cmdr cdr Maj Brig Sen Sens Rep Reps Gov Govs lt lieut Col sgt cpl capt Pvt pfc Det insp supt " +
			"Const atty asst amb Ald Rev Fr Msgr Hon Rt ste mme v vs cf viz approx e.g i.e a.k.a ",
		names: " st sr jr dept est al ave blvd Bros Rd Hwy Pkwy Sq Univ Assn Natl Intl Chas Edw Geo Jas Jos Thos Wm " +
			"Ala Ariz Ark Calif Colo Conn Del Fla Ga Ill Ind Kan Ky La Mass Md Mich Minn Miss Mo Mont Neb Nev Okla Ore Pa Tenn Tex Va Vt Wash Wis Wyo ",
		references: " p pp art fig vol ch sec eq no nos apt ext rm rte tel jan feb mar apr jun jul aug sep sept oct nov dec Mon Tue Tues Wed Thu Thurs Fri Sat Sun ca ",
	}
}
