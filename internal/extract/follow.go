package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const (
	longestCall   = 450 // characters, more than a line has in which a site asks to be followed
	mostSentences = 6   // of such a line
)

// dropCallsToFollow takes out the paragraphs in which a site asks its readers to follow it, and the list of what one may follow below such.
func (c *clearing) dropCallsToFollow() {
	for _, line := range c.lines(longestCall) {
		if !isParagraph(line.DataAtom) || isWithin(line, atom.Li, atom.Blockquote, atom.Dl, atom.Pre) || c.isCell(line) || !c.asksToFollow(line) || c.endsInColon(c.lineBefore(line)) {
			continue
		}
		list := nextShown(line, behind)
		if list != nil && (list.DataAtom == atom.Ul || list.DataAtom == atom.Ol) && c.size[list] <= shortLine && personal().MatchString(words(line)) {
			c.remove(list)
		}
		c.remove(line)
	}
}

// asksToFollow reports a paragraph in which a site asks its readers to follow it, or to have its letters, and says nothing else: each sentence does, or leads up to it,
// and a link leads where one does so. What says to whom one subscribes speaks of the site only where it says “us” or “our”, or is set apart from the text.
func (c *clearing) asksToFollow(n *html.Node) bool {
	if c.size[n] > longestCall || !hasLink(n) && !c.isSetApart(n) && !c.isLast(n) {
		return false
	}
	text := words(n)
	if !hasLink(n) && !hasAny(text, "abonne", "inscri", "subscri", "sign up", "consider", "appli", "personnalis", "your ", "follow") {
		return false // neither of what is looked for in the end
	}
	if !isOnlyCalling(text) || citing().MatchString(namedLetter().ReplaceAllString(text, "$1")) || reporting().MatchString(text) || isSignOfWall(text) {
		return false
	}
	isOurs := ofUs().MatchString(text) || c.isSetApart(n)
	var toChannel, toLetter, toFund, isCalled bool
	for d := range n.Descendants() {
		if d.DataAtom == atom.A {
			to := attribute(d, "href")
			isStore := stores().MatchString(to) && ofNews().MatchString(text)
			toChannel = toChannel || channels().MatchString(to) && !toPost().MatchString(to) || isStore || onGoogle().MatchString(words(d))
			isOurs = isOurs || ofGoogle().MatchString(to)
			toFund = toFund || isGift(d)
			isLetter := ofSenders().MatchString(to) || c.isOwn(to) && letterPages().MatchString(to)
			toLetter = toLetter || isLetter
			isCalled = isCalled || toEnlist().MatchString(words(d)) && (isLetter || c.isOwn(to))
		}
	}
	switch {
	case toFund && ofUs().MatchString(text):
		return true
	case toChannel && onChannel().MatchString(text):
		return isOurs || onGoogle().MatchString(text)
	case (toLetter || isCalled) && ofSubscribing().MatchString(text):
		return isOurs || isCalled && ofLetters().MatchString(text)
	}
	return !hasLink(n) && (enlisting().MatchString(text) || personal().MatchString(text)) && (isOurs || personal().MatchString(text))
}

// isSignOfWall reports a text by which a site may tell that an article is not all there.
func isSignOfWall(text string) bool {
	text = forBoth(text)
	return members().MatchString(text) || isCallToReaders(text) || toKnown().MatchString(text) && !isCosting().MatchString(text)
}

// isOnlyCalling reports a text of which each sentence asks a reader for something that has to do with following, or leads up to that.
func isOnlyCalling(text string) bool {
	calls := 0
	all := strings.FieldsFunc(sentenceMark().ReplaceAllString(text, "$1\n"), func(r rune) bool { return r == '\n' })
	for _, sentence := range all {
		switch {
		case !isWord().MatchString(sentence):
		case calling().MatchString(sentence):
			calls++
		case !leadingUp().MatchString(sentence):
			return false
		}
	}
	return calls > 0 && len(all) <= mostSentences
}

// sentenceMark finds where a sentence ends before another.
var sentenceMark = expression(`([.!?…]+[»”)"]?)\s+`)

// isSetApart reports a paragraph of which all is marked, or that stands between rules.
func (c *clearing) isSetApart(n *html.Node) bool {
	isRule := func(s *html.Node) bool { return s != nil && s.DataAtom == atom.Hr }
	beside := func(next func(*html.Node) *html.Node) *html.Node {
		s := next(n)
		for s != nil && c.size[s] == 0 && s.DataAtom != atom.Hr {
			s = next(s)
		}
		return s
	}
	return isMarked([]*html.Node{n}, emphasis) || isRule(beside(before)) && (isRule(beside(behind)) || beside(behind) == nil)
}

// isOwn reports an address of the site at hand, or one of which that is not known.
func (c *clearing) isOwn(address string) bool {
	full := Absolute(c.home, address)
	return full == "" || c.home == nil || SameSite(full, c.home.String())
}

var (
	// channels finds the addresses at which one follows a site.
	channels = expression(`(?i)^(?:https?:)?//(?:[\w-]+\.)*(?:news\.google\.\w+|google\.\w+/(?:preferences|search\?|publications)|profile\.google\.\w+|whatsapp\.com|wa\.me|t\.me|telegram\.\w+|signal\.\w+|bsky\.(?:app|social)|threads\.\w+|facebook\.com|fb\.\w+|m\.me|instagram\.com|twitter\.com|x\.com|linkedin\.com|lnkd\.in|youtube\.com|youtu\.be|dailymotion\.com|tiktok\.com|flipboard\.com|apple\.news|news\.apple\.com|podcasts\.apple\.com|discord\.\w+|twitch\.tv|feedly\.com|snapchat\.com|pinterest\.\w+|reddit\.com|spotify\.com|deezer\.com|mastodon\.\w+|piaille\.fr|mamot\.fr)(?:[/?#]|$)|^(?:https?:)?//[^/]+/@[\w.@-]+/?$`)

	// ofGoogle finds those at which nobody is followed but sites.
	ofGoogle = expression(`(?i)^(?:https?:)?//(?:news\.google\.\w+|(?:www\.)?google\.\w+/preferences|profile\.google\.\w+)(?:[/?]|$)`)

	// toPost finds those of one of its messages, stores those of its program, where it is one for news.
	toPost = expression(`(?i)/(?:watch|status|statuses|posts?|p|reels?|videos?|shorts|pulse|comments|events|permalink|groups/[^/]+/[^/]+)(?:[/?]|$)|youtu\.be/`)
	stores = expression(`(?i)^(?:https?:)?//(?:apps\.apple\.com|itunes\.apple\.com|play\.google\.com)/`)
	ofNews = anyOf(`(?:^|[^\pL])%s`, `actu`, `l’info`, `infos?\b`, `nouvelles`, `articles?\b`, `suivre`, `news`, `alert`, `notification`, `stories`, `follow`)

	// letterPages finds those of a site at which one subscribes to something.
	letterPages = expression(`(?i)newsletter|infolettre|subscri|inscri|inscription|abonn|sign-?up|portal|alert|notification|(?:^|[/_.-])(?:nl|lettres?|letters?|rss|mon-[a-z]+|my-?[a-z]*|apps?|appli|applications?|follow|suivre|rejoindre|join|membership)(?:[/?#_.-]|$)`)

	// calling begins a sentence that asks for it, behind what it is good for.
	calling = anyOf(`^[^\pL]*(?:(?:pour|afin d|envie d|si vous|si tu|vous (?:aimez|voulez|souhaitez|utilisez)|cet article|ce contenu|et |ou |alors|enfin|à chaque|chaque|tous les|toutes les|le (?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|matin)|to |if |for |want |and |or |every |each |once |like |more |also)[^.!?]{0,160}?[\s,:–—-]+)?%s(?:$|[^\pL])`,
		`(?:n’hésitez (?:pas|plus) à |pensez à |n’oubliez pas (?:de |d’)|vous pouvez (?:aussi |également |désormais )?|il (?:vous )?suffit de |merci de )(?:(?:nous|vous|le|la|les|s’) ?)*(?:suivre|rejoindre|retrouver|abonner|inscrire|ajouter|recevoir|activer|personnaliser|télécharger|installer)`,
		`(?:suivez|suis|rejoignez|rejoins|retrouvez|retrouve|abonnez|abonne|inscrivez|inscris|ajoutez|ajoute|recevez|reçois|activez|personnalisez|likez|téléchargez|installez|restez|reste|gardez|soutenez|soutiens|aidez|faites (?:un )?dons?)`,
		`ne (?:manquez|ratez|loupez|rate|manque)`, `(?:please |you can (?:also )?|be sure to |make sure to |don’t forget to |feel free to |remember to |consider )?(?:follow|following|join|joining|subscribe|subscribing|sign up|signing up|get|receive|add|set|enable|turn on|like|stay|keep up|download|install|don’t miss|never miss|find|support|donate|help us|consider (?:subscribing|supporting|becoming|donating|buying|sharing|an? (?:free |paid )?subscription))`,
	)

	// leadingUp is a sentence that leads up to one, or says how little it takes.
	leadingUp = anyOf(`^[^\pL]*%s`,
		`(?:utilisez|utilises|connaissez|connais|aimez|aimes|avez|as|vous (?:utilisez|aimez|avez|souhaitez|voulez|êtes|cherchez|appréciez)|tu (?:utilises|aimes|veux)|envie|besoin|cet article|ce (?:contenu|guide|sujet|test)|cette (?:actu|info|astuce)|nos (?:articles|contenus)|do you|are you|did you|have you|want|like|love|enjoy(?:ed|ing)?|liked|using|looking|need|this (?:article|story)|if you (?:like|love|enjoy)[^.!?]*)\b[^.!?]*(?:[?!]|$)`,
		`(?:this (?:story|article|post|piece)|cet(?:te)? (?:article|enquête|chronique)|ce (?:texte|billet)) (?:is|was|originally|first|est|a |fait )[^.!?]{0,80}(?:newsletter|infolettre|lettre)\b[^.!?]{0,60}[.!]?$`,
		`(?:the |our |this |la |notre |cette )?[^.!?,;:]{0,60}?(?:newsletter|infolettre|lettre) [^.!?,;:]{0,40}?(?:is your|is our|brings you|delivers|keeps you|gives you|est votre|vous (?:apporte|livre|raconte|offre|aide|informe|propose|donne|fait)|décrypte pour vous)\b[^.!?]*[.!]?$`,
		`c’est (?:gratuit|100 ?% gratuit|simple|par ici|ici)`, `(?:gratuit|free|it’s free)\b[^.!?]{0,40}`, `(?:sans|pas de|zéro|no) (?:spam|publicité|pub|engagement)`, `désinscription`, `unsubscribe`, `(?:vous|tu) ne (?:manquer|rater|louper)`, `you(?:’ll| will) never miss`, `merci\b[^.!?]{0,60}`, `thank(?:s| you)\b[^.!?]{0,60}`, `(?:toute )?l’(?:actu|actualité|essentiel)\b[^.!?]{0,90}`, `all the (?:latest|news)\b[^.!?]{0,90}`,
	)

	// onChannel is where a site is followed, and onGoogle where nobody else is than sites.
	onChannel = anyOf(`(?:^|[^\pL])%s(?:$|[^\pL])`, `google`, `discover`, `chaînes?`, `channels?`, `groupes?`, `groups?`, `serveur`, `comptes?`, `pages?`, `réseaux(?: sociaux)?`, `social(?: media| networks?)?`, `flipboard`, `apple news`, `signal`, `discord`, `twitch`, `snapchat`, `spotify`, `deezer`, `podcasts?`, `appli(?:cation)?`, `apps?`, networks)
	onGoogle  = anyOf(`(?:^|[^\pL])%s(?:$|[^\pL])`, `google (?:news|actualités|actus|discover)`, `sources? préférées?`, `preferred sources?`, `apple news`, `flipboard`)

	// ofUs is how a site speaks of itself, or of what it makes of it for each reader.
	ofUs = anyOf(`(?:^|[^\pL])%s(?:$|[^\pL])`, `nous`, `notre`, `nos`, `la rédaction`, `moi`, `mon`, `mes`, `us`, `our`, `me`, `my`, `(?:vos|votre) [^.!?]{0,40}favoris?`, `votre (?:actualité|actu|fil|flux)`, `(?:toute l’|toutes les |l’)(?:actualité|actu|info|infos|actualités)`)

	// toEnlist is what the link says by which one subscribes.
	toEnlist = anyOf(`^[^\pL]*%s[^\pL]*$`,
		`(?:(?:je )?m’|s’|pour (?:vous|s’) ?)?(?:inscrivez-vous|inscris-toi|inscrire|inscris|inscription|abonnez-vous|abonne-toi|abonner|abonne|rejoignez-nous|recevez-la|je m’inscris|je m’abonne|je reçois|c’est (?:par )?ici|cliquez ici)(?: (?:gratuitement|maintenant|dès (?:maintenant|aujourd’hui)|aujourd’hui|ici|en un clic|par ici|à (?:la|notre|nos) (?:newsletters?|infolettre|lettre)))*`,
		`(?:subscribe|sign (?:me )?up|join(?: us| now)?|get it|register)(?: (?:now|today|here|for free|free|to (?:our|the) newsletter))*`, `(?:click )?here`,
	)

	// namedLetter finds the name of a letter and the like, where it stands in quotation marks.
	namedLetter = anyOf(`(%s) ?(?:«[^«»]{1,60}»|“[^“”]{1,60}”|"[^"]{1,60}")`, `newsletters?`, `infolettres?`, `lettres?(?: d’information)?`, `podcasts?`, `chaînes?`, `alertes?`, `appli(?:cation)?`)

	// ofSubscribing is what one subscribes to, or does so.
	ofSubscribing = anyOf(`(?:^|[^\pL])%s`, `newsletters?`, `infolettres?`, `lettres?\b`, `recevez`, `reçois`, `recevoir`, `alertes?\b`, `notifications?`, `abonn`, `en vous inscrivant`, `subscri`, `sign up`, `signing up`, `receive`, `inbox`, `e-?mails?`, `alerts?\b`, `appli(?:cation)?\b`, `app\b`, `podcasts?\b`, `chaînes?\b`, `flux rss`, `rss\b`)

	// enlisting and personal are what lines say that ask without a link, and isCosting what they cost, which walls say, too.
	enlisting = anyOf(`(?:^|[.!?…]\s+)[^\pL]*(?:(?:pour|to|si vous|if you)\b[^.!?]{0,80}, )?(?:please )?%s(?:$|[^\pL])`, `abonnez-vous`, `inscrivez-vous`, `subscribe`, `sign up`, `consider (?:subscribing|supporting|becoming|an? (?:free |paid )?subscription)`, `(?:suivez|retrouvez|recevez|restez)\b[^.!?]{0,80} (?:en téléchargeant|en installant|sur|dans|avec|via) (?:notre |l’)appli(?:cation)?`)
	isCosting = anyOf(`^[^\pL]*(?:subscribe|sign up|join|abonnez-vous)(?: now| today| dès maintenant| aujourd’hui)? %s`, `(?:for|from|pour|dès|à partir de)(?: just| only| as little as| seulement)? (?:[$£€]\s?[0-9]|[0-9]+(?:[.,][0-9]+)?\s?(?:€|euros?|\$|dollars?|£|pounds?|p\b))[^.!?]{0,20}(?:\s|/)(?:an?|per|par|mois|months?|year|week|semaine)\b`)
	personal  = anyOf(`(?:^|[^\pL])%s`, `personnalisez (?:votre|vos) (?:actualité|actu|fil|flux|page|accueil|centres d’intérêt)`, `(?:votre|mon) (?:fil|flux|page d’accueil|actualité) personnalisée?`, `your (?:personali[sz]ed )?(?:homepage|home page|feed|newsfeed|timeline)`, `follow (?:topics|authors|this (?:topic|author))`)
)
