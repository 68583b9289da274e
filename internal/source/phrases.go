package source

import (
	"fmt"
	"regexp"
	"strings"
)

// anyOf finds one of some phrases, whatever their capitals, where form lets it stand. An apostrophe is any.
func anyOf(form string, phrases ...string) *regexp.Regexp {
	all := strings.ReplaceAll(oneOf(phrases...), "’", "[’']")
	return regexp.MustCompile("(?i)" + fmt.Sprintf(form, all))
}

// oneOf is one of some phrases, as a part of others.
func oneOf(phrases ...string) string { return "(?:" + strings.Join(phrases, "|") + ")" }

// toOthers is what stands above or before other articles.
const toOthers = `[àa] (?:lire|découvrir) (?:aussi|également|ensuite)|(?:lire|voir) (?:aussi|également)|(?:sur|dans) (?:le|la) même (?:sujet|thème|catégorie|rubrique)` +
	`|nos derniers (?:articles|guides)|(?:les )?derni(?:ers articles|ères actualités)|(?:nos |d’)?autres articles` +
	`|(?:autres )?articles? (?:similaires?|liés?|récents?|connexes?|recommandés?|suivants?|précédents?)` +
	`|vous (?:aimerez|pourriez aimer)(?: peut-être)?(?: aussi)?|(?:cela|ceci) (?:peut|pourrait) (?:aussi )?vous intéresser` +
	`|(?:la rédaction|nous) vous (?:conseill|recommand|suggèr)(?:e|ons)|les (?:articles )?(?:plus|mieux) (?:lus|partagés|consultés|commentés)|articles populaires|plus d’(?:articles|actualités)|à ne pas manquer|dans le même dossier` +
	`|related(?: (?:articles|posts|stories|reading))?|(?:our )?(?:latest|recent) (?:articles|posts|stories)|read (?:also|next|more)|see also|you (?:may|might) also like|recommended(?: (?:articles|posts|for you))?|most (?:read|popular)|(?:popular|more) (?:articles|posts|stories)`

// Where one shares what one reads, how else, and how sites ask for it.
const (
	networks    = `facebook|twitter|x|linkedin|whatsapp|bluesky|mastodon|threads|pinterest|telegram|reddit|messenger|instagram|tiktok|youtube|e-?mail|mail|courriel|sms`
	waysToShare = `copier(?: le lien)?|copy(?: (?:the )?link)?|imprimer|print`
	toSharing   = `(?:partage[rz]|share|suivez[- ]nous|follow us)(?: (?:cette |cet |l’|this )?(?:article|page))?|copier le lien|copy (?:the )?link`
)

// What lines say that begin something else than the text of an article.
var (
	// invitation begins a box in which a site asks for addresses.
	invitation = anyOf(`^%s`,
		`(?:.{0,20}\b)?(?:recevez|recevoir|inscri(?:vez[- ]vous|ption)|abonnez[- ]vous|s’inscrire|s’abonner|rejoignez|ne (?:manquez|ratez))\b.*(?:newsletter|infolettre|lettre d’info)`,
		`(?:.{0,20}\b)?(?:subscribe|sign up|get|join|receive)\b.*(?:newsletter|mailing list)`,
		`(?:.{0,20}\b)?(?:recevez|inscrivez[- ]vous|abonnez[- ]vous|rejoignez)\b.*(?:bo[îi]tes? (?:mail|de r[ée]ception|aux lettres)|(?:par|votre) (?:e-?mail|mail|courriel))`,
		`(?:.{0,20}\b)?(?:subscribe|sign up)\b.*(?:inbox|by e-?mail)`,
		`si vous (?:souhaitez|voulez|désirez) recevoir\b.*(?:inscri|abonn|rejoign)`,
		`(?:notre )?(?:newsletter|infolettre)\s*[:!]?$`,
		`recevez\b.*\b(?:lettre|actualité|guide|article).*(?:inscrivez|abonnez|rejoignez)[- ](?:vous|nous)`,
		`(?:vous avez (?:aimé|apprécié)|vous aimez) (?:cet|ce|ces|notre|nos) [^.!?]*[.!?…].*(?:inscrivez-vous|abonnez-vous|rejoignez-nous|recevez)`,
		`(?:cet article|ce guide) vous a (?:plu|intéressé)[^.!?]*[.!?…].*(?:inscrivez-vous|abonnez-vous|rejoignez-nous|recevez)`,
		`(?:thanks for reading|merci (?:de (?:me )?lire|de votre lecture|d’avoir lu))\b.*(?:subscribe|abonnez-vous|inscrivez-vous)`, `.{0,40}\b(?:is a reader-supported publication|est une publication soutenue par ses lecteurs)`,
		`(?:did you (?:like|enjoy)|(?:if )?(?:you )?(?:liked|enjoyed|enjoying)) (?:this|our) (?:article|post|story|piece|guide)\b.*(?:subscribe|sign up|get our|get one)\b`,
	)

	// announcement is a heading under which something else than the article stands, or a button.
	announcement = anyOf(`^%s\s*[:!…]?$`,
		toOthers, `[àa] (?:lire|découvrir)`,
		`partage[rz](?: (?:cette |cet |l’)?(?:article|page|sur.{0,20}))?`, `suivez[- ]nous(?: (?:sur|aussi|ici) .{0,30})?`, `laisse[rz] un commentaire`, `[0-9]* ?commentaires?`, `étiquettes`, `mots[- ]clés`,
		`share(?: (?:this|on).{0,20})?`,
		`leave a (?:comment|reply)`, `[0-9]* ?comments?`, `tags`,
	)

	// others is a line that other articles follow, and othersWithin a paragraph of such a line and links, each of them NUL.
	others       = anyOf(`^[^\pL]*%s\s*[:!…|>→]?$`, toOthers)
	othersWithin = anyOf(`^[^\pL]*%s[^\pL\x00]*\x00(?:[^\pL]|\b(?:et|ou|and|or)\b)*$`, toOthers)
	onlyLinks    = regexp.MustCompile(`^[^\pL]*\x00[^\pL]*$`)

	// sharing is a line that names nothing but where to share what one reads.
	sharing = anyOf(`^[^\pL]*(?:partage[rz]|share|suivez[- ]nous|follow us)(?: (?:cette |cet |l’|this )?(?:article|page))?(?: (?:sur|on|via|par))?(?:[\s:,|·•/–-]+%s\b)+[^\pL]*$`,
		networks, waysToShare, `et`, `ou`, `and`, `or`, `sur`, `on`, `par`, `by`,
	)

	// buttons are nothing but calls to share and where; toShare is what one of them says at least, or else several names of networks.
	buttons = anyOf(`^[^\pL]*(?:%s\b[^\pL]*)+$`,
		networks, waysToShare, toSharing, `(?:cliquez pour|click to) (?:partager|share|envoyer|email)`, `(?:s’)?ouvre dans une nouvelle fenêtre`, `opens in (?:a )?new window`,
		`envoyer(?: par)?`, `sur`, `on`, `via`, `par`, `by`,
	)
	toShare = anyOf(`\b%s\b`, toSharing)
	network = anyOf(`\b%s\b`, networks)

	// pointer is a line that leads to another article.
	pointer = anyOf(`^[^\pL]{0,3}%s\b`,
		`(?:[àa] )?(?:lire|voir)(?: aussi| également)`, `(?:[àa] )?lire (?:sur|dans)`, `pour aller plus loin`, `read (?:also|more|next)`, `(?:see also|also read)`,
	)
)

// pointerWithin finds at the end of a text, behind a whole sentence or a line, the words before a link that leads elsewhere. A line ends in NUL.
var pointerWithin = anyOf(`(?:\x00\s*|[.!?…»]\s+)(%s\s*[:|>→]\s*)$`, `(?:[àa] )?(?:lire|voir)(?: aussi| également)`, `pour aller plus loin`, `(?:read (?:also|more|next)|see also|also read)`)

// toRest is what a link says that leads to the rest of a text, behind a whole sentence or where that was cut.
var (
	toRest = anyOf(`^[^\pL]*%s[^\pL]*$`,
		`(?:lire|voir) la suite(?: (?:de|sur) .+)?`, `(?:continuer|poursuivre) la lecture.*`, `lire l’article(?: complet)?`, `continue reading.*`, `(?:read|keep) (?:more|reading)`, `read the (?:full|rest of the|whole) (?:story|article|post)`,
	)
	sentenceEnd = regexp.MustCompile(`[.!?…»\])]\s*$`)
)

// What pages say that hold no article although their server says that all is well.
var (
	missing = anyOf(`%s`,
		`^(?:(?:erreur|error)\s*)?404\b(?:\s*[-–—:|!.]|\s*$|\s+(?:not found|page|erreur|error))`,
		`^(?:not found|(?:contenu |article )?introuvable|nothing found|aucun résultat)\s*(?:[-–—|·•!.].*)?$`,
		`\bpage (?:non trouvée|introuvable|inexistante|not found)`,
		`\bpage (?:que vous (?:cherchez|recherchez|demandez|avez demandée) )?(?:n’existe (?:pas|plus)|est introuvable|n’a pas été trouvée|a été (?:supprimée|déplacée))`,
		`\b(?:this|that|the) page (?:doesn’t|does not|no longer) exists?`, `\bpage can(?:no|’)t be found`,
	)

	human = anyOf(`%s`,
		`^(?:un instant\s*(?:…|\.\.\.)|just a moment\b)`,
		`^(?:attention required|access denied|accès refus|pardon our interruption|client challenge)\b`,
		`^(?:are you a (?:human|robot)|êtes-vous un (?:humain|robot)|vérification (?:de votre navigateur|en cours))\b`,
		`\bverify (?:that )?you are (?:a )?human`, `\bvérifi(?:er|ez|ons) que vous (?:êtes|n’êtes pas) un (?:humain|robot)`,
		`\bplease enable js`, `\benable javascript and cookies to continue`, `\bchecking (?:if the site connection is secure|your browser)`,
	)

	// consent is asked for in the first person, by buttons, or both.
	consentByUs = anyOf(`\b%s`,
		`(?:nous et )?nos (?:[0-9][0-9 ]* )?partenaires`, `votre consentement`, `nous (?:utilisons|employons) des cookies`, `respect(?:ons)? (?:de )?votre vie privée`,
		`(?:we and )?our (?:[0-9][0-9,]* )?partners`, `your consent`, `we use cookies`, `we value your privacy`, `before you continue`, `avant d’accéder`,
	)
	consentByButton = anyOf(`\b%s`,
		`continuer sans accepter`, `tout (?:accepter|refuser)`, `accepter (?:et continuer|(?:tous )?les cookies)`, `(?:gérer|paramétrer|personnaliser) (?:mes |les |vos )?(?:choix|cookies|préférences|consentements?)`,
		`(?:accept|reject) all`, `manage (?:preferences|cookies|choices|options)`,
	)

	// consentLabel is all that a button says which agrees, refuses or leads to the choice; consentWord is what such a button may say, and others too.
	consentLabel = anyOf(`^[^\pL]*%s[^\pL]*$`,
		`tout (?:accepter|refuser|autoriser)(?: (?:et|&) (?:continuer|fermer|poursuivre))?`, `(?:accepter|refuser|autoriser) tout(?:es|s)?`,
		`(?:accepter|refuser|autoriser) (?:tous )?(?:les|ces|ses) (?:cookies|traceurs)`, `accepter (?:et|&) (?:continuer|fermer|poursuivre|accéder.{0,12})`,
		`(?:continuer|poursuivre|fermer) sans accepter`, `(?:confirmer|enregistrer|valider) (?:mes |vos )?(?:choix|préférences)`, `(?:confirm|save) (?:my )?(?:choices|preferences)`, `(?:gérer|paramétrer|personnaliser|modifier|choisir) (?:mes |les |vos )?(?:choix|cookies|traceurs|préférences|consentements?)`,
		`(?:accept|reject|allow|decline|refuse)(?: all)? cookies`, `(?:accept|reject|allow|decline|refuse) all`, `(?:accept|agree|consent) (?:and|&) (?:close|continue|proceed)`,
		`continue without (?:accepting|agreeing|consent)`, `(?:cookie|privacy|consent) (?:settings|preferences|choices)`, `manage (?:my |your )?(?:cookie )?(?:preferences|cookies|choices|options|settings|consent)`,
	)
	consentWord = anyOf(`^[^\pL]*%s[^\pL]*$`,
		`j’accepte`, `je (?:refuse|choisis|consens)`, `accepter`, `refuser`, `consentir`, `autoriser`, `paramétrer`, `personnaliser`, `paramètres`, `ok(?: pour moi)?`, `d’accord`, `(?:j’ai )?compris`,
		`(?:i )?(?:accept|agree|consent)`, `reject`, `decline`, `allow`, `deny`, `got it`, `ok(?:ay)?`, `(?:more )?options`, `customi[sz]e`, `settings`,
	)

	// consentMatter is what sites ask visitors about, purposes what they say it is for, toVisitors how they speak to them, and selling what they
	// offer instead.
	consentMatter = anyOf(`\b%s`,
		`cookies?\b`, `traceurs?\b`, `consent(?:ement|ir|ez|ons)\b`, `données (?:à caractère )?personnel`, `vie privée`, `(?:nos|ses|leurs) (?:[0-9][\s\x{a0}\x{202f}0-9]* )?partenaires\b`,
		`consent(?:s|ing)?\b`, `personal data\b`, `privacy\b`, `trackers?\b`, `tracking technolog`, `our (?:[0-9][0-9,]* )?(?:partners|vendors)\b`,
	)
	purposes = anyOf(`\b%s`,
		`(?:publicités?|annonces?) (?:et (?:le |les )?contenus? )?(?:personnalisé|ciblé)`, `contenus? (?:et publicités? )?personnalisé`, `mesur(?:e|er) (?:l’audience|d’audience|de performance|la performance)`, `informations sur (?:un|votre) (?:terminal|appareil)`,
		`personali[sz]ed (?:ads|advertising|content)`, `(?:ad|content|audience) measurement`, `information on (?:a|your) device`,
	)
	toVisitors = anyOf(`\b%s\b`, `nous`, `nos`, `notre`, `vous`, `vos`, `votre`, `(?:ce|le présent|notre) site`, `we`, `us`, `our`, `you`, `your`, `this (?:web)?site`)
	selling    = anyOf(`\b%s`, `abonn(?:ez|er|ement|és?)\b`, `sans engagement\b`, `subscri(?:be|ption|bers?)\b`)

	members = anyOf(`\b%s`,
		`il vous reste (?:à lire )?[0-9]+[\s\x{a0}\x{202f}]?%%`,
		`(?:la suite|cet article|le contenu|article|contenu|la lecture)(?: de (?:cet |l’)article)? (?:est |en intégralité est )?(?:intégralement |exclusivement )?réservée?s? (?:exclusivement )?(?:à nos|aux) abonnés`,
		`(?:abonnez|connectez|identifiez|inscrivez)-vous pour (?:lire|continuer|accéder|poursuivre)`,
		`pour lire (?:la suite|l’intégralité|cet article)[^.]{0,40},? (?:abonnez|connectez|identifiez|inscrivez)-vous`,
		`(?:subscribe|log in|sign in|register) to (?:continue|read|keep reading|unlock)`,
		`this (?:article|content|post|story) is (?:for|reserved for|only for|available to) (?:[a-z-]+ )?(?:subscribers|members)`, `for (?:paid )?subscribers only`,
	)

	asking = anyOf(`^%s\s*(?:[-–—|·•].*)?$`, `se connecter`, `connexion`, `(?:connectez|identifiez)-vous`, `(?:log|sign) ?in(?: to .*)?`)
)
