package extract

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// A challenge is what a site shows to whom it takes for a program, until a puzzle is solved, by a person or by a script. An article about such says the same
// words, within sentences or in a title that goes on behind them.

// aPerson is what visitors have to be, and what not; toVerify is who says that it is seen to.
const (
	aPerson     = `(?:(?:really )?(?:an? )?(?:real )?(?:human|person)(?: being)?|not (?:an? )?(?:robot|bot|machine|program|automated))`
	toVerify    = `(?:(?:please|let’s|let us|to continue,? (?:please )?|we (?:want|need|have) to|this (?:step|check|page|process)|one more step:?) )*(?:verif(?:y|ies|ying)|confirm(?:s|ing)?|prov(?:e|es|ing)|check(?:s|ing)?(?: if)?|mak(?:e|ing) sure|show)(?: us)?(?: that)?`
	unePersonne = `(?:êtes |n’êtes )(?:bien |pas )?(?:une? )?(?:êtres? humains?|humaine?|personne|robot|bot|machine|programme)`
	verifier    = `(?:(?:veuillez|merci de|nous (?:devons|voulons)|pour continuer,?|afin de continuer,?) )*(?:nous )?(?:vérifi(?:er|ez|ons)|vérification|confirm(?:er|ez|ons)|prouve[rz]|montre[rz]|assur(?:er|ons)|assurez-vous|indique[rz])(?:-nous)?`
)

// asPerson is how sentences begin by which a site asks for a person, or sends a program away.
const asPerson = toVerify + ` (?:you(?:’re| are) ` + aPerson + `|(?:it(?:’s| is) )?(?:really )?you,? and not a (?:robot|bot)|the site connection is secure)|(?:verifying|checking) your (?:browser|connection|request|device)\b` +
	`|we(?:’re| are) (?:verifying|checking) (?:you|that you|your (?:browser|connection|request|device))|please wait while (?:your request is|we (?:check|verify) your (?:browser|connection|request))|(?:to continue,? )?(?:please )?click [^.!?:]{0,40} to let us know (?:that )?you(?:’re| are) not a (?:robot|bot)` +
	`|(?:to continue,? )?(?:please )?(?:press|tap|click|activate) (?:&|and) hold [^.!?:]{0,30}(?:confirm|verify|prove|button)|(?:please )?(?:complete|solve|pass) (?:the|this|a|an) (?:\pL+ )?(?:captcha|security (?:check|verification)|(?:challenge|puzzle) to (?:continue|proceed|access|verify|prove))|(?:choose|select|click) all (?:the |of the )?(?:pictures|images|squares) (?:containing|(?:that|which) (?:show|contain))` +
	`|(?:sorry,? )?you(?:’ve| have| were) (?:been )?blocked(?: because your|\s*(?:[.!]|$))|you are unable to access\b|access to this (?:page|(?:web)?site|resource) (?:has been|is|was) (?:denied|blocked|restricted)|access is temporarily (?:restricted|denied|blocked)|you (?:don’t|do not) have permission to access (?:this|"http|[^.!?]{0,90} on this server)` +
	`|(?:we(?:’ve| have)? |our systems? ha(?:s|ve) )?detected (?:an )?(?:unusual|suspicious|automated) (?:activity|traffic|requests)|(?:as you were browsing )?something about your browser made us think|this website (?:is using|uses) a security service to protect|please enable js\b|(?:please )?enable javascript and cookies to continue` +
	`|request unsuccessful\b|incapsula incident|are you (?:a |an )?(?:human|robot|bot)\s*\?|robot or human\s*\?|checking if the site connection is secure` +
	`|` + verifier + ` que (?:vous ` + unePersonne + `|c’est bien vous)|nous vérifions (?:votre (?:navigateur|connexion|appareil|demande)|la sécurité)|vérification (?:de (?:votre navigateur|sécurité)|en cours|requise)|(?:êtes-vous|vous êtes|vous n’êtes pas) (?:bien )?(?:un |une )?(?:humaine?|robot|personne)\s*\?` +
	`|(?:(?:l’)?accès à (?:cette page|ce site) (?:est|a été) (?:temporairement |momentanément )?|accès (?:temporairement|momentanément) )(?:restreint|refusé|bloqué)|(?:désolé,? )?vous avez été bloquée?\s*(?:[.!]|$)|vous n’êtes pas autorisée? à (?:accéder|consulter)|nous avons détecté (?:une activité|un trafic|des requêtes) (?:inhabituel|suspect|anormal|automatis)` +
	`|(?:veuillez |merci de )?(?:complét|résou|résol|valid)\pL* (?:le|ce|un) (?:captcha|(?:puzzle|défi) pour (?:continuer|accéder|vérifier|prouver))|(?:faites )?gliss(?:ez|er) (?:vers la droite|le curseur|la pièce)[^.!?:]{0,20} pour (?:compléter|vérifier|continuer)|(?:veuillez |merci de )?coche[rz] la case (?:ci-dessous )?pour (?:montrer|prouver|confirmer|indiquer) que vous` +
	`|(?:bitte )?(?:bestätigen|zeigen|beweisen) sie,? dass sie (?:ein mensch|kein (?:roboter|bot))|(?:verifi(?:que|car|ca)|confirme|confirma|demuestre|compruebe) que (?:es|eres|usted es) (?:un )?(?:ser )?humano|(?:verifica|conferma|dimostra) (?:di essere|che sei) (?:un )?(?:umano|essere umano)`

var (
	// human finds such a sentence anywhere, and humanNotice one that is no more than that.
	human       = anyOf(`(?:^|[^\pL])%s`, asPerson)
	humanNotice = anyOf(`^[^\pL«“"‘]*%s[^:;–—]{0,120}$`, asPerson)

	// challengeTitle is all that a title says, or a part of it beside the name of a site, above such sentences.
	challengeTitle = anyOf(`^[^\pL]*%s[^\pL]*$`, asPerson,
		`just a moment`, `one moment(?:,? please)?`, `please wait`, `un instant`, `veuillez patienter`, `attention required`, `access (?:is )?(?:denied|restricted|blocked)`, `forbidden`, `accès (?:refusé|interdit|bloqué|restreint)`, `pardon our interruption`, `oh noes`,
		`(?:client|security|browser|bot) (?:challenge|check(?:point)?|verification)`, `(?:vercel )?security checkpoint`, `(?:human|robot|captcha) (?:verification|check|challenge)`, `performing security verification`, `(?:h|re)?captcha`, `ddos-guard`, `blocked`, `vérification(?: humaine)?`, `robot or human`, `are you (?:a )?(?:human|robot|bot)`, `êtes-vous (?:un )?(?:humain|robot)`,
	)

	// ofChallenges is what such pages speak of.
	ofChallenges = anyOf(`(?:^|[^\pL])%s`, `browser`, `navigateur`, `javascript`, `cookies?`, `(?:ro)?bots?(?:$|[^\pL])`, `humans?`, `humaine?s?`, `captcha`, `permission`, `blocked`, `bloqué`, `security`, `sécurité`, `connection`, `connexion`, `servers?`, `serveurs?`, `programs?`, `programmes?`, `autorisé`, `wait`, `patient`)
)

// longestChallenge, in characters, is more than such a page says, with all that it tells of the program that asks.
const longestChallenge = 1800

// challenge is the title by which a page asks for a person; empty: it does not, or says more than such pages do.
func (h *head) challenge(c *clearing) string {
	var said []string
	size := 0
	for _, line := range c.lines(math.MaxInt) {
		if size += c.prose(line); size > longestChallenge {
			return ""
		}
		said = append(said, words(line))
	}
	text := strings.Join(said, " ")
	isOther := !ofChallenges().MatchString(text) || !speaksToVisitors(text)
	if utf8.RuneCountInString(text) >= minText && isOther {
		return ""
	}
	for _, title := range append([]string{h.title, h.first("og:title")}, h.headings...) {
		if title = oneLine(title); h.isChallenge(title) {
			return title
		}
	}
	return ""
}

// isChallenge reports a title that says no more than that, but for the name of the site or of what guards it.
func (h *head) isChallenge(title string) bool {
	parts := TitleParts(title)
	isName := func(part string) bool {
		return slices.Contains(h.names, Key(part)) || len(strings.Fields(part)) < shortestTitle
	}
	for i, part := range parts {
		others := slices.Concat(parts[:i], parts[i+1:])
		if challengeTitle().MatchString(part) && !slices.ContainsFunc(others, func(other string) bool { return !isName(other) }) {
			return true
		}
	}
	return false
}
