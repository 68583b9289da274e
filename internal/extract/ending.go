package extract

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"

	"facteur/internal/render"
)

// promoting is what WordPress puts below a text, in the languages of its sites, the name of which it ends with.
const promoting = `(?s)\s*(?:The post|L[’']article|L[’']actualité|La publication|Cet article|Cette publication|Der Beitrag|La entrada|L[’']articolo|O post) .{0,600}?` +
	`(?:appeared first on|first appeared on|(?:est apparue?|est parue?|a été publiée?) (?:en premier|d[’']abord) sur|est d[’']abord parue? sur|erschien zuerst auf|se publicó primero en|apareció primero en|proviene da|apareceu primeiro em) (.{1,300})$`

// What programs put below the texts of a feed.
var (
	// appeared is a paragraph that says on what other site a text appeared first, to which it leads.
	appeared = anyOf(`^[^\pL]*%s [^!?:,\pL]{0,4}(?:https?://[^\s,]+|[^.!?:,]{1,60}(?:\.[a-z]{2,4}\b[^\s,]*)?)(?:,? (?:on|le) [^.!?]{0,12}[0-9][^.!?]{0,16})?\.?$`,
		`(?:(?:this|the) (?:article|post|story|piece|essay) )?(?:was )?(?:originally|first) (?:published|posted|appeared) (?:at|on|in)`, `(?:(?:cet |l’)?article |(?:ce |le )?billet )?(?:a été |est )?(?:d’abord |initialement |à l’origine )?(?:publié|paru|mis en ligne)(?: à l’origine| initialement| d’abord)? (?:sur|dans)`,
	)

	// trailing is a paragraph by which a program says where a text appeared first, what readers say of it, or where one hears it.
	trailing = anyOf(`^[^\pL#]*%s[^\pL]*$`,
		`.{1,400} was originally published in .{1,120} on medium, where people are continuing the conversation by (?:highlighting and responding to this story|[^.]{1,60})`,
		`submitted by\s+/?u/\S+(?:\s+to\s+/?r/\S+)?(?:\s*\[link\])?(?:\s*\[comments\])?`, `(?:article|comments) url: \S+`, `points: [0-9]+`, `# comments: [0-9]+`, `read more of this story at slashdot`,
		`podcast(?: \([^)]*\))?:\s*(?:(?:play in new window|lire dans une nouvelle fenêtre|embed|intégrer|download|télécharger)(?: \([^)]*\))?[\s|•·–-]*)+`, `(?:subscribe|s’abonner|abonnez-vous|écouter|listen)(?: (?:sur|on))?\s*:\s*(?:(?:apple podcasts?|itunes|spotify|deezer|google podcasts?|amazon music|android|by email|email|rss|tunein|youtube(?: music)?|overcast|pocket casts|more|plus)[\s|•·,–-]*)+`,
		`(?:j’aime|like|wordpress)\s*(?:ceci|ça|this)?\s*:?\s*(?:j’aime|like)?\s*(?:chargement|loading)(?:…|\.\.\.)?`,
	)

	promotion = expression(promoting)

	// more is how a beginning ends.
	more = expression(`(?s)\s*(?:[\[(](?:…|\.\.\.|&hellip;)[\])]|…|\.\.\.)?\s*(?:[\[(>→»]*\s*(?:` +
		`(?:Continue reading|Continuer la lecture|Poursuivre la lecture|Read more|Keep reading|Lire la suite|Lire plus|Lire l[’']article).{0,300}` +
		`|(?:Read the (?:full|rest of the|whole) (?:story|article|post)|En savoir plus|Voir l[’']article|Voir la suite|Learn more|View (?:post|article))[^.!?]{0,60}[.!?]?|\((?:more|suite)\s?(?:…|\.\.\.)\)` +
		`|[\[(]\s*(?i:(?:lire|voir) (?:la suite|plus)|read more|continue reading)\s?(?:…|\.\.\.)?\s*[→»>]*\s*[\])]|\[\+[0-9]+ (?:chars|characters|caractères)\]))?$`)
)

// filed is what SPIP puts behind the beginning of an article: the part of the site in which it stands, and its keywords.
var filed = expression(`(?s)\s*-\s*<a\b[^>]*\brel=["']directory["'].*$`)

// longestEnd is more bytes than either of them takes.
const longestEnd = 4096

// withoutEnd takes off a text what it ends with.
func withoutEnd(end pattern, text string) string {
	from := max(0, len(text)-longestEnd)
	for from > 0 && !utf8.RuneStart(text[from]) {
		from--
	}
	return text[:from] + end().ReplaceAllString(text[from:], "")
}

// WithoutFiling takes off the beginning of an article what SPIP puts behind it.
func WithoutFiling(text string) string { return withoutEnd(filed, text) }

// WithoutPromotion takes off a text what WordPress puts below it.
func WithoutPromotion(text string) string { return withoutEnd(promotion, text) }

// WithoutMore takes off the beginning of a text what leads to the rest of it.
func WithoutMore(text string) string { return withoutEnd(more, text) }

// WithoutPromotions takes off the paragraphs of a text what WordPress puts below them.
func WithoutPromotions(paragraphs []string) []string {
	n := len(paragraphs)
	if n == 0 {
		return nil
	}
	last := WithoutPromotion(paragraphs[n-1])
	if last == "" || len(last) < longestEnd && promotion().MatchString(render.PlainText(last)) {
		return paragraphs[:n-1]
	}
	return append(paragraphs[:n-1:n-1], last)
}

// longestGiven, in bytes, is more than a summary takes, however it is marked.
const longestGiven = 16 << 10

// Summary is what a text says on one line that was given as text or as HTML, without the paragraphs that programs add to it.
func Summary(text string) string {
	if !strings.Contains(text, "<") || len(text) > longestGiven {
		return render.Summary(text)
	}
	body, err := parseText(render.AsHTML(text, false))
	if err != nil { // nested too deep for anybody to have meant it
		return render.Summary(text)
	}
	setLines(body)
	c := newClearing(body)
	said := c.size[body]
	c.dropAround()
	if c.size[body] == said {
		return render.Summary(text)
	}
	var b strings.Builder
	if err := html.Render(&b, body); err != nil {
		return render.Summary(text)
	}
	return render.Summary(b.String())
}
