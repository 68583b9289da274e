package extract

import "strings"

// Ways in which French names women and men at once: abonné·e·s, abonné.e.s, abonné(e)s, abonné-e-s, abonnés·ées, lecteur·rice·s.
var (
	atOnceByDot = expression(`(\pL{3})([·•‧∙⋅]\pL{1,6}(?:[·•‧∙⋅]s)?)`)
	atOnce      = expression(`(?i)(\pL{3})((?:[.\-/](?:e|rice|trice|euse)(?:[.\-/]?s)?|\((?:e|ne|le|rice|trice|euse)s?\)s?))([^\pL]|$)`)
)

// forBoth spells such words as those for men: the patterns of calls know no others.
func forBoth(text string) string {
	for _, spelling := range []pattern{atOnceByDot, atOnce} {
		text = spelling().ReplaceAllStringFunc(text, func(found string) string {
			parts := spelling().FindStringSubmatch(found)
			stem, isMany := parts[1], strings.HasSuffix(strings.TrimSuffix(parts[2], ")"), "s")
			if isMany && !strings.HasSuffix(stem, "s") {
				stem += "s"
			}
			return stem + strings.Join(parts[3:], "")
		})
	}
	return text
}

// What visitors have to be, to have or to do, as pages tell them.
const (
	aKnown   = `(?:(?:abonn|connect|identifi|enregistr|authentifi|inscri)(?:é|te?|t)|adhérent|membre|client)e?s?`
	toKnow   = `(?:abonner|réabonner|connecter|identifier|inscrire|enregistrer|authentifier)`
	anOffer  = `(?:un |une |d’un |d’une |notre |nos |votre |ton |à |l’|l’une de nos )*(?:comptes?|abonnements?|formules?|offres?|adhésion)`
	addresse = `(?:votre|ton|une) (?:adresse )?(?:(?:de )?messagerie|e-?mail|mail|courriel|adresse|mot de passe|identifiants?|code)`
	mustBe   = `(?:(?:vous devez|tu dois|vous devrez|tu devras|on doit|il (?:vous |te |nous )?(?:faut|faudra)|il est (?:nécessaire|obligatoire) (?:de |d’)|veuillez|merci de|vous êtes invitée?s? à|nous vous invitons à|invitation à)\s?(?:d’abord |alors |donc )?` +
		`(?:(?:être|vous|te|se|s’)\s?)*(?:` + aKnown + `|` + toKnow + `|(?:avoir |posséder |disposer |détenir |souscrire |prendre |créer |ouvrir |choisir )` + anOffer + `|(?:entrer|saisir|indiquer|renseigner) ` + addresse + `)` +
		`|(?:abonne|connecte|identifie|inscris|réabonne)-toi|(?:crée|créez|créer|ouvre|ouvrez|prends|prenez|souscris|souscrivez|choisis|choisissez) ` + anOffer + `|(?:devenez|deviens|devenir) ` + aKnown + `|rejoignez-nous|rejoins-nous|se connecter|connexion requise|abonnement requis|inscription requise` +
		`|(?:entrez|entre|saisissez|saisis|indiquez|indique|renseignez|renseigne|laissez|donnez)(?:-nous)? ` + addresse + `|(?:un compte|un abonnement|une inscription|une connexion)[^.!?,]{0,20} est (?:nécessaire|requise?|obligatoire|demandée?)|(?:essaye?z|essaie|testez|teste|profitez|profite|bénéficiez|souscrivez|rejoignez|rejoins|soutenez|soutiens|aidez|payez|paie|optez|faites un don|fais un don|adhérez|adhère|activez)\b|passez (?:à|au|en) (?:l’offre |la formule |l’abonnement )?(?:premium|abonn|plus|intégral)` +
		`|` + entrez + `)`
	readOn   = `(?:(?:lire|continuer|finir|terminer|accéder|poursuivre|débloquer|découvrir|consulter|connaître|voir|afficher|obtenir|avoir accès)(?: à lire| à| la lecture de| gratuitement| librement| dès maintenant| immédiatement| tout| toute)*)`
	aReading = `(?:article|texte|contenu|papier|enquête|interview|entretien|reportage|analyse|récit|billet|page|dossier|chronique|tribune|portrait|publication|histoire|épisode|volet|feuilleton|chapitre|décryptage|grand format|édito(?:rial)?)` // and nothing that one receives or downloads
	aText    = `(?:` + aReading + `|document|lettre|infolettre|newsletter|édition|note|fiche|critique|test|étude|guide|tutoriel|brève|comparatif)`
	theEnd   = `(?:la suite|la fin|le reste|l’intégralité|la totalité|la version (?:intégrale|complète|longue|entière))(?: (?:de|du) (?:la |l’|cet? |cette |notre )?(?:` + aText + `|lecture))?`
	rest     = `(?:` + theEnd + `|l’ensemble(?: (?:de|du) (?:la |l’|cet? |cette |notre )?(?:` + aText + `|lecture))?` +
		`|(?:cet |l’|votre |ton |notre )article|(?:la|votre|ta) lecture|(?:ce|cet|cette) (?:` + aReading + `|` + aText + ` (?:en entier|en intégralité|dans (?:son|sa) (?:intégralité|totalité)|jusqu’au bout))|le contenu (?:complet|intégral)|le texte (?:complet|intégral)|l’(?:enquête|interview|entretien|analyse)|les [0-9]+[\s\x{a0}\x{202f}]?% (?:restants|qui restent))`
	thisRest = `(?:` + theEnd + `|l’article|(?:ce|cet|cette) ` + aText + `(?: de (?:l’|la |cet |cette |notre )` + aText + `)?)`
	whom     = `(?:abonn|adhérents?\s*(?:[.!,…]|$)|membres?(?: inscrits| connectés| premium| abonnés| payants| cotisants| donateurs| bienfaiteurs| fondateurs| actifs)?\s*(?:[.!,…]|$|et )|(?:soutiens|donateurs|mécènes|contributeurs|bienfaiteurs|sociétaires)(?: payants| mensuels| réguliers)?\s*(?:[.!…]|$)|inscrits|(?:utilisateurs?|internautes?|lecteurs|lectrices|personnes|visiteurs|clients) (?:[^.!?]{0,20} )?(?:abonn|connect|inscri|enregistr|premium)|(?:détenteurs|titulaires) d’un (?:abonn|compte))`
)

// byBecoming is how one comes to read on.
const byBecoming = `en (?:(?:vous|t’|te|nous)\s?)?(?:(?:abonn|connect|identifi|inscriv|enregistr|réabonn|rejoign|souten)ant\b|(?:devenant|étant) ` + aKnown + `|(?:devenant|étant) (?:soutien|donateur|mécène|contributeur)|(?:souscrivant|prenant|créant|choisissant|activant) ` + anOffer + `|passant (?:à|au|en) (?:l’offre |la formule )?(?:premium|abonn|plus|payant)|faisant un don)`

// callsFrench are the sentences in which a site tells who reads on: who must be or do something, what of the text is for whom, and what it costs.
const callsFrench = `(?:vous n’avez|tu n’as) pas (?:encore )?accès à ` + thisRest + `|(?:vous lisez|ceci est) (?:actuellement )?un (?:extrait|aperçu)(?: gratuit)? (?:de (?:cet |l’)article|d’un article (?:réservé|payant))` +
	`|(?:seuls |seul·es )?(?:les|nos) (?:\pL+ )?(?:abonn|membres|adhérents|inscrits)\S{0,6} (?:\pL+ )?(?:peuvent|pourront|ont)(?: seuls)? (?:` + readOn + ` |accès à )` + rest + `\s*(?:[.!…]|$)|(?:tu|vous) (?:souhaites?|veux|voulez|voudrais|voudriez|aimerais|aimeriez) (?:lire|connaître|découvrir) ` + rest + `[^.!?]{0,20}\?` +
	`|(?:acheter|achetez|achète) (?:cet |l’)article[^.!?\pL]{0,12}[0-9]|ce contenu est (?:protégé|verrouillé)\s*[.!…–-]\s*` + mustBe +
	`|` + mustBe + `[^.!?]{0,40}? (?:pour|afin de|afin d’)\s?(?:pouvoir )?(?:` + readOn + ` ` + rest + `|continuer (?:à|de) lire\b)|` + mustBe + `[^.!?]{0,40}? et (?:lisez|accédez à|découvrez|poursuivez|continuez|débloquez|retrouvez) ` + rest +
	`|(?:pour|afin de) (?:pouvoir )?(?:` + readOn + ` ` + rest + `|continuer à lire)[^.!?:]{0,60}?,? (?:` + mustBe + `|achetez|achète|payez)` +
	`|` + thisRest + ` (?:\pL+ ){0,3}?(?:est|sont|reste|restent) (?:\pL+ement |désormais |actuellement )?(?:payante?s?\b|en accès (?:payant|restreint|limité|réservé|abonn)|verrouillée?s?\b|protégée?s? par (?:un )?mot de passe|sous abonnement|soumise?s? à abonnement|(?:réservée?s?|accessibles?|disponibles?|visibles?|lisibles?)(?: (?:\pL+ement|qu’))? ?(?:(?:à|aux|pour|par|avec|sur|en) )(?:tous |toutes |les |nos |un |l’)*(?:` + whom + `|abonnement|connexion|compte)|(?:pour|à) (?:nos |les )?` + whom + `)` +
	`|(?:(?:se reporter|reportez-vous) à |lire |lisez |retrouvez |découvrez |voir )` + thisRest + `\s?[,(–-]\s?(?:réservée?s?|accessibles?|disponibles?) (?:(?:à|aux|pour) )(?:tous |toutes |les |nos )*` + whom +
	`|(?:la lecture de |l’accès à |accéder à |lire )?` + rest + ` (?:nécessite|requiert|demande|exige|suppose) (?:un |une |d’être |d’avoir un |de |l’)?(?:abonn|compte|inscri|connex|connect|s’abonner|se connecter|s’inscrire)` +
	`|(?:cet |l’)article fait partie (?:de (?:notre|nos|l’)|des) (?:offres?|contenus?|articles?)[^.!?]{0,20} (?:abonn|premium|payant|réservé)` +
	`|(?:offrez-vous|offre-toi|achetez|achète|acheter|j’achète|débloquez|débloque|je débloque|débloquer|lisez|lis|lire|continuez|continue|poursuivez|poursuis|accédez à|accède à|accéder à|obtenez|s’offrir) (?:\pL+ment |tout )?` + rest + `[^.!?]{0,40}?[\s,](?:pour|à partir de|dès|à|contre|avec|moyennant)(?: seulement)? (?:[0-9]|un euro|(?:l’|un |votre |une |notre )?(?:abonnement|offre (?:abonn|num|prem)|compte|essai|crédit))` +
	`|(?:lisez|lire|lis|retrouvez|retrouve|découvrez|découvre) (?:la suite|la fin|(?:cet |l’)article en intégralité|l’intégralité de (?:cet |l’)(?:article|entretien|interview))(?: de (?:cet |l’)(?:article|entretien|interview|enquête))?,? (?:` + byBecoming + `|dans (?:le |la |notre |l’|votre )(?:dernier |nouveau |prochain )?(?:numéro|magazine|n°|journal|édition|revue|version papier)|en kiosque|sur (?:notre |l’|votre )(?:appli|édition))` +
	`|la suite (?:de (?:cet |l’)(?:article|entretien|interview|enquête) )?(?:est )?à (?:lire|retrouver|découvrir) (?:dans (?:le |la |notre |l’)(?:numéro|magazine|n°|journal|édition|revue)|en kiosque)`

// What visitors of English pages have to be or to do.
const (
	aMember = `(?:an? |our |the )?(?:\pL+ ){0,2}?(?:subscribers?|members?|account|subscription|membership|registration|logged[ -]in|signed[ -]in|registered|subscribed)`
	doEnter = `(?:subscribe|log[ -]?(?:in|on)|sign[ -]?(?:in|up)|register|join|upgrade|create (?:an?|your) (?:free )?account|become an? (?:[a-z]+ ){0,2}(?:subscriber|member|supporter|client|patron)|start (?:a|your) (?:\pL+ ){0,2}(?:trial|subscription|membership)|(?:get|buy|take out) a (?:subscription|membership|pass)|enter your (?:e-?mail|password)(?: address)?|(?:have|get) an account|(?:make|complete) an? (?:[a-z-]+ )?(?:payment|purchase|donation|contribution)|(?:buy|purchase) (?:an? )?(?:[a-z0-9-]+ ){0,2}(?:access|pass)|pay\b)`
	mustEn  = `(?:(?:please|kindly|you(?:’ll| will)? (?:must|need to|have to|are required to|ought to)|you’re required to|readers must|visitors must)[ ,]+(?:first )?(?:be ` + aMember + `|have ` + aMember + `|` + doEnter + `)|you(?:’ll| will)? need (?:an? )?(?:\pL+ )?(?:subscription|account|membership)|(?:try|support|donate|pay|upgrade|activate|claim)\b|` + doEnter + `)`
	readEn  = `(?:(?:continue|keep|finish|carry on|start)(?: reading| with)?|read|unlock|access|view|see|get|open|finish)`
	nouns   = `(?:article|story|post|content|piece|report|page|column|essay|interview|investigation|analysis|text|version)`
	parts   = `(?:episode|chapter|issue|edition|newsletter|letter|briefing|note|review|feature|dispatch|transcript)` // by which one may ask for the whole, as for letters
	restEn  = `(?:the (?:full|rest|whole|entire|complete|remaining|remainder)\b(?:[^.!?,]{0,30}?(?:` + nouns + `|` + parts + `)\b|\s*(?:[.!…]|$))|the (?:article|story|post)\b|(?:this|our|your)\b[^.!?,]{0,20}?` + nouns + `\b|this ` + parts + ` in full|(?:it|everything) in full|the whole thing)`
)

// callsEnglish are the same in English.
const callsEnglish = `you (?:do not|don’t) (?:yet )?have access to ` + restEn + `|(?:only )?(?:our |paid |paying )?(?:subscribers|members) (?:only )?(?:can|may|get to|have access to)\s?` + readEn + `? ` + restEn + `|(?:keep|continue) reading (?:this \pL+ )?with (?:an? |your )?(?:[\pL0-9-]+ ){0,3}(?:trial|subscription|membership|account)` +
	`|[^.!?]{0,30}?\b(?:made|has made) this (?:story|article|post) available to [^.!?]{0,20}members only|you(?:’re| are) reading an? (?:free )?(?:preview|excerpt|sample)|` + doEnter + ` (?:now |today |here )?for (?:(?:the )?full (?:text|access|article|story|post|piece)|the (?:rest|remainder|whole|complete)\b[^.!?,]{0,12}? (?:this|the|our) ` + nouns + `\b)` +
	`|` + mustEn + `[^.!?]{0,40}? (?:to|in order to) (?:` + readEn + ` ` + restEn + `|(?:continue|keep|finish|carry on) reading)` +
	`|(?:to|in order to) (?:(?:continue|keep|finish|carry on) reading|finish (?:reading )?this \pL+|` + readEn + ` ` + restEn + `)[^.!?]{0,40}?,? ` + mustEn +
	`|(?:an account|a (?:\pL+ )?(?:subscription|account|membership)|a log-?in|registration|subscription|login) (?:is )?(?:required|needed|necessary) (?:to|for) (?:` + readEn + ` ` + restEn + `|(?:continue|keep) reading|reading ` + restEn + `)` +
	`|` + restEn + ` (?:requires|needs) (?:an? )?(?:\pL+ )?(?:subscription|account|membership|log-?in|registration)\b` +
	`|(?:(?:the (?:rest|remainder) of )(?:this|the|our)|this|the full) (?:article|story|post|content|piece|report|interview|page|` + parts + `) (?:is|are) (?:\pL+ly |only )*(?:locked|premium|paid|subscriber-only|paywalled|restricted to|password[ -]protected|(?:(?:reserved|exclusive|available|open|accessible|restricted|limited|visible) )?(?:only |exclusively )*(?:for|to) (?:[a-z-]+ ){0,3}(?:subscribers|registered users|logged-in users|(?:members(?: only| and subscribers)?|patrons|(?:paying|paid|our) (?:supporters|backers|patrons))\s*(?:[.!…]|$)))` +
	`|(?:(?:continue|keep|finish) reading|` + readEn + ` ` + restEn + `)(?: now)? by (?:becoming ` + aMember + `|(?:subscribing|joining|signing (?:up|in)|logging in|registering|upgrading|supporting us|donating|creating an account)\b)` +
	`|(?:buy|purchase|unlock|read|access|get(?: access to)?) ` + restEn + ` (?:now )?(?:for|from) (?:just |only |as little as )?(?:[$£€]|[0-9])`

// callsToGoOn name nothing that one reads: within an article they mean it, beside one they may mean what they stand in.
const callsToGoOn = mustBe + `[^.!?]{0,40}? (?:pour|afin de)\s?(?:pouvoir )?(?:(?:continuer|poursuivre)\s*(?:[.!…:]|$)|(?:en )?lire (?:plus|davantage)\s*(?:[.!…:]|$)|lire\s*(?:[.!…]|$))` +
	`|(?:pour|afin de) (?:pouvoir )?(?:(?:en )?lire (?:plus|davantage)|continuer|poursuivre)\s?,? (?:` + mustBe + `|achetez|achète|payez)` +
	`|` + mustEn + `[^.!?]{0,40}? (?:to|in order to) (?:continue|read on|read more|carry on)\s*(?:[.!…:]|$)` +
	`|(?:to|in order to) (?:continue|read on|read (?:more|further))\s?,? ` + mustEn

// labels are all that a line says by which a site marks what it sells.
const labels = `^[^\pL]*(?:` +
	`(?:article|contenu|lecture)s? (?:en |d’)?accès (?:payant|restreint|réservé|abonnée?s?)|(?:article|contenu|lecture)s? (?:exclusivement |uniquement )?(?:réservée?s?|disponibles?|accessibles?) (?:exclusivement |uniquement )?(?:aux |à nos |pour les |pour nos )(?:\pL+ )?(?:abonnée?s|membres|adhérents|inscrits)(?: \pL+)?|(?:article|contenu) exclusif (?:pour )?(?:les |nos )?abonnée?s|(?:lire )?la suite\s*[(:–|-]\s*(?:réservée? (?:aux )?)?(?:abonnée?s|payant|premium)\)?|(?:article|contenu|accès|lecture|texte|enquête|reportage|page) (?:réservée?s? (?:aux |à nos |à tous nos )?)?(?:payante?|premium|abonnée?s?|verrouillée?|réservée?)|(?:réservée?s?|exclusivité|exclusif|exclu|en accès) (?:aux |à nos |pour les |pour nos )?(?:abonnée?s|membres|adhérents)` +
	`|(?:connexion|abonnement|inscription) (?:requise?|obligatoire)|(?:premium|locked|paid|subscribers?’?|members?’?|paywalled)(?:[ -](?:only|exclusive))? (?:article|content|post|story)|(?:paid )?(?:subscribers?|members?)[ -](?:only|exclusive)|exclusive (?:to|for) (?:our )?(?:subscribers|members)|(?:subscription|log-?in|registration|payment) required|(?:buy|purchase)(?: an?)? (?:one[- ]time|single|instant|immediate|full|day|24[- ]hours?|article)(?: article)? (?:access|pass)(?: (?:to|for) .{1,40})?|(?:buy|purchase)(?: the)? access(?: to (?:this|the) \pL+)?|pay[- ]per[- ](?:article|view)|(?:acheter|achetez|j’achète) (?:un accès|l’accès|l’article|cet article)(?: (?:à l’unité|à l’article|unique|24 ?h))*|(?:members|subscribers)[ -]only content[^\pL]+` + mustEn + `.*` +
	`)\s*[.!]?$`

var (
	// toRestOf finds a call that begins a sentence and names what one reads on in; paidLabel is a label alone.
	toRestOf  = anyOf(`(?:^|[.!?…»”:]\s+)[^\pL\pN«“"‘]*(?:(?:please|sorry|désolée?|oups|oops|attention|premium|abonnés?|or|ou)[\s,:!|–-]+)?%s`, callsFrench, callsEnglish)
	toGoOn    = anyOf(`(?:^|[.!?…»”:]\s+)[^\pL\pN«“"‘]*(?:(?:please|sorry|désolée?|oups|oops|or|ou)[\s,:!|–-]+)?%s`, callsToGoOn)
	paidLabel = anyOf(`%s`, labels)

	// besideReading finds what else one subscribes or logs in for than to read the text at hand.
	besideReading = anyOf(`(?:^|[^\pL])%s`,
		`chaque (?:jour|matin|soir|semaine|week-end|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)`, `(?:each|every) (?:day|morning|evening|week|weekday|weekend|month|monday|tuesday|wednesday|thursday|friday|saturday|sunday)`,
		`in your inbox`, `dans votre bo[îi]te`, `(?:edition|issue|newsletter|letter|episode) by e-?mail`, `channels?`,
		`podcasts?`, `chaînes?`, `(?:votre|ton|un|your|an?) (?:compte (?-i:\p{Lu}\pL+)\s*(?:[.!,]|$)|(?-i:\p{Lu}\pL+) account)`,
		`commentaires?`, `commenter`, `réagir`, `comments?`, `reply`, `sans (?:publicités?|pubs?)`, `plus tard`, `hors (?:ligne|connexion)`, `ad-free`, `without ads`, `offline`, `for later`,
		`(?:l’intégralité|la totalité|l’ensemble|la suite) (?:du |de (?:ce |notre |nos )|des )(?:numéros?|magazine|hors-série|revue|journal|programme|catalogue|articles|contenus|collection|série|livre|roman|dossiers|archives)`,
		`(?:lire|lisez|retrouvez|retrouver|découvrez|consultez|read|find) (?:(?:cet |l’)article|this (?:article|story)) (?:aussi |également |also )?(?:dans|en|in) (?:notre |le |la |l’|our |the )?(?:numéro|magazine|n°|kiosque|hors-série|revue|papier|édition papier|print|latest issue|[a-z]+ issue)`,
	)

	// letterWords finds what names letters, and not how often they come.
	letterWords = anyOf(`(?:^|[^\pL])%s`, `newsletters?`, `infolettres?`, `lettres? d’info`, `bo[îi]tes? (?:mail|de r[ée]ception|aux lettres)`, `inbox`, `by e-?mail`, `par (?:e-?mail|mail|courriel)`)

	// ofWhat finds what it is of which a call offers the rest, or the story, and texts are the words for what one reads.
	ofWhat = anyOf(`(?:^|[^\pL])%s (?:du |de la |des |d’un |d’une |de l’|de notre |de nos |de votre |de vos |de son |de sa |de ses |de cette |de cet |de ce |de |d’|of (?:the |this |our |a )?|about |behind )([\pL-]+)`, `la suite`, `la fin`, `le reste`, `l’intégralité`, `la totalité`, `l’ensemble`, `l’article`, `l’histoire`, `l’analyse`, `l’interview`, `l’entretien`, `l’enquête`, `the rest`, `the (?:full )?story`, `the (?:full )?report`)
	texts  = anyOf(`^(?:%s)s?$`, aText, `lecture`, `grand`, nouns, parts, `investigation`, `research`)
)
