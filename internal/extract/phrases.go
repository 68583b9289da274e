package extract

import (
	"fmt"
	"strings"
)

// anyOf finds one of some phrases, whatever their capitals, where form lets it stand. An apostrophe is any.
func anyOf(form string, phrases ...string) pattern {
	return expression("(?i)" + strings.ReplaceAll(fmt.Sprintf(form, oneOf(phrases...)), "’", "[’']"))
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

// toFurther is what stands above or before other articles of a site, or above what an author names for further reading.
const toFurther = `(?:pour )?(?:aller plus loin|approfondir(?: le sujet)?)|(?:pour )?en savoir (?:plus|davantage)|et aussi|[àa] (?:lire|voir|écouter|relire|consulter|retrouver)(?: aussi| également)? (?:(?:sur|dans) [^.!?:]{1,30}|aussi|également)|(?:lire|voir|relire|retrouvez|consultez|découvrez)(?: (?:aussi|également|encore)|(?: aussi| également)? (?:nos|notre|tous nos) (?:autres )?(?:articles?|dossiers?|guides?|tests?|enquêtes?|contenus)(?: (?:sur|consacrés?|dédiés?) [^.!?:]{1,40})?)` +
	`|(?:plus|nos articles|notre dossier|nos dossiers|nos contenus|nos guides|tout|toute l’actualité|d’autres articles) sur (?:le sujet|ce sujet|ce thème|cette affaire|le même (?:sujet|thème))|sur (?:le|ce) (?:sujet|thème)|dans la même (?:série|collection)|les autres (?:épisodes|articles|volets)(?: de la série)?|à retrouver aussi|ne manquez pas|lectures? (?:complémentaires?|recommandées?|conseillées?)` +
	`|(?:for )?further reading|(?:more|read more|learn more|find out more)(?: (?:on|about|from|like) (?:this(?: (?:story|topic|subject))?|us|our site|the (?:series|topic)))?|(?:what to )?read next|keep reading|up next|also(?: (?:read|on [^.!?:]{1,30}))?|don’t miss|you might (?:also )?(?:like|enjoy)|in this series|(?:more )?from our (?:archive|archives|coverage)|our (?:guides?|coverage|stories)(?: (?:on|to) [^.!?:]{1,30})?`

// forSome is what marks the title of an article that not everybody may read.
const forSome = `(?:(?:réservé aux |pour (?:les |nos )?)?abonnés?|premium|subscribers?(?: only)?)`

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
		`(?:chaque|tous les|toutes les|every) [^.!?]{1,80} (?:votre bo[îi]te (?:mail|aux lettres|de r[ée]ception)|your inbox)`,
		`recevez\b.*\b(?:lettre|actualité|guide|article).*(?:inscrivez|abonnez|rejoignez)[- ](?:vous|nous)`,
		`(?:vous avez (?:aimé|apprécié)|vous aimez) (?:cet|ce|ces|notre|nos) [^.!?]*[.!?…].*(?:inscrivez-vous|abonnez-vous|rejoignez-nous|recevez)`,
		`(?:cet article|ce guide) vous a (?:plu|intéressé)[^.!?]*[.!?…].*(?:inscrivez-vous|abonnez-vous|rejoignez-nous|recevez|soutenez-nous|(?:faites|avec) un don)`,
		`(?:thanks for reading|merci (?:de (?:me )?lire|de votre lecture|d’avoir lu))\b.*(?:subscribe|abonnez-vous|inscrivez-vous)`, `.{0,40}\b(?:is a reader-supported publication|est une publication soutenue par ses lecteurs)`,
		`(?:did you (?:like|enjoy)|(?:if )?(?:you )?(?:liked|enjoyed|enjoying)) (?:this|our) (?:article|post|story|piece|guide)\b.*(?:subscribe|sign up|get our|get one)\b`,
	)

	// ofItself finds the site that speaks in an invitation.
	ofItself = anyOf(`(?:^|[^\pL])%s(?:$|[^\pL])`,
		`notre`, `nos`, `la rédaction`, `de me lire`, `de votre lecture`, `d’avoir lu`, `cet article`, `ce guide`, `soutenue par ses lecteurs`, `^(?:newsletter|infolettre)\s*[:!]?$`,
		`our`, `this (?:article|post|story|piece|guide)`, `thanks for reading`, `reader-supported`, `never miss`,
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
	onlyLinks    = expression(`^[^\pL]*\x00[^\pL]*$`)

	// further is a line that articles of the site follow, or what an author has read; furtherWithin is a paragraph of it and links. markedTitle is the title of
	// another article behind a sign.
	further       = anyOf(`^[^\pL]*%s\s*[:!…|>→]?$`, toFurther)
	furtherWithin = anyOf(`^[^\pL]*%s[^\pL\x00]*\x00(?:[^\pL]|\b(?:et|ou|and|or)\b)*$`, toFurther, `[àa] (?:lire|voir|écouter|relire|consulter|retrouver)`)
	markedTitle   = expression(`^\s*(?:(?:[🔒🔐🔓🗝⭐★➡➤➜➔⇒→▶►▸👉📖📰🔎🔴📺🎧🎙📹🎥⏩»>]\x{fe0f}?\s*)+|\[?(?i:` + forSome + `)\]?\s*[.:|–—-]\s*|(?:VID[ÉE]OS?|PODCAST|REPLAY|DIRECT|CARTES?|ENTRETIEN|EN IMAGES|DIAPORAMA|DOSSIER|EN VIDÉO|PHOTOS|VIDEO|LISTEN|WATCH|OPINION|EXPLAINER)\s*[.:|]\s*)\pL*\P{L}+\pL+\P{L}+\pL.{8,}$`)
	forWhom       = anyOf(`^[^\pL]*%s[^\pL\x00]*\x00[^\pL]*$`, forSome)

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
		`(?:re)?(?:lire|voir|écouter|découvrir) (?:(?:aussi )?(?:le|la|les|notre|nos|son|sa|cette|cet|ce) |l’)[^:|.!?]{3,30}\s?[:|]\s?`,
	)
)

// pointerWithin finds at the end of a text, behind a whole sentence or a line, the words before a link that leads elsewhere. A line ends in NUL.
var pointerWithin = anyOf(`(?:\x00\s*|[.!?…»]\s+)(%s\s*[:|>→]\s*)$`, `(?:[àa] )?(?:lire|voir)(?: aussi| également)`, `pour aller plus loin`, `(?:read (?:also|more|next)|see also|also read)`)

// toTheRest is what leads to the rest of a text.
const toTheRest = `(?:lire|voir) la suite(?: (?:de|sur) .+)?|(?:continuer|poursuivre) la lecture.*|lire l’article(?: complet)?|continue reading.*|(?:read|keep) (?:more|reading)|read the (?:full|rest of the|whole) (?:story|article|post)`

// toRest is what a link says that leads to the rest of a text, behind a whole sentence or where that was cut.
var (
	toRest      = anyOf(`^[^\pL]*%s[^\pL]*$`, toTheRest)
	sentenceEnd = expression(`[.!?…»\])]\s*$`)
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
		`(?:je |j’)?(?:accepte[rz]?|autorise[rz]?|refuse[rz]?)(?: (?:tous )?(?:les|ces|ses) (?:cookies|traceurs))? (?:et|&|pour) [^.!?]{3,25}`, `(?:lire|accéder|continuer|poursuivre|naviguer)[^.!?]{0,20} (?:en (?:acceptant|refusant)|(?:avec|sans) (?:les |de )?(?:cookies|traceurs|pubs?|publicités?))[^.!?]{0,12}`,
		`(?:i )?(?:accept|agree|consent|reject|allow)(?: (?:all )?cookies)? (?:and|&|to) [^.!?]{3,25}`, `(?:subscribe|pay)(?: (?:and|&|to))? reject`, `(?:read|continue) with (?:ads|advertising|cookies)`,
		`(?:alle )?(?:cookies )?(?:akzeptieren|zustimmen|ablehnen)(?: (?:und|&) [^.!?]{3,25})`, `alle (?:cookies )?(?:akzeptieren|ablehnen)`, `(?:mit|ohne) werbung (?:weiterlesen|lesen)`, `(?:aceptar|rechazar) (?:y [^.!?]{3,25}|tod[oa]s?(?: las cookies)?)`, `(?:accetta|accettare|rifiuta)(?: e [^.!?]{3,25}| tutt[oi](?: i cookie)?)`,
		`(?:accept|reject|allow|decline|refuse)(?: all)? cookies`, `(?:accept|reject|allow|decline|refuse) all`, `(?:accept|agree|consent) (?:and|&) (?:close|continue|proceed)`,
		`continue without (?:accepting|agreeing|consent)`, `(?:cookie|privacy|consent) (?:settings|preferences|choices)`, `manage (?:my |your )?(?:cookie )?(?:preferences|cookies|choices|options|settings|consent)`,
	)
	consentWord = anyOf(`^[^\pL]*%s[^\pL]*$`,
		`j’accepte`, `je (?:refuse|choisis|consens)`, `accepter`, `refuser`, `consentir`, `autoriser`, `paramétrer`, `personnaliser`, `paramètres`, `ok(?: pour moi)?`, `d’accord`, `(?:j’ai )?compris`,
		`akzeptieren`, `zustimmen`, `ablehnen`, `einverstanden`, `einstellungen`, `aceptar`, `rechazar`, `acepto`, `accetta`, `accetto`, `rifiuta`,
		`(?:i )?(?:accept|agree|consent)`, `reject`, `decline`, `allow`, `deny`, `got it`, `ok(?:ay)?`, `(?:more )?options`, `customi[sz]e`, `settings`,
	)

	// consentMatter is what sites ask visitors about, purposes what they say it is for, toVisitors how they speak to them, and selling what they
	// offer instead.
	consentMatter = anyOf(`\b%s`,
		`cookies?\b`, `traceurs?\b`, `consent(?:ements?|ir|ez|ons)\b`, `données (?:à caractère )?personnel`, `vie privée`, `(?:nos|ses|leurs) (?:[0-9][\s\x{a0}\x{202f}0-9]* )?partenaires\b`,
		`consent(?:s|ing)?\b`, `personal data\b`, `privacy\b`, `trackers?\b`, `tracking technolog`, `our (?:[0-9][0-9,]* )?(?:partners|vendors)\b`,
		`werbetracking`, `datenschutz`, `einwilligung`, `personenbezogen`, `(?-i:Zustimmung|Tracking)`, `consentimiento`, `privacidad`, `datos personales`, `consenso`, `dati personali`,
	)
	purposes = anyOf(`\b%s`,
		`(?:publicités?|annonces?) (?:et (?:le |les )?contenus? )?(?:personnalisé|ciblé)`, `contenus? (?:et publicités? )?personnalisé`, `mesur(?:e|er) (?:l’audience|d’audience|de performance|la performance)`, `informations sur (?:un|votre) (?:terminal|appareil)`,
		`publicités? (?:qui [^.!?]{0,12}ressembl|adaptée)`, `traceurs? publicitaires?`,
		`personali[sz]ed (?:ads|advertising|content)`, `(?:ad|content|audience) measurement`, `information on (?:a|your) device`,
	)
	toVisitors = anyOf(`\b%s\b`, `nous`, `nos`, `notre`, `vous`, `vos`, `votre`, `(?:ce|le présent|notre) site`, `we`, `us`, `our`, `you`, `your`, `this (?:web)?site`, `(?-i:Sie|Ihr(?:e[mnrs]?)?)`, `nosotros`, `nuestr[oa]s?`, `usted`, `nostr[aeio]`, `tuo`, `puoi`)
	selling    = anyOf(`\b%s`, `abonn(?:ez|er|ement|és?)\b`, `sans engagement\b`, `subscri(?:be|ption|bers?)\b`, `pur-abo\b`, `abonnenten\b`, `werbefrei\b`)

	// bySite finds a site that speaks for itself, and withPartners one that does so by its name.
	bySite       = anyOf(`\b%s\b`, `nous`, `nos`, `notre`, `on`, `(?:ce|le présent) site`, `partenaires`, `we`, `us`, `our`, `this (?:web)?site`, `partners`, `wir`, `uns(?:er\pL*)?`, `nosotros`, `nuestr[oa]s?`, `noi`, `nostr[aeio]`, `cookies de (?-i:\p{Lu})\pL+`)
	withPartners = anyOf(`\b%s\b`, `et (?:ses|leurs) [0-9][\s\x{a0}\x{202f}0-9]* partenaires`, `and (?:its|their) [0-9][0-9,]* (?:partners|vendors)`)

	asking = anyOf(`^%s\s*(?:[-–—|·•].*)?$`, `se connecter`, `connexion`, `(?:connectez|identifiez)-vous`, `(?:log|sign) ?in(?: to .*)?`)
)

// What one reads on in, and who does so.
const (
	theRest = `(?:la suite|la fin|l’intégralité|la totalité|(?:(?:cet|l’|votre) ?)?article|(?:la|votre) lecture|l’ensemble|ce (?:contenu|reportage|texte|papier)|cette (?:enquête|interview))`
	theFull = `(?:(?:the|this|your|full|entire)\b[^.!?,]{0,30}?(?:article|story|post|content|piece|report|rest)\b)`
	toEnter = `(?:subscribe|log ?in|sign ?(?:in|up)|register|join|create (?:an?|your) (?:free )?account|become an? (?:[a-z]+ )?(?:subscriber|member)|start (?:a|your) (?:free )?(?:trial|subscription))`
	entrez  = `(?:(?:abonnez|connectez|identifiez|inscrivez|réabonnez)-vous|je m’abonne|m’abonner|s’abonner|créez (?:un|votre) compte)`
)

// toMembers is how a sentence begins that says that there is more for those who pay, or tell who they are.
const toMembers = `il (?:vous )?reste (?:encore )?(?:à (?:lire|découvrir) [0-9]+[\s\x{a0}\x{202f}]?%|[0-9]+[\s\x{a0}\x{202f}]?% (?:de (?:cet |l’)article|à (?:lire|découvrir)))|[0-9]+[\s\x{a0}\x{202f}]?% de (?:cet |l’)article (?:restent|reste|sont|est)\b` +
	`|(?:l’accès à |la lecture de )?(?:la suite|(?:cet |l’)?article|(?:ce |le )?contenu(?: premium| exclusif)?|la lecture|l’intégralité|l’accès|accès|cette enquête|ce reportage)(?: de (?:cet |l’)article| du contenu)? (?:est |en intégralité est )?(?:intégralement |exclusivement |uniquement )?(?:réservée?s?|accessibles?) (?:exclusivement |uniquement |seulement )?(?:à nos|aux) (?:lecteurs |membres )?(?:abonnée?s|adhérents|membres(?:\s*[.!?,;:…|]|\s*$| (?:abonnés|inscrits|du site|et)))` +
	`|(?:la lecture|l’accès|la consultation|la suite) (?:de (?:nos|ces|tous (?:les|nos)) |des |aux |à (?:nos|tous (?:les|nos)) )(?:articles?|contenus?|textes|papiers)(?: complets?)? (?:est|sont) (?:\pL+ement )?(?:réservée?s?|limitée?s?|accessibles?) (?:à nos|aux) (?:lecteurs |membres )?(?:abonnés|adhérents|membres|inscrits)\s*(?:[.!?,;:…|]|$)` +
	`|cet article est payant|article payant\b` +
	`|` + entrez + `[^.!?]{0,40}? (?:pour|afin de) (?:lire|continuer|accéder|poursuivre|débloquer|découvrir|consulter|connaître)(?: à(?: lire)?)? ` + theRest +
	`|` + entrez + ` (?:pour|afin de) (?:lire|continuer|poursuivre)(?: à lire)?\s*(?:[.!]|$)` +
	`|pour (?:lire|continuer|accéder à|poursuivre|débloquer|découvrir|consulter|connaître)(?: gratuitement| à lire)? ` + theRest + `[^.!?]{0,60}?,? (?:` + entrez + `|vous devez (?:être|vous)\b|il faut (?:être|s’)\b)` +
	`|` + entrez + ` pour l[ea] lire\b|vous avez lu [0-9]+[\s\x{a0}\x{202f}]?% de (?:cet |l’)article|(?:l’article complet|la suite|la version intégrale|l’intégralité[^.!?,]{0,20}) est (?:disponible|accessible) (?:pour|à|aux) (?:les |nos )?abonnés` +
	`|(?:vous (?:souhaitez|voulez|désirez|aimeriez)|(?:vous avez )?envie de) (?:lire|connaître|découvrir|consulter) (?:la suite|l’intégralité|la totalité|cet article|l’article)[^.!?]{0,40}\?` +
	`|(?:lisez|lire|retrouvez|découvrez|débloquez|poursuivez|continuez|accédez à) ` + theRest + `[^.!?]{0,40}? (?:avec|grâce à|en vous abonnant|en s’abonnant|pour (?:seulement )?[0-9])(?:$|[^\pL](?:(?:l’|notre |nos |une? |votre )?(?:offres?|abonnements?|essai|édition|compte)|[^.!?]{0,20}€|[.!]|$))` +
	`|(?:débloquez|achetez) (?:cet |l’)article` +
	`|vous avez (?:atteint|épuisé|dépassé|lu|utilisé|consulté)[^.!?]{0,40} articles? (?:gratuits?|offerts?)|vous devez (?:être abonnée?|vous (?:abonner|connecter|identifier))[^.!?]{0,10} pour (?:lire|accéder|continuer|poursuivre)` +
	`|` + toEnter + `(?: or (?:(?:log|sign) ?(?:in|up)|subscribe|register)| now| today| here| for [^.!?,]{0,20}?)? to (?:(?:continue|keep|finish)(?: reading)?|read|unlock|access|view|see)(?: on\b| more\s*(?:[.!]|$)| ` + theFull + `|\s*(?:[.!]|$))` +
	`|` + toEnter + `(?: now| today)? to (?:continue|keep|finish) reading` +
	`|to (?:(?:continue|keep|finish) reading|continue|read on|(?:read|unlock|access|view) ` + theFull + `)[^.!?]{0,40}?,? (?:please )?` + toEnter +
	`|this is an? (?:subscribers?|members?)[ -](?:only|exclusive)\b|get (?:full|unlimited) access to (?:this|the full) (?:story|article)|(?:keep|continue) reading (?:for (?:just |only )?[$£€]|(?:this|the full) (?:article|story|post)\b)` +
	`|(?:want|would you like) to (?:keep reading|read (?:on|more|the rest|the full (?:article|story)))[^.!?]{0,20}\?` +
	`|this (?:article|content|post|story|page) is (?:exclusively |reserved |only |available |exclusive )*(?:for|to) (?:[a-z-]+ )*(?:subscribers|members)|(?:the rest of )?this (?:article|content|post|story) is behind (?:a|our) paywall|the rest of this (?:article|story|post) is (?:for|only|available|reserved)` +
	`|you(?:’ve| have) (?:now )?(?:reached|hit|used|read|exhausted)[^.!?]{0,40}(?:free (?:articles?|stor(?:y|ies)|content)|(?:article|free) limit)` +
	`|(?:read|continue reading|keep reading|get|unlock|see)(?: (?:on|` + theFull + `))? with (?:an? |your )(?:[a-z]+ )?(?:subscription|free trial|membership|account)|unlock (?:this|the full) (?:article|story|post)` +
	`|you (?:must|need to) (?:be (?:an? )?(?:subscriber|member|logged in|signed in)|subscribe|log in|sign in|register) to (?:read|continue|access|view)` +
	`|unlock the (?:rest|remainder) of (?:this|the) (?:` + nouns + `|` + parts + `)\b`

var (
	// members finds such a sentence anywhere, and toReaders one that begins with it and stands in no quotation, or is a label.
	members   = anyOf(`\b%s`, toMembers, `for (?:paid )?subscribers only`)
	toReaders = anyOf(`(?:^|[.!?…»”]\s+)[^\pL\pN«“"‘]*(?:(?:please|sorry|premium|abonnés?|or|ou)[\s,:|–-]+)?%s`, toMembers,
		`(?:contenu |article |lecture |accès |page )?réservée?s? (?:aux|à nos) (?:abonnés|membres)\s*[.!]?$`, `(?:for )?(?:paid )?(?:subscribers|members)[ -]only(?: (?:article|story|content|post))?\s*[.!]?$`,
	)

	// knownFirst is what a page says while it looks whether it knows who reads.
	knownFirst = anyOf(`(?:^|[.!?…]\s+)[^\pL\pN«“"‘]*%s`,
		`(?:thank you for your patience|please wait|one moment) while we (?:verify|check|confirm) (?:your )?(?:access|subscription|account)\b`, `(?:if )?you(?:’re| are) in reader mode\b.{0,80}(?:log|sign) ?in`,
		`(?:merci de (?:votre patience|patienter|bien vouloir patienter)|veuillez patienter|patientez) (?:pendant que|le temps que) nous vérifi(?:i?ons) (?:votre |vos |l’)(?:accès|abonnement|compte|droits)`, `(?:si )?vous êtes en mode lecture\b.{0,80}(?:connect|identifi)`,
	)

	// toKnown asks who reads a text whether the site knows her, or offers more of the kind: so do walls, and the margins of open pages.
	toKnown = anyOf(`(?:^|[.!?…]\s+)[^\pL\pN«“"‘]*%s`,
		`(?:vous êtes )?déjà (?:un |une )?(?:abonnée?|inscrite?|membre|client)[^\pL?]*(?:\(?e\)?)?[^.!?]{0,20}\?`, `(?:vous êtes|êtes-vous) (?:déjà )?(?:abonnée?|membre)[^.!?]{0,10}\?`,
		`(?:are you )?already (?:an? |our )?(?:\pL+ ){0,2}?(?:subscriber|subscribed|subscribing|member|registered|have an? (?:account|subscription))[^.!?]{0,20}\?`, `(?:do you )?(?:already )?have an? (?:account|subscription)\s*\?`,
		`(?:(?:vous avez|tu as|avez-vous) )?(?:déjà )?(?:un |votre )(?:compte|abonnement)(?: (?:abonné|payant|premium|numérique|actif))?\s*\?`, `(?:tu es|es-tu) (?:déjà )?(?:un |une )?(?:abonn|inscri|membre|client)[^.!?]{0,12}\?`,
		`il (?:vous )?reste (?:encore )?[0-9]+ (?:minutes?|mots|lignes|paragraphes) (?:de lecture|à lire)`, entrez+` (?:pour|afin de) (?:voir|lire|consulter|afficher) plus (?:de contenus?|d’articles)\s*(?:[.!]|$)`,
		`(?:please )?(?:(?:log|sign) ?in|register|sign ?up|create an? (?:free )?account) to (?:view|see|read|access) more (?:content|posts|articles|stories)\s*(?:[.!]|$)`,
	)

	// ofAccounts is what sites ask of whom they may know.
	ofAccounts = anyOf(`\b%s`, `connect`, `identifi`, `(?:log|sign) ?in\b`, `account`, `compte\b`)

	// reporting finds who says what a text begins with, or what it is: then it is no call of the site that shows it.
	reporting = anyOf(`(?:[,;»”"!?–—-]\s*(?:(?:a|ont|avait|avaient|s’est|se|s’|lui|leur|nous|y|en|has|have|had)\s*)*%s(?:$|[^\pL])|,\s(?:the|an?|his|her|its|their|he|she|they|one|\p{Lu}\pL+) (?:\p{Ll}+ ){0,4}(?:says?|said|urge[sd]|warns|promise[sd]|writes|wrote|tells|told)\b|\sreading (?:is|was|has|means|remains)\b|[\s,](?:selon (?:l|d|s|M|un|c|\p{Lu})|d’après |according to )|[,»”!?]\s*(?:\pL+(?:’| ))?\pL+(?:-t)?-(?:il|elle|on|ils|elles)(?:$|[^\pL])|\s*:\s*(?:c’est (?:la|le|un|une|ce|cette|ainsi|avec|en)\b|c’est l’|c’était|ce (?:n’est|sont|fut|message|mot)|voilà|tel(?:le)? |la (?:phrase|formule|promesse|consigne|mention)|le (?:message|slogan|mot|conseil|credo)|l’(?:invitation|appel|affiche)|that|this is|it is|it’s|such|so (?:says|reads|goes)|the (?:line|words|message|slogan|call|promise|advice)))`,
		`di(?:t|sent|sait|saient|sons)`, `prom(?:et|ettent|ettait|is)`, `(?:assur|affirm|expliqu|conseill|insist|lanc|clam|proclam|suppli|implor|demand|recommand|racont|estim|précis|indiqu|ajout|exhort|invit|ironis|félicit|déclar|propos|martèl|martel|plaisant|résum|déplor|regrett|indign|agac|gliss|souffl|annonc|rappel|soulign|not|confi|cri|vant|affich|appell|appel|plaid|prévien|prévenai|averti|avertissai|murmur|répèt|répét|suggèr|suggér|commun|espèr|espér|jug|écri|écriv|répon|répond|promett|serin|lanç|annonç|réclam|encourag|pri|justifi)(?:e|ent|ait|aient|é|t|vent|it|dent|dait|nent|s)`,
		`lit-on`, `peut-on lire`, `lisait-on`, `pouvait-on lire`, `sa(?:ys|id)`, `urge[sd]`, `promise[sd]`, `warn(?:s|ed)`, `tell[s]?`, `told`, `reads?`, `writes?`, `wrote`, `ask(?:s|ed)`, `argue[sd]`, `claim(?:s|ed)`, `insist(?:s|ed)`, `add(?:s|ed)`, `suggest(?:s|ed)`, `recommend(?:s|ed)`, `advise[sd]`,
		`announce[sd]`, `plead(?:s|ed)`, `implore[sd]`, `beg(?:s|ged)`, `quip(?:s|ped)`, `joke[sd]`, `declare[sd]`, `explain(?:s|ed)`, `note[sd]`, `boast(?:s|ed)`, `shout(?:s|ed)`, `cr(?:y|ies|ied)`, `went`, `goes`, `reckon(?:s|ed)`, `think[s]?`, `hope[sd]?`, `greet(?:s|ed)`,
	)
)
