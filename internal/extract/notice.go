package extract

import (
	"slices"
	"strings"
	"unicode/utf8"

	"facteur/internal/render"
)

// A notice is what a site says in place of an article: that it is gone, or what a visitor has to have or to do first.
type notice struct {
	sign     pattern // how one of its sentences begins
	asks     bool    // such a sentence may be a question
	says, do string
}

// longestNotice is how many characters a page says, at most, that holds no more than a notice.
const longestNotice = 1200

// notices are those that pages are looked through for, in this order.
func notices() []notice {
	return []notice{
		{humanNotice, true, wantsPerson, ByHand},
		{adsNotice, false, "its site shows nothing to who blocks advertisements", ByHand},
		{ageNotice, true, "its site asks for the age of visitors before it shows anything", ByHand},
		{regionNotice, false, "its site shows nothing in some countries, among which is that of this machine", ByHand},
		{goneNotice, false, "there is no such page, although its server answers 200 OK", otherPage},
		{maintenanceNotice, false, "its site is closed for maintenance", "try again later"},
		{browserNotice, false, "its site shows nothing to browsers that it takes for too old", ByHand},
	}
}

// How the sentences of such pages begin, and their titles.
var (
	goneNotice = anyOf(`^[^\pL]*(?:(?:désolée?s?|oups|oops|sorry|we’re sorry|we are sorry)\pP*\s*(?:(?:but|mais)\s+)?)?%s\s*(?:[.!,;|–—-]|$|sur (?:notre|ce|le) site|à cette adresse|pour le moment|car |because |on (?:our|this) |at this |from (?:our|this) |de (?:notre|ce) site)`,
		`(?:cette |cet |ce |l’|la |le )(?:article|page|contenu|publication|billet|texte|vidéo)(?:,? (?:que|auquel|à laquelle) (?:vous|tu) [^.!?]{1,40}?)? (?:n’est (?:plus|pas|malheureusement plus) (?:disponible|accessible|en ligne|consultable|publiée?)|a été (?:retirée?|supprimée?|dépubliée?|désactivée?)|n’existe (?:plus|pas)|est (?:actuellement |momentanément |désormais )?(?:indisponible|introuvable))`,
		`(?:article|contenu|page) (?:indisponible|supprimée?|retirée?|introuvable|expirée?|dépubliée?)`,
		`(?:this|the) (?:article|page|story|content|post|video)(?:,? (?:that |which )?you [^.!?]{1,40}?)? (?:(?:is|are) (?:no longer|not|currently|temporarily|currently not)(?: un| )?available|isn’t available|(?:has been|was|has since been) (?:removed|deleted|taken down|unpublished|withdrawn|retired)|(?:no longer|does not|doesn’t) exists?|(?:cannot|can’t|could not|couldn’t) be found|has expired)`,
		`(?:article|content|story|page) (?:is )?(?:no longer available|not available|unavailable|removed|deleted|expired)`,
	)
	adsNotice = anyOf(`^[^\pL]*%s`,
		`(?:un )?(?:bloqueur|adblock\w*)[^.!?]{0,20}(?:pub\w*|annonces)?[^.!?]{0,20} (?:a été )?(?:détecté|activé|repéré|est actif)`, `(?:il semble(?:rait)? que )?vous (?:utilisez|avez|naviguez avec)[^.!?]{0,20} (?:bloqueur|adblock)`, `[^.!?]{0,60}(?:désactive[rz]?|suspend(?:re|ez)|coupez) (?:votre|ton|vos|le|les|tout) (?:bloqueurs?|adblock)`,
		`ad[ -]?block(?:er|ing)?(?: \pL+)? (?:detected|is on|enabled)`, `(?:it (?:looks|seems|appears) (?:like|that) )?you(?:’re| are)(?: currently)? (?:using|running) an? ad[ -]?block`, `[^.!?]{0,60}(?:disable|turn off|pause|deactivate|switch off) your ad[ -]?block`,
	)
	ageNotice = anyOf(`^[^\pL]*%s`,
		`(?:avez-vous|as-tu|avez vous) (?:plus de |au moins |bien )?(?:(?:18|21|dix-huit) ans|l’âge légal)`, `êtes-vous (?:bien )?(?:majeure?|âgée?s? de)`, `vérification de (?:l’|votre )âge`,
		`(?:pour (?:y )?(?:accéder|entrer|visiter|consulter|continuer)[^.!?]{0,40},? )?vous devez (?:être majeure?|avoir (?:plus de |au moins )?(?:(?:18|21) ans|l’âge légal))[^.!?]{0,60} (?:pour (?:y )?(?:accéder|entrer|visiter|consulter|continuer)|dans votre pays)`, `pour (?:y )?(?:accéder|entrer|visiter|continuer)[^.!?]{0,40},? vous devez (?:être majeure?|avoir (?:plus de |au moins )?(?:(?:18|21) ans|l’âge légal))`,
		`(?:are you|you must be|please confirm (?:that )?you are|i am) (?:over|at least|aged|of legal|above|older than)?\s?(?:18|21|drinking|legal|the age)[^.!?]{0,40}(?:\?|to (?:enter|view|visit|access|see|continue))`, `are you (?:over|at least|of) [^.!?]{0,20}(?:18|21|age)\b`, `age (?:verification|check|gate)`,
	)
	regionNotice = anyOf(`^[^\pL]*%s`,
		`(?:451[^\pL]*)?(?:unavailable|not available|blocked)(?: \pL+)? (?:in|from) your (?:region|country|location|area)`, `(?:451[^\pL]*)?unavailable (?:due to|for) legal reasons`, `(?:we recogni[sz]e )?(?:that )?you are (?:attempting to access|accessing|visiting)[^.!?]{0,40} from (?:a country|an? (?:location|region))`, `[^.!?]{0,40}access (?:cannot|can’t|could not) be granted`,
		`(?:this|our) (?:web)?(?:site|content|page|article|video|service)s? (?:is|are)(?: currently| temporarily)? (?:not available|unavailable|blocked) (?:in|to|from|for) (?:your|most|visitors|users|readers|people)`, `(?:we are|we’re)(?: currently)? unavailable in (?:your|most|some)`,
		`(?:ce|cet|cette|notre|le) (?:site|contenu|page|article|service|vidéo)[^.!?]{0,20} n’est(?: actuellement)? pas (?:disponible|accessible|autorisée?) (?:dans|depuis|pour) (?:votre|ton|les visiteurs|les internautes)`, `(?:contenu |article |site |page )?(?:indisponible|non disponible|inaccessible|bloquée?) (?:dans|depuis) votre (?:pays|région|zone|territoire)`,
	)
	maintenanceNotice = anyOf(`^[^\pL]*%s`,
		`(?:(?:ce|le|notre) )?(?:site|service|portail)(?: web| internet)?(?: est)?(?: actuellement| momentanément| temporairement| en ce moment)?(?: fermé pour| indisponible pour cause de| en(?: cours de)?) maintenance`, `maintenance(?: (?:en cours|programmée|du site))?\s*(?:[.!|–—-]|$)`, `nous (?:effectuons|procédons à|réalisons) (?:actuellement )?(?:une|des)(?: opérations? de)? maintenance`,
		`(?:(?:this|our|the) (?:web)?site (?:is )?)?(?:currently )?(?:under|down for|undergoing|in)(?: scheduled| planned| routine)? maintenance`, `(?:scheduled|site) maintenance`, `we(?:’ll| will) be (?:right )?back (?:soon|shortly|later|online)`,
	)
	browserNotice = anyOf(`^[^\pL]*%s`,
		`(?:votre|ce) navigateur(?: \pL+)? (?:n’est (?:plus|pas) (?:pris en charge|supporté|compatible|à jour)|est (?:obsolète|trop ancien|dépassé|périmé|incompatible))`, `navigateur (?:obsolète|(?:non|pas) (?:supporté|compatible|pris en charge))`, `vous utilisez (?:un navigateur|une version)[^.!?]{0,30} (?:obsolète|non supporté|ancien|dépassé|périmé)`,
		`(?:your|this) (?:web )?browser (?:is|version is) (?:not supported|no longer supported|unsupported|out of date|outdated|too old)`, `(?:your|this) browser isn’t supported`, `(?:unsupported|outdated) browser`, `browser not supported`, `you(?:’re| are) using an? (?:outdated|unsupported|old)(?: version of your| web)? browser`,
		`(?:veuillez |merci d’)?(?:activer|activez) javascript`, `javascript (?:est|semble) (?:désactivé|requis|nécessaire)`, `(?:please )?(?:enable|turn on) javascript`, `javascript is (?:disabled|required|turned off)`,
	)
)

// notice is the wall that a page is whose text says no more than such, to its visitors; nil: it is none.
func (h *head) notice(paragraphs []string) error {
	if utf8.RuneCountInString(strings.Join(paragraphs, "")) > longestNotice {
		return nil
	}
	var said []string // its sentences
	otherwise := 0
	for _, p := range paragraphs {
		text := render.PlainText(p)
		if _, isNotice := noticeIn(text); !isNotice && !speaksToVisitors(text) {
			otherwise += utf8.RuneCountInString(text)
		}
		said = append(said, sentences().FindAllString(text, -1)...)
	}
	if otherwise >= minText {
		return nil
	}
	for _, sentence := range slices.Concat([]string{h.first("og:title"), h.title}, h.headings, said) {
		sentence = strings.TrimSpace(oneLine(sentence))
		if found, ok := noticeIn(sentence); ok {
			return Wall{found.says + ": it says “" + Cut(sentence, maxTag) + "”", found.do}
		}
	}
	return nil
}

var quoted = expression(`«[^»]*»|“[^”]*”|"[^"]*"`)

// speaksToVisitors reports a text that does so itself, and not in what it quotes.
func speaksToVisitors(text string) bool {
	return toVisitors().MatchString(quoted().ReplaceAllString(text, ""))
}

// noticeIn is the notice that begins with a sentence of its own, and not with what somebody says or asks.
func noticeIn(sentence string) (found notice, ok bool) {
	if reporting().MatchString(sentence) {
		return notice{}, false
	}
	isQuestion := strings.HasSuffix(strings.TrimSpace(sentence), "?")
	for _, n := range notices() {
		if (!isQuestion || n.asks) && n.sign().MatchString(sentence) {
			return n, true
		}
	}
	return notice{}, false
}

var sentences = expression(`[^.!?…\n]+[.!?…]*`)
