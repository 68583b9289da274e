package neardup

import (
	"strings"

	"facteur/internal/newsletter"
)

// Texts that do not say what their titles do: advice, a programme, a presentation. They are the ones that a site uses again.
const (
	advice = `Buvez de l’eau plusieurs fois par jour, sans attendre d’avoir soif. Fermez les volets et les fenêtres quand il fait plus chaud dehors que dedans, et ouvrez la nuit
pour faire entrer l’air frais. Mouillez votre corps, surtout le visage et les avant-bras. Mangez assez, évitez l’alcool et les efforts aux heures chaudes. Prenez des nouvelles de vos
voisins âgés ou seuls, et passez quelques heures par jour dans un lieu frais, comme une bibliothèque ou une église. En cas de malaise, appelez le quinze. La mairie tient une liste des
personnes fragiles, que des bénévoles appellent chaque matin.`

	counsel = `Drink water several times a day, and do not wait until you are thirsty. Keep shutters and windows closed while it is warmer outside than inside, and open them at night to
let cool air in. Wet your face and your arms. Eat enough, avoid alcohol, and rest during the hottest hours. Ask after neighbours who are old or live alone, and spend a few hours a day in a
cool place such as a library or a church. If somebody feels faint, call for help at once. The town keeps a list of people at risk, whom volunteers ring up every morning.`

	german = `Trinken Sie mehrmals am Tag Wasser, und warten Sie nicht auf den Durst. Halten Sie Fenster und Läden geschlossen, solange es draußen wärmer ist als drinnen, und lüften Sie
in der Nacht. Kühlen Sie Gesicht und Arme. Essen Sie genug, meiden Sie Alkohol, und ruhen Sie in den heißen Stunden. Fragen Sie nach Nachbarn, die alt sind oder allein leben, und
verbringen Sie einige Stunden am Tag an einem kühlen Ort, etwa in einer Bücherei oder einer Kirche. Wird jemandem schlecht, holen Sie sofort Hilfe. Die Stadt führt eine Liste.`

	portuguese = `Beba água várias vezes por dia, mesmo sem sede. Mantenha as janelas e as persianas fechadas enquanto estiver mais calor fora do que dentro, e abra durante a noite para
deixar entrar o ar fresco. Molhe o rosto e os braços. Coma o suficiente, evite o álcool e descanse nas horas mais quentes. Pergunte pelos vizinhos idosos ou que vivem sozinhos, e passe
algumas horas por dia num lugar fresco, como uma biblioteca ou uma igreja. Se alguém se sentir mal, chame ajuda de imediato. A câmara tem uma lista das pessoas frágeis.`

	arabic = `اشربوا الماء مرات عدة في اليوم ولا تنتظروا حتى تشعروا بالعطش. أغلقوا النوافذ ما دام الجو في الخارج أشد حرارة من الداخل، وافتحوها ليلا لدخول الهواء البارد. بللوا الوجه
والذراعين. كلوا ما يكفي واستريحوا في الساعات الحارة. اسألوا عن الجيران المسنين أو الذين يعيشون وحدهم، واقضوا بضع ساعات كل يوم في مكان بارد مثل مكتبة المدينة. إذا شعر أحد بالتعب
فاطلبوا المساعدة فورا. لدى البلدية قائمة بالأشخاص الضعفاء يتصل بهم المتطوعون كل صباح طوال أيام الحر الشديد.`

	chinese = `每天多次喝水，不要等到口渴才喝。室外比室内更热的时候，请关好门窗，夜里再打开，让凉爽的空气进来。用水打湿脸和手臂。吃饱饭，少喝酒，在最热的时段休息。多问候年老或独居的邻居，每天在图书馆这样凉爽的地方待上几个小时。
如果有人感到不舒服，请立刻求助。市政府有一份体弱者名单，志愿者每天早上给他们打电话。`
)

// telling is an article of a text and a title, in a language.
func telling(language, title, body string) newsletter.Article {
	a := story("https://mairie.example/a/1", title, body, day(12, 9))
	a.Language = language
	return a
}

func titlesSame() (all []pair) {
	for title, corrected := range map[string]string{ // between two sources of one site, within the minute
		"Le conseil vote le projet de bibliothèque":      "Le conseil adopte le projet de bibliothèque",
		"Le projet de bibliothèque avance au conseil":    "Les projets de bibliothèque avancent au conseil",
		"5 gestes contre la chaleur":                     "Cinq gestes contre la chaleur",
		"La chaleur, mode d’emploi":                      "Canicule : les bons gestes, de la cave au grenier",
		"Canicule : les gestes qui aident":               "Canicule : les gestes qui aident vraiment",
		"Grande cha\u00adleur, les gestes qui aident":    "Grande chaleur, les gestes qui aident",
		"VIDÉO. Grande chaleur, les gestes qui aident":   "Grande chaleur, les gestes qui aident",
		"Grande chaleur : ce que la mairie a prévu":      "Grande chaleur, ce qu’a prévu la mairie",
		"Les gestes de l’été pour 1 200 000 habitants":   "Les gestes de l’été pour 1200000 habitants",
		"Les gestes de l’été : l’avis de trois médecins": "Les gestes de l’été : l’avis de 3 médecins",
	} {
		all = append(all, pair{"title corrected: " + corrected, telling("fr", title, advice), again(telling("fr", corrected, advice))})
	}
	for title, elsewhere := range map[string]string{ // on two sites, hours apart
		"5 gestes contre la chaleur":                   "Cinq gestes contre la chaleur",
		"VIDÉO. Grande chaleur, les gestes qui aident": "Grande chaleur, les gestes qui aident",
		"Le projet du plan canicule":                   "Les projets du plan canicule",
		"Comment passer l’été au frais":                "Vagues de chaleur : une liste de personnes fragiles à la mairie",
		"Le plan de la ville pour 1 200 000 habitants": "Le plan de la ville pour 1\u202f200\u202f000 habitants",
	} {
		all = append(all, pair{"two sites: " + elsewhere, telling("fr", title, advice), anHourLater(but(telling("fr", elsewhere, advice), at("https://gazette.example/9")))})
	}
	site := telling("en-US", "Les gestes qui aident quand il fait chaud", advice)
	thin := but(site, func(a *newsletter.Article) { a.Body = "" })
	french := func(a *newsletter.Article) { a.URL, a.Language = "https://www.mairie.example/a/1", "fr-FR" }
	many := strings.Replace(advice, "quelques heures", "plus de 1 200 heures", 1)
	return append(all,
		pair{"a feed says another language, of one page", site, but(site, french)},
		pair{"a feed says another language, of one page without a text", thin, but(thin, french)},
		pair{"a feed says another language, one title and text", site, but(again(site), func(a *newsletter.Article) { a.Language = "fr-FR" })},
		pair{"a feed says another language, one canonical", but(thin, func(a *newsletter.Article) { a.Canonical = "https://mairie.example/?p=4" }), but(thin, func(a *newsletter.Article) {
			a.URL, a.Language, a.Canonical = "https://gazette.example/4", "fr", "https://mairie.example/?p=4"
		})},
		pair{"one canonical, a title written anew", but(site, func(a *newsletter.Article) { a.Canonical = "https://mairie.example/?p=4" }), but(site, func(a *newsletter.Article) {
			a.URL, a.Title, a.Canonical = "https://gazette.example/4", "Quand il fait chaud, les gestes qui sauvent", "https://mairie.example/?p=4"
		})},
		pair{"one canonical, the title turned round, an extract", but(site, func(a *newsletter.Article) { a.Canonical = "https://mairie.example/?p=4" }), but(site, func(a *newsletter.Article) {
			a.URL, a.Title, a.Body, a.Canonical = "https://gazette.example/4", "Quand il fait chaud, les gestes qui aident", "Un extrait.", "https://mairie.example/?p=4"
		})},
		pair{"a figure with another blank in the text", telling("fr", site.Title, many), but(telling("fr", site.Title, strings.Replace(many, "1 200", "1200", 1)), at("https://gazette.example/4"))},
		pair{"soft hyphens in the text", site, but(site, func(a *newsletter.Article) {
			a.URL, a.Title, a.Body = "https://gazette.example/4", "Une liste de personnes fragiles", strings.ReplaceAll(advice, "chaud", "cha\u00adud")
		})},
		pair{"a figure in words in the text", site, but(site, func(a *newsletter.Article) {
			a.URL, a.Body = "https://gazette.example/4", strings.Replace(advice, "quelques heures", "trois heures", 1)
		})}.both(strings.NewReplacer("quelques heures", "3 heures")),
		pair{"a credit at the end", site, but(site, func(a *newsletter.Article) { a.URL, a.Body = "https://gazette.example/4", advice+" (avec AFP)" })},
		pair{"a heading and a caption", site, but(site, func(a *newsletter.Article) {
			a.URL, a.Body = "https://gazette.example/4", strings.Replace(advice, " Mangez assez", "\n\n![](https://x.example/a.png)\n\nPhoto : la mairie\n\n## Au repas\n\nMangez assez", 1)
		})},
		pair{"Chinese on two sites", telling("zh", "高温天气如何保护自己", chinese), but(telling("zh", "市政府公布体弱者名单，志愿者每天致电", chinese), at("https://gazette.example/zh"))},
		pair{"Chinese, one title on two sites", telling("zh", "高温天气如何保护自己", chinese), but(telling("zh", "高温天气如何保护自己", chinese), at("https://gazette.example/zh"))},
		pair{"German under two titles", telling("de", "Was bei Hitze hilft", german), but(telling("de", "Kühle Orte und eine Liste der Stadt: Tipps für den Sommer", german), at("https://zeitung.example/1"))},
		pair{"Arabic, one title on two sites", telling("ar", "نصائح المدينة في الحر الشديد", arabic), but(telling("ar", "نصائح المدينة في الحر الشديد", arabic), at("https://jarida.example/1"))},
	)
}

// both has the first of a pair say something else as well.
func (p pair) both(r *strings.Replacer) pair {
	p.a.Body = r.Replace(p.a.Body)
	return p
}

func titlesOther() (all []pair) {
	for _, of := range []struct {
		language, body string
		titles         map[string]string
	}{
		{"fr", advice, map[string]string{
			"Alerte orange à la canicule dans la vallée": "Fin de l’alerte orange à la canicule dans la vallée",
			"La fête du village":                         "Annulée : la fête du village",
			"Le concert de Lou Vidal au parc":            "Report du concert de Lou Vidal au parc",
			"Le bal des pompiers":                        "Complet : le bal des pompiers",
			"La collecte des déchets verts":              "Suspension de la collecte des déchets verts",
			"Un médecin jugé à Rennes":                   "Un faux médecin jugé à Rennes",
			"Le maire entendu par les juges":             "L’ancien maire entendu par les juges",
			"Un cas de rougeole au collège":              "Un deuxième cas de rougeole au collège",
			"Le lac de barrage est plein":                "Le lac de barrage est presque plein",
			"Le préfet ferme la plage":                   "Le préfet suspend la fermeture de la plage",
			"La piscine rouvre":                          "La piscine rouvre enfin",
			"Restrictions d’eau dans le canton":          "Levée des restrictions d’eau dans le canton",
			"Une grève à la cantine":                     "Vers une grève à la cantine",
			"Le pont est ouvert":                         "Le pont est bientôt ouvert",
			"Incendie à la zone industrielle":            "Incendie maîtrisé à la zone industrielle",
			"L’usine va fermer":                          "L’usine va fermer, selon les syndicats",
			"Le conseil adopte le plan canicule":         "Le conseil adapte le plan canicule",
			"Un programme pour relire les quartiers":     "Un programme pour relier les quartiers",
			"La maire démissionne":                       "La maire démissionne : c’était une rumeur",
			"La bibliothèque sous l’eau":                 "La bibliothèque sur l’eau",
		}},
		{"en", counsel, map[string]string{
			"The village fair":                  "Cancelled: the village fair",
			"Hosepipe ban in the valley":        "End of hosepipe ban in the valley",
			"Doctor arrested in Northport":      "Fake doctor arrested in Northport",
			"Heat warning for the coast":        "Heat warning for the coast lifted",
			"Mayor quits over the bridge":       "Former mayor quits over the bridge",
			"School meals are safe":             "School meals are safe, tests say",
			"Harbour pool to open":              "Harbour pool to open late",
			"A vote against the incinerator":    "A vote for the incinerator",
			"Second measles case at the school": "Third measles case at the school",
		}},
		{"de", german, map[string]string{
			"Das Freibad öffnet im Sommer": "Das Freibad öffnet nicht im Sommer",
			"Ein Fest im Park":             "Kein Fest im Park",
			"Das Stadtfest":                "Abgesagt: das Stadtfest",
		}},
		{"pt", portuguese, map[string]string{
			"A piscina abre no verão": "A piscina não abre no verão",
			"A festa da aldeia":       "Cancelada: a festa da aldeia",
		}},
		{"ar", arabic, map[string]string{
			"خطر على السباحة في البحيرة": "لا خطر على السباحة في البحيرة",
			"مهرجان القرية":              "إلغاء مهرجان القرية",
		}},
		{"zh", chinese, map[string]string{
			"市政府宣布关闭游泳池": "市政府宣布不关闭游泳池",
			"高温橙色预警":     "解除高温橙色预警",
		}},
	} {
		for title, other := range of.titles {
			first := telling(of.language, title, of.body)
			all = append(all,
				pair{"hours later on one site: " + other, first, dated(again(titled(first, other)), day(12, 15))},
				pair{"days later on one site: " + other, first, dated(again(titled(first, other)), day(14, 16))},
				pair{"on two sites: " + other, first, but(titled(first, other), at("https://gazette.example/9"))},
			)
		}
	}
	for title, other := range map[string]string{ // the words that come before all others are no correction
		"La fête du village": "Annulée : la fête du village", "Alerte orange à la canicule": "Fin de l’alerte orange à la canicule", "Le bal des pompiers": "Complet : le bal des pompiers",
		"Un médecin jugé": "Un faux médecin jugé", "Marché de Nantes : les horaires": "Marché de Brest : les horaires", "La piscine ouvre": "La piscine n’ouvre pas",
	} {
		first := telling("fr", title, advice)
		all = append(all, pair{"within the minute on one site: " + other, first, again(titled(first, other))})
	}
	midnight := dated(telling("fr", "La fête du village est maintenue", advice), day(12, 22).Truncate(60*60e9))
	all = append(all, pair{"on one day, without an hour", midnight, again(titled(midnight, "La fête du village est annulée"))})
	for said, other := range map[string][2]string{ // in a text under one title
		german:     {"führt eine Liste", "führt keine offene Liste"},
		portuguese: {"tem uma lista", "não tem uma lista"},
		arabic:     {"لدى البلدية", "ليس لدى البلدية"},
		chinese:    {"有一份", "没有一份"},
		counsel:    {"keeps a list", "no longer keeps a list"},
		advice:     {"tient une liste", "a cessé de tenir une liste"},
	} {
		first := telling("", "Ce que dit la mairie des fortes chaleurs", said)
		all = append(all, pair{"in the text: " + other[1], first, but(first, func(a *newsletter.Article) {
			a.URL, a.Body = "https://gazette.example/9", strings.Replace(said, other[0], other[1], 1)
		})})
	}
	first := telling("fr", "La fête du village, le programme complet", advice)
	all = append(all, pair{"a word before the text", first, but(first, func(a *newsletter.Article) { a.URL, a.Body = "https://gazette.example/9", "Annulé. "+advice })})
	return append(all, carelessPairs()...)
}

// carelessPairs are different articles to which their site gives one canonical address.
func carelessPairs() (all []pair) {
	careless := func(title, body string, path string) newsletter.Article {
		a := telling("fr", title, body)
		a.URL, a.Canonical = "https://gazette.example/"+path, "https://gazette.example/elections"
		return a
	}
	results := func(town string) newsletter.Article {
		return careless("Élections municipales à "+town+" : les résultats", "Les résultats du premier tour à "+town+", bureau par bureau.", town)
	}
	short := func(town string) newsletter.Article {
		return careless("Élections municipales à "+town+" : les résultats", "Les résultats du premier tour, bureau par bureau.", town)
	}
	long := func(town string) newsletter.Article {
		return careless("Élections municipales à "+town+" : les résultats", "Voici les résultats de "+town+". "+advice, town)
	}
	bare := func(title string) newsletter.Article { return careless(title, "", strings.ReplaceAll(title, " ", "-")) }
	daily := careless("Les élections, jour après jour", "", "1")
	return append(all,
		pair{"careless canonical: towns", results("Rennes"), results("Brest")},
		pair{"careless canonical: towns, one short text", short("Rennes"), short("Quimper")},
		pair{"careless canonical: towns, long texts of one pattern", long("Rennes"), long("Brest")},
		pair{"careless canonical: what a candidate does", bare("Lucie Roy rejoint la liste du maire sortant"), bare("Lucie Roy quitte la liste du maire sortant")},
		pair{"careless canonical: a word more", bare("Le second tour des élections"), bare("Le second tour des élections est reporté")},
		pair{"careless canonical: a column of two days", daily, dated(but(daily, at("https://gazette.example/2")), day(13, 9))},
		pair{"careless canonical: the page that all name", but(results("Rennes"), at("https://gazette.example/elections")), results("Brest")},
	)
}
