package extract

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// longestRemnant is how many characters a paragraph has, at most, that says nothing of the article's.
const longestRemnant = 200

// dropRemnants takes out paragraphs of which all is something that a page says of itself: how often it was read, how long that takes, who took the
// picture, and what one may do with it. Headings, quotes and tables stay, for those say what the article does, and what a line with a colon introduces; a
// list goes where it is nothing but such.
func (c *clearing) dropRemnants() {
	c.dropCaptions()
	c.dropMachineSummaries()
	c.dropCallsToFollow()
	c.dropAppBoxes()
	c.dropEach(c.body, func(n *html.Node) bool {
		if c.size[n] == 0 || c.size[n] > longestCall || !c.isRemnant(n) || c.endsInColon(c.lineBefore(n)) {
			return false
		}
		for _, d := range slices.Collect(n.Descendants()) {
			if d.DataAtom == atom.Img { // it is the article's, whoever took it
				d.Parent.RemoveChild(d)
				n.Parent.InsertBefore(d, n)
			}
		}
		return true
	})
}

func (c *clearing) isRemnant(n *html.Node) bool {
	switch {
	case n.DataAtom == atom.Ul || n.DataAtom == atom.Ol:
		return c.size[n] <= longestRemnant && (isListOfActions(n) || c.isFiledUnder(n))
	case n.DataAtom == atom.Address && c.size[n] <= longestRemnant && isAny(n.Descendants(), func(d *html.Node) bool { return hasWord(attribute(d, "rel"), "author") }):
		return true // who wrote, and what that is
	case !c.leaf[n] || !isParagraph(n.DataAtom) || isWithin(n, atom.Li, atom.Blockquote, atom.Dl, atom.Pre) || c.isCell(n):
		return false
	}
	text := words(n)
	isTrailer := hasAny(text, ":", "medium", "submitted by", "slashdot", "chargement", "loading") && trailing().MatchString(text) || hasLink(n) && appeared().MatchString(text) || readSoFar().MatchString(text) && !isSignOfWall(text)
	if isTrailer && c.isLast(n) {
		return true
	}
	return c.size[n] <= longestRemnant && (isRemnant(text) || hasLink(n) && saysOnlyLinks(n) && toNamed().MatchString(text) || isCaption(n) || (isFiling(text) || bareCount().MatchString(text) && !hasLink(n)) && c.isAtEdge(n) || c.isFiledUnder(n))
}

// isFiledUnder reports a line or a list, above the text or below it, of nothing but links to what else is filed under the same words.
func (c *clearing) isFiledUnder(n *html.Node) bool {
	isOther := func(d *html.Node) bool {
		return d.DataAtom == atom.A && !hasWord(attribute(d, "rel"), "tag") && !filedAt().MatchString(attribute(d, "href"))
	}
	return hasLink(n) && saysOnlyLinks(n) && !isAny(n.Descendants(), isOther) && c.isAtEdge(n)
}

// dropAppBoxes takes out small boxes of a few words and figures that offer a program for download: its name, who made it, how it is rated.
func (c *clearing) dropAppBoxes() {
	c.dropEach(c.body, func(n *html.Node) bool {
		switch n.DataAtom {
		case atom.Div, atom.Section, atom.Aside:
			return c.isAppBox(n)
		}
		return false
	})
}

func (c *clearing) isAppBox(n *html.Node) bool {
	if c.size[n] == 0 || c.size[n] > longestRemnant || c.isMost(n) || firstHeading(n) != nil {
		return false
	}
	lines, isRated, isOffered := 0, false, false
	for d := range n.Descendants() {
		if d.DataAtom == atom.A {
			isOffered = isOffered || toDownload().MatchString(words(d))
		}
		if !c.leaf[d] {
			continue
		}
		text := words(d)
		if c.size[d] > longestLabel || sentenceEnd().MatchString(text) {
			return false
		}
		isRated = isRated || rating().MatchString(text)
		lines++
	}
	return lines > 2 && isRated && isOffered
}

// isAtEdge reports a paragraph above the text, or below it.
func (c *clearing) isAtEdge(n *html.Node) bool { return c.at[n] < c.text || c.isLast(n) }

// isFiling reports a line that says under what a page is filed, or where it appeared first.
func isFiling(text string) bool {
	promoted := onlyPromotion().FindStringSubmatch(text)
	return filing().MatchString(text) || promoted != nil && !strings.ContainsAny(promoted[1], ",;:!?")
}

// isCell reports all that a cell of a table says: one that lays out the page says more.
func (c *clearing) isCell(n *html.Node) bool {
	for p := n.Parent; p != nil && c.size[p] == c.size[n]; p = p.Parent {
		if p.DataAtom == atom.Td {
			return true
		}
	}
	return false
}

func isParagraph(a atom.Atom) bool {
	switch a {
	case atom.P, atom.Div, atom.Section, atom.Address:
		return true
	}
	return false
}

// isRemnant reports a text that is nothing of an article's.
func isRemnant(text string) bool {
	return strings.Trim(text, "·•| ") == "" || addition().MatchString(text) && !onlyDays().MatchString(text) && !reporting().MatchString(text) || isCredit(text) ||
		strings.ContainsAny(text, "0123456789") && (dayLine().MatchString(text) || changed().MatchString(text)) || hasAny(text, ">", "»", "→", "➡", "▶", "►", "👉") && relating().MatchString(text)
}

// isCredit reports a line that says whose a picture is.
func isCredit(text string) bool {
	return hasAny(text, "©", "(c)", "copyright", "crédit", "credit", "photo", "image", "illustration", "visuel", "picture", "dessin") && credit().MatchString(text)
}

// isListOfActions reports a list of what one may do with a page, among which it may be counted who did.
func isListOfActions(list *html.Node) bool {
	acts := false
	isOther := func(item *html.Node) bool {
		text := words(item)
		acts = acts || addition().MatchString(text) && !counters().MatchString(text) && !onlyDays().MatchString(text)
		return item.Type == html.ElementNode && text != "" && !isRemnant(text)
	}
	return !isAny(list.ChildNodes(), isOther) && acts
}

// isCaption reports what a class calls the caption of a picture, or whose it is.
func isCaption(n *html.Node) bool {
	return hasNamePart(attribute(n, "class"), " caption legende légende credit credits copyright ")
}

// only lets phrases stand alone or one after the other, whatever is between them.
const only = `^[^\pL\pN]*(?:%s(?:[^\pL\pN?]+|$))+$`

// counted is what pages count.
const counted = `(?:vues?|views?|visites?|visits?|visiteurs?|lectures?|lecteurs?|readers?|reads?|partages?|shares?|j’aime|likes?|commentaires?|comments?|réactions?|votes?|claps?|affichages?|hits?|post views?|page views?)`

// How often a page was read, and how long that takes.
var counting = oneOf(
	`[0-9][0-9\s.,\x{a0}\x{202f}]*[km]?\+?\s*`+counted, counted+`\s*:\s*[0-9][0-9\s.,\x{a0}\x{202f}]*[km]?`, `post views?:?\s*[0-9][0-9\s.,]*`, `nombre de (?:vues|visites|lectures)\s*:?\s*[0-9][0-9\s]*`,
	`(?:cet article a été |cette page a été |page |article )?(?:lue?|vue?|consultée?|visitée?)\s+[0-9][0-9\s.,\x{a0}\x{202f}]*fois`, `vous êtes le [0-9][0-9\s.,\x{a0}\x{202f}]*(?:e|ème|eme)?\s?(?:visiteur|lecteur)`,
	`(?:temps|durée) (?:estimée? )?de lecture(?: estimée?)?(?:\s*[:·~≈]\s*|\s+)(?:environ\s+)?[0-9]+\s?(?:min(?:utes?)?|mn|’)`, `lecture\s*:?\s*[0-9]+\s?(?:min(?:utes?)?|mn)`,
	`[0-9]+\s?(?:min(?:utes?)?|mn)\.?(?: de)? (?:(?:temps de )?lecture|read(?:ing)?(?: time)?)`, `(?:estimated )?read(?:ing)? time\s*:?\s*[0-9]+\s?min(?:ute)?s?`, `(?:réagir|commenter|commentaires|réactions|comments?|partager|share|like)\s*\(\s*[0-9]+\s*\)`, `(?:à )?(?:lire|lisez) en [0-9]+\s?min(?:utes?)?`, `[0-9]+ mots`, `[0-9]+ words`,
)

// this is what one does something with.
const this = `(?: (?:(?:cet |l’|le présent |the |this )?(?:article|post|story)|(?:cette |la |this |the )?page))?`

// What one may do with a page, and what it asks for.
var acting = oneOf(
	`(?:imprimer|print|e-?mail|(?:envoyer|télécharger|download|écouter|listen to|enregistrer|sauvegarder|save|bookmark|offrir|gift|partage[rz]|share|commenter|comment|réagir(?: à)?|réagissez(?: à)?|répondre à|reply to))`+this+`(?: (?:à un(?:e)? amie?|par (?:e-?)?mail|en pdf|au format pdf|as pdf|pour plus tard|for later))?`,
	`(?:press enter or |tap or )?(?:click|tap|hover)(?: here| on the (?:image|picture|photo))? to (?:view|see|open|enlarge|expand|play|zoom|watch)(?: (?:the |this )?(?:image|picture|photo|video|gallery))?(?: in (?:full[ -]size|full[ -]?screen|gallery))?`, `(?:view|open|see|enlarge) (?:(?:the |this )?(?:image|picture|photo)(?: in (?:full[ -]size|full[ -]?screen|(?:the )?gallery))?|(?:in )?full[ -]size|(?:in )?full[ -]?screen|(?:the )?(?:photo )?gallery)`, `(?:enter|exit) full[ -]?screen(?: mode)?`, `copy (?:code|to clipboard)`, `copied!?`,
	`(?:agrandir|ouvrir|voir|afficher|fermer)(?: (?:l’|cette |la )(?:image|photo|galerie|infographie))?(?: en (?:plein écran|grand|taille réelle|grand format))`, `(?:agrandir|ouvrir|fermer) (?:l’|cette |la )(?:image|photo|galerie)`, `(?:quitter|passer en|activer|sortir du) (?:le )?(?:mode )?plein écran`, `plein écran`, `full[ -]?screen`, `copier (?:le code|dans le presse-papiers?)`,
	`(?:play|pause|watch|mute|unmute)(?: (?:the |this )?(?:video|audio|sound|podcast|episode))`, `(?:lire|lancer|regarder|voir|activer|couper|mettre en pause) (?:la vidéo|le son|l’audio|le lecteur|le podcast|l’épisode)`, `(?:volume|vitesse|speed)\s*:?\s*[0-9.,]+ ?[x%×]`, `[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?\s*/\s*[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?`, `(?:your|votre) (?:browser|navigateur) (?:does not|doesn’t|ne) (?:support|prend pas en charge|supporte pas|peut pas (?:lire|afficher)) [^.!?]{0,40}(?:audio|video|vidéo|élément|element|lecteur|html5|iframe)[^.!?]{0,20}`,
	`version imprimable`, `listen`, `lire plus tard`, `read later`, `(?:zoom\s*:\s*)?cliquez (?:ici )?(?:pour|afin d’|afin de) ?(?:imprimer|agrandir|partager)(?: l’image| la photo|`+this+`)`, `click (?:here )?to (?:print|enlarge|zoom)(?: the (?:image|picture)|`+this+`)`, `(?:article|page) imprimée? (?:depuis|à partir de) .+`,
	`printer[- ]friendly(?: version)?`, `ajouter (?:aux|à mes|à vos|à tes) favoris`, `signaler (?:une erreur|un problème|un contenu|cet article)`, `report (?:an error|a mistake)`,
	`(?:haut de(?: la)? page|retour en haut|remonter|back to top)`, `retour(?: (?:à l’accueil|à la liste(?: des \pL+)?|au blog|au sommaire|aux (?:actualités|articles|news)))?`, `back to (?:home|blog|news|all (?:posts|articles))`, `accueil`, `lien permanent`, `permali(?:en|nk)`, `réutiliser ce contenu`,
	`(?:copier|copy) (?:le lien|link|the link)`, `lien copié`, `link copied`,
	`(?:laisse[rz]|ajoute[rz]|poste[rz]|écrire|publier|enregistrer) un commentaire`, `(?:aucun|pas encore de|0) commentaires?`, `no comments(?: yet)?`, `(?:voir|lire|afficher) (?:tous )?les (?:[0-9]+ )?commentaires`, `(?:view|read|see) (?:all )?(?:[0-9]+ )?comments`,
	`(?:leave|post|add|write) a (?:comment|reply)`, `be the first to comment`, `soyez (?:le premier|la première|le premier ou la première) à (?:commenter|réagir)`, `(?:les )?commentaires (?:sont )?(?:fermés|désactivés)`, `comments (?:are )?(?:closed|off)`,
	`(?:connectez|identifiez|inscrivez)-vous(?: ou (?:connectez|inscrivez|identifiez|créez)[ -](?:vous|un compte))? (?:pour|afin de) (?:publier|poster|laisser|ajouter|écrire|pouvoir|commenter).*`, `log in (?:or register )?to (?:post|leave|add) (?:a )?comments?`,
	`(?:abonnez-vous|s’abonner|je m’abonne|inscrivez-vous|s’inscrire|je m’inscris|subscribe|sign up|rejoignez-nous|join us)(?: (?:gratuitement|maintenant|dès maintenant|aujourd’hui|ici|now|here|today|for free|à partir de .+))?`,
	`(?:abonnez-vous|inscrivez-vous) (?:à|sur|au) (?:notre|nos) [^.!?]+`, `subscribe to our [^.!?]+`, `je soutiens`, `contribuer`, `contribute`, `(?:faire|faites) un don`, `(?:soutenez|support)[ -](?:nous|us)`, `soutenir (?:le site|le journal|la rédaction)`,
	`(?:(?:suivez|retrouvez|rejoignez)[- ]nous(?: aussi)? (?:sur|dans)|follow (?:us|@?\w+) on) `+followed, `(?:suivez|retrouvez) [^.!?]+ (?:sur|dans) (?:google (?:news|actualités|discover)|nos réseaux(?: sociaux)?|les réseaux sociaux)`, `(?:ajoutez|add) [^.!?]+ (?:google|sources préférées|preferred sources?)[^.!?]*`,
	`(?:rejoignez|suivez|join|follow) (?:notre|nos|our) [^.!?]{0,30}\b(?:whatsapp|telegram|messenger|facebook|instagram|tiktok|youtube|linkedin|bluesky|discord|signal)\b[^.!?]*`,
	`suivez-nous`, `follow us`, `google (?:news|actualités)`,
	`publicité`, `annonce`, `advertis(?:e)?ment`, `la suite (?:de (?:l’|cet |votre )article )?(?:après|sous|en dessous de) (?:la |cette |l’)(?:publicité|vidéo|annonce|image|photo)`, `skip ad(?:vertise?ment)?`, `(?:skip past|after) newsletter promotion`, `(?:article|story) continues (?:below|after)(?: (?:this )?ad\w*)?`, `(?:contenu |article )?sponsorisé`, `sponsored(?: content)?`,
	`(?:lire|voir) (?:la suite(?: de l’article)?|plus|l’article(?: complet)?)(?: sur [^.!?]+)?`, `(?:read|keep) (?:more|reading|the (?:full|rest of the) (?:story|article|post))`, `continue reading`, `poursuivre la lecture`, `en savoir plus`, `learn more`, `(?:article|post) (?:précédent|suivant)`, `(?:previous|next) (?:article|post)`,
)

// What a page says of who may read it, and in place of what visitors have not agreed to see.
var beside = oneOf(
	`(?:cet |l’)article (?:vous )?est (?:en accès (?:libre|gratuit)|en libre accès|gratuit|offert|libre d’accès)(?: (?:à tous|pour tous|par [^.!?]{1,40}))?`, `(?:pour|afin de) (?:nous soutenir|soutenir (?:la rédaction|le journal|le site|notre [^.!?,]{1,30}|nos [^.!?,]{1,30}|une presse [^.!?,]{1,30})),? (?:abonnez-vous|faites un don|devenez [^.!?]{1,30}|c’est (?:par )?ici)(?: [^.!?]{1,30})?`,
	`il (?:vous )?reste (?:encore )?[0-9]+ articles? (?:gratuits?|offerts?)(?: (?:à lire|ce mois(?:-ci)?|cette semaine|aujourd’hui))*`, `you have [0-9]+ (?:more )?(?:free|complimentary) (?:articles?|stories|story) (?:left|remaining)(?: (?:this|for the) (?:month|week))?`,
	`(?:vous avez (?:aimé|apprécié)|avez-vous (?:aimé|apprécié)|(?:did )?you (?:like|liked|enjoy|enjoyed)) (?:cet article|this (?:article|story|post))\s?\?`, `(?:cet article|this (?:article|page|story|post)|was this (?:article|page|story|post)|did you find this (?:article|page)) (?:vous a(?:-t-il| t-il)? (?:plu|intéressé|aidé|été utile)|helpful|useful)\s?\?`,
	`(?:cet |l’)article est lu par une? (?:voix (?:de synthèse|artificielle|automatique|synthétique)|robot)`, `(?:this )?(?:article|story|audio) is (?:read|narrated|voiced) by an? (?:automated|ai|artificial|synthetic)[^.!?]{0,20}`, `(?:listen to|écouter)(?: (?:this |cet |l’)article)?\s*[·:(–-]?\s*[0-9]{1,2}(?::[0-9]{2})?\s?(?:min(?:utes?)?|mn)?\)?`,
	`(?:résume[rz]?|summari[sz]e)(?: (?:cet |l’|this |the )(?:article|page|post))? (?:avec|via|with|using|sur|à|in)\s*:?\s*(?:(?:chatgpt|claude|gemini|perplexity|mistral(?: ai)?|le chat|grok|copilot|google ai(?: mode)?|deepseek|meta ai|et|ou|and|or)(?:[\s,|·•/–-]+|$))+`,
	`this (?:article|story|post) is free(?: to read)?(?: for (?:everyone|all))?`, `to support (?:us|our [^.!?,]{1,30}),? (?:please )?(?:subscribe|donate|become [^.!?]{1,30})`,
	`(?:youtube|vimeo|dailymotion|twitter|facebook|instagram|tiktok|spotify|soundcloud|google maps|openstreetmap)(?: embed| \([^)]*\))? (?:est|is) (?:désactivée?|disabled)`,
	`(?:ce|cette|le|la) (?:contenu|vidéo|média|lecteur|carte|tweet|message)(?: \pL+)? (?:est|a été) (?:bloquée?|désactivée?|masquée?) [^.!?]*(?:cookies|consent|traceurs)[^.!?]*`, `en cliquant sur [^.!?]{1,40},? (?:les|des|vous acceptez (?:les|le dépôt de)) cookies[^.!?]*`, `pour (?:voir|afficher|visualiser|regarder|écouter) (?:ce|cette|le|la) [^.!?,]{1,30},? (?:veuillez |vous devez |merci d’)?accepte[rz] [^.!?]*cookies[^.!?]*`,
	`this (?:content|video|post|map|embed) (?:is|has been) (?:blocked|disabled|hidden) [^.!?]*(?:cookies|consent)[^.!?]*`, `(?:to (?:view|watch|see|load) this [^.!?,]{1,30},? )?please (?:accept|allow|enable) [^.!?]*cookies(?: to [^.!?]*)?`,
)

// Paragraphs of nothing but these, among which may be a day, and of nothing but what is counted or a day.
var (
	addition = anyOf(only, counting, acting, beside, aDay)
	counters = anyOf(only, counting)
	onlyDays = anyOf(only, aDay)
)

var (
	// filing is under what a page is filed: words after what announces them, or nothing but hashtags.
	filing = anyOf(`^[^\pL\pN#]*%s$`,
		`(?:tags?|mots[- ]cl(?:é|ef)s?|étiquettes?|keywords?|filed under|tagged(?: with| as| in)?|catégories?|categor(?:y|ies)|classée? (?:sous|dans))\s*:\s*[^.!?:;]{1,150}`,
		`(?:filed under|posted in|tagged(?: with| as| in)?|classée? (?:sous|dans)|publiée? dans) [^.!?:;]{1,60}`, `(?:#[\pL\pN_-]+[\s,·•|]*)+`,
	)

	// onlyPromotion is where it appeared first.
	onlyPromotion = expression(`^` + promoting)

	// relating is a line that leads to another article by an arrow and its title.
	relating = anyOf(`^[^\pL\pN]*(?:>|»|→|➡|▶|►|👉)[^\pL\pN]*%s\s*[.:|–—-]\s*[^.!?]+[.!?]?$`, `(?:[àa] )?(?:re)?(?:lire|voir|écouter)(?: aussi| également)?`, `read (?:also|more)`, `see also`)
)

// aDay is one as pages write it beside what they count.
const aDay = `(?:(?:publiée?|mise? en ligne|mise? à jour|published|posted|updated)?(?: le| on|\s*:)?\s*` + wholeDay + `(?:[\s,–-]*(?:à|at)?\s*[0-9]{1,2}\s?[h:]\s?[0-9]{0,2})?)`

// followed is where one follows a site.
const followed = `(?:google (?:news|actualités|discover)|nos réseaux(?: sociaux)?|(?:les |our )?(?:réseaux sociaux|social media)|(?:(?:` + networks + `|et|and|ou|or|sur|on)(?:[\s,&/]+|$))+)`

var (
	// filedAt finds the addresses of parts of a site and of words under which articles are filed.
	filedAt = expression(`(?i)/(?:tags?|categor(?:y|ies|ie)|cat[ée]gories?|topics?|themes?|th[ée]mes?|thematiques?|rubriques?|sujets?|mots?-cl[ée]s?|keywords?|labels?|etiquettes?|t)/[^/]+/?$`)

	// bareCount is how many more there are, without a word, as pages show it beside the pictures of who liked them; readSoFar how many articles a visitor has read.
	bareCount = expression(`^(?:\+\s?[0-9][0-9\s.,]*\s?[kKM]?|[0-9][0-9.,]*\s?[kKM]\+?)$`)
	readSoFar = anyOf(`^[^\pL]*%s`, `vous avez (?:déjà )?lu [0-9]+ articles? `, `(?:you’ve|you have) (?:already )?read [0-9]+ (?:articles?|stories|story) `)

	rating     = anyOf(`(?:^|[^\pL\pN])%s`, `[0-9](?:[.,][0-9])?\s?/\s?(?:5|10|20)(?:$|[^0-9])`, `[0-9][0-9.,\s]*[kM]?\s?(?:avis|notes?|téléchargements|reviews|ratings|downloads)(?:$|[^\pL])`, `[★⭐]`)
	toDownload = anyOf(`^[^\pL]*%s(?:$|[^\pL])`, `télécharger`, `installer`, `obtenir`, `essayer`, `download`, `install`, `get(?: it| the app)?`, `try`, `open in`)
)

// Whose a picture is.
var credit = anyOf(`^[^\pL\pN©]*%s[^\pL]*$`,
	`(?:©|\(c\)|copyright)\s*[^.!?]+`,
	`(?:crédits?|credits?)(?:[\s/-]+(?:photos?|photographiques?|images?|illustrations?|visuels?|vidéos?|dessins?|couverture|et|de|la))+\s*[:©–-]\s*.+`,
	`(?:photos?|image|illustration|visuel|picture|featured image)\s+(?:credits?|courtesy(?: of)?|source|(?:de couverture|à la une|d’illustration|d’ouverture|principale))(?:\s*[:©–-]?\s*[^.!?]+)?`,
	`(?:photos?|images?|illustrations?|visuels?|crédits?|credits?|dessins?)\s*(?::\s*©|[:©])\s*(?-i:[\p{Lu}@])[^.!?:]{0,60}`,
	`(?:photo|image|illustration)\s+(?:by|par|de)\s+(?-i:\p{Lu})[^.!?]+ (?:on|sur|from|via|de) (?:unsplash|pexels|pixabay|flickr|freepik|wikimedia(?: commons)?|shutterstock|adobe stock)`,
)

// changed is when a page was changed last, in a line whose day lacks its year.
var changed = expression(`(?i)^(?:dernière mise à jour|last (?:updated|modified))(?: le| on|\s*:)?\s+[^.!?]{0,20}[0-9][^.!?]{0,20}$`)
