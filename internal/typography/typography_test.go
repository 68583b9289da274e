package typography_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"facteur/internal/typography"
)

// In these tables ~ stands for U+00A0, and ^ for the U+202F that some writers type.
var spaces = strings.NewReplacer("~", "\u00a0", "^", "\u202f")

func TestFrench(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"nothing to do", "Bonjour le monde.", "Bonjour le monde."},
		{"empty", "", ""},
		{"formulas", "$E=mc_2$ et $n-1$; $$x_1 + 2$$ ; on a $x_{n} = 2n + 1$.", "$E=mc_2$ et $n-1$~; $$x_1 + 2$$~; on a $x_{n} = 2n + 1$."},
		{"no formulas", "5$-10$, de 5$ à 10$ ; 7$, soit 8$; US$5 - US$6; 5 $ US, 10$; $5/$10, 9$ (en $) = 8$, 5 $-10$", "5~$-10~$, de 5~$ à 10~$~; 7~$, soit 8~$~; US$5 – US$6~; 5~$ US, 10~$~; $5/$10, 9~$ (en $) = 8~$, 5~$-10~$"},
		{"breaking spaces", "Quoi ? Non ! Si ; voici : tout", "Quoi~? Non~! Si~; voici~: tout"},
		{"missing spaces", "Quoi? Non! Si; voici: tout", "Quoi~? Non~! Si~; voici~: tout"},
		{"several marks", "Quoi ?! Non!!! Vraiment ? !", "Quoi~?! Non~!!! Vraiment~?~!"},
		{"wrong no-break spaces", "Quoi~? voici^: et~; « ^oui~»", "Quoi~? voici~: et~; «~oui~»"},
		{"entities", "Quoi&nbsp;? voici&#160;: ici&#x202F;! R&amp;D&nbsp;", "Quoi~? voici~: ici~! R&amp;D~"},
		{"narrow spaces of the writer's", "un^mot, 12^345 `a^b`", "un~mot, 12~345 `a^b`"},
		{"many spaces", "Quoi   ?  Oui", "Quoi~?  Oui"},
		{"line end before a mark", "Qui donc\n? Voici\n: moi", "Qui donc~? Voici~: moi"},
		{"paragraphs", "Un.\n\n! Deux\n\n» trois «\n\nquatre", "Un.\n\n! Deux\n\n» trois «~\n\nquatre"},
		{"fragment of a sentence", " ! Et", "~! Et"},
		{"in parentheses", "(quoi ?) (!) [voir :]", "(quoi~?) (!) [voir~:]"},
		{"after an ellipsis", "Ah bon...? Eh...", "Ah bon…~? Eh…"},

		{"guillemets", "Il dit «oui» et « non ».", "Il dit «~oui~» et «~non~»."},
		{"straight quotes", `Il dit "oui", puis "non".`, "Il dit «~oui~», puis «~non~»."},
		{"quotes in quotes", `"Il dit "oui" ici"`, "«~Il dit “oui” ici~»"},
		{"quotes in guillemets", `« Il dit "oui" ici »`, "«~Il dit “oui” ici~»"},
		{"quotes after an apostrophe", `l'"IA" et l'«autre»`, "l’«~IA~» et l’«~autre~»"},
		{"quotes after a colon", `Elle a dit:"oui".`, "Elle a dit~: «~oui~»."},
		{"guillemets after a colon", "Elle a dit:«oui». Quoi?«Rien»", "Elle a dit~: «~oui~». Quoi~? «~Rien~»"},
		{"no quotes after a colon", `un rapport de 16:9", ou 4:"3"`, `un rapport de 16:9", ou 4~:"3"`},
		{"inches", `un écran 15" et un 17"`, `un écran 15" et un 17"`},
		{"no partner", `un " seul et "ouvert`, `un " seul et "ouvert`},
		{"no partner in the paragraph", "un \"début\n\nune fin\"", "un \"début\n\nune fin\""},
		{"question in quotes", `Il demande "Quoi ?".`, "Il demande «~Quoi~?~»."},

		{"apostrophes", "L'IA d'aujourd'hui, c'est l'été", "L’IA d’aujourd’hui, c’est l’été"},
		{"apostrophe before code", "l'`API` d'https://a.fr/l'a", "l’`API` d’https://a.fr/l'a"},
		{"minutes", "en 5'30", "en 5'30"},
		{"ellipsis", "Attendez... puis..... rien", "Attendez… puis… rien"},
		{"dash", "Paris - la capitale - brille\n- liste\n3 - 2", "Paris –~la capitale~– brille\n- liste\n3 - 2"},
		{"incises", "Elle – enfin, dit-on ! – part. Un – deux. Trois – quatre.", "Elle –~enfin, dit-on~!~– part. Un – deux. Trois – quatre."},
		{"incise before a mark", "un outil — peut-être le meilleur — : lequel", "un outil —~peut-être le meilleur~—~: lequel"},
		{"dashes of a list", "– un – deux\n– trois – quatre", "– un – deux\n– trois – quatre"},
		{"incise over a line end", "un – deux\ntrois – quatre", "un – deux\ntrois – quatre"},
		{"ordinals", "le 1er, la 2e fois, le XXIe", "le 1er, la 2e fois, le XXIe"},
		{"capitals", "À L'ÉCOLE: ÉTAT", "À L’ÉCOLE~: ÉTAT"},

		{"thousands", "12 345 lecteurs, 1 234 567,89 et 12~345", "12~345 lecteurs, 1~234~567,89 et 12~345"},
		{"no thousands", "en 2026 300 personnes, 75011 Paris, 12 34 56", "en 2026 300 personnes, 75011 Paris, 12 34 56"},
		{"telephone", "01 42 68 53 00, +33 1 42 68 53 00 ; 101 42 68 53 00 et 01.42.68.53.00", "01~42~68~53~00, +33~1~42~68~53~00~; 101 42 68 53 00 et 01.42.68.53.00"},
		{"signs", "50%, 12 %, 5€, 5 €, 20°C, 3M€, 10 k€ et 5 €/mois", "50~%, 12~%, 5~€, 5~€, 20~°C, 3~M€, 10~k€ et 5~€/mois"},
		{"units", "3 km à 300 km/h, 8 Go, 2 millions, 70 ans", "3~km à 300~km/h, 8~Go, 2~millions, 70~ans"},
		{"no units", "3 mots, 2 hommes, 5 gens, 5G, 70B", "3 mots, 2 hommes, 5 gens, 5G, 70B"},
		{"long amounts", "12345 €, 1500 euros, 250000 euros, 12345,50€", "12~345~€, 1500~euros, 250~000~euros, 12~345,50~€"},
		{"bare long numbers", "le code 12345 et CVE-2026-12345", "le code 12345 et CVE-2026-12345"},
		{"numéro", "n° 42 et n°43, un n° vert", "n°~42 et n°~43, un n°~vert"},
		{"titles", "M. Hugo, MM. Hugo, Mme Curie, Mlle Mars, Dr Knock, Me Badinter et M.\nHugo", "M.~Hugo, MM.~Hugo, Mme~Curie, Mlle~Mars, Dr~Knock, Me~Badinter et M.\nHugo"},
		{"no titles", "SMS. Hugo, le Me voici, Mme la ministre, idem. Le reste", "SMS. Hugo, le Me voici, Mme la ministre, idem. Le reste"},
		{"references", "p. 12, pp. 3-4, art. 50, § 3, chap. IV, vol. 2, fig. A1, Art. L34", "p.~12, pp.~3-4, art.~50, §~3, chap.~IV, vol.~2, fig.~A1, Art.~L34"},
		{"no references", "un cap. 12 et un coup. 12, le modern art. Il", "un cap. 12 et un coup. 12, le modern art. Il"},
		{"glued units", "16Go, 120km/h, 1,5To, 3min et 12000km", "16~Go, 120~km/h, 1,5~To, 3~min et 12~000~km"},
		{"glued names", "M3Max, RTX-16Go, v1.5Go, 70B, 5G, 4K, 3D, 2mn", "M3Max, RTX-16Go, v1.5Go, 70B, 5G, 4K, 3D, 2mn"},
		{"names of languages", "C++; C#; F#? \"C++\": non", "C++~; C#~; F#~? «~C++~»~: non"},
		{"braces", "{a: 1} et {\"a\": {\"b\": 1}}: oui, {ouvert: non", "{a: 1} et {\"a\": {\"b\": 1}}~: oui, {ouvert~: non"},

		{"dates", "le 1er décembre, du 3 au 12 mai 2026, mardi 24 novembre", "le 1er~décembre, du 3 au 12~mai~2026, mardi 24~novembre"},
		{"no dates", "2026 mars, 12 mains, 3 maires, 112 mai", "2026 mars, 12 mains, 3 maires, 112 mai"},
		{"numbers", "le no 5 et le No 12, un piano 5, Windows no 10", "le no~5 et le No~12, un piano 5, Windows no~10"},
		{"times in capitals", "à 20H30, 9H05 ; 3H, H100, 20H75, RTX-20H30", "à 20~h~30, 9~h~05~; 3H, H100, 20H75, RTX-20H30"},
		{"times", "à 08:30 et 8 h 30, de 8 h à 10:15:00", "à 08:30 et 8~h~30, de 8~h à 10:15:00"},
		{"a time before an amount", "à 9h 12345 euros, à 9 h 12 345 euros", "à 9~h~12~345~euros, à 9~h~12~345~euros"},
		{"half glued times", "à 8h 30, 8 h30", "à 8~h~30, 8 h30"},
		{"glued times", "de 8h à 9h30, 10h15-11h ; 8h30. (18h) 35h?", "de 8~h à 9~h~30, 10~h~15-11~h~; 8~h~30. (18~h) 35~h~?"},
		{"no times", "24h/24, 8h75, A8h30, 8h30min, v1.8h, RTX-8h, 8h-mag, `8h30`, https://a.fr/8h30, 118h30", "24h/24, 8h75, A8h30, 8h30min, v1.8h, RTX-8h, 8h-mag, `8h30`, https://a.fr/8h30, 118h30"},
		{"long ordinals", "la 2ème, la 1ère fois, les 21èmes, 3ieme, 1eres, au XXIème et au Vème siècle", "la 2e, la 1re fois, les 21es, 3e, 1res, au XXIe et au Ve siècle"},
		{"no ordinals", "1ème, 2ère, B2ème, CIème, 2èmement, système, `2ème`, a.fr/2ème?x=1, 11ère, Ième", "1ème, 2ère, B2ème, CIe, 2èmement, système, `2ème`, a.fr/2ème?x=1, 11ère, Ième"},
		{"two hyphens", "Paris -- la capitale -- brille\n-- liste\n3 -- 2, a --b, c --- d, `e -- f`, g -- --h", "Paris –~la capitale~– brille\n-- liste\n3 -- 2, a --b, c --- d, `e -- f`, g -- --h"},
		{"addresses", "Voir https://a.fr/b?c=d;e:f!g et www.a.fr/?q=l'a ; mailto:a@b.fr?subject=x", "Voir https://a.fr/b?c=d;e:f!g et www.a.fr/?q=l'a~; mailto:a@b.fr?subject=x"},
		{"address at the end", "Vu sur https://a.fr/? Oui", "Vu sur https://a.fr/? Oui"},
		{"address in brackets", "(https://a.fr/b) : «https://a.fr»", "(https://a.fr/b)~: «~https://a.fr~»"},
		{"mailboxes", "Écrire à o'neil@a-b.example: vite", "Écrire à o'neil@a-b.example~: vite"},
		{"query", "ajoutez ?utm_source=a&b=c ou ici/la?x=l'y", "ajoutez ?utm_source=a&b=c ou ici/la?x=l'y"},
		{"code", "`a ? b : \"c\"` et ``d'`e'`` puis ```\nif !x...\n```", "`a ? b : \"c\"` et ``d'`e'`` puis ```\nif !x...\n```"},
		{"code before a mark", "`go build`: compile `x` !", "`go build`~: compile `x`~!"},
		{"operators", "a != b, std::vector, x := 1 ://", "a != b, std::vector, x := 1 ://"},
		{"files", "config.toml: lire ../a'b.txt et ./... ou l'avis.pdf", "config.toml~: lire ../a'b.txt et ./... ou l'avis.pdf"},
		{"versions", "GPT-4.5, Node.js 22.1 et Claude 3.5: bien", "GPT-4.5, Node.js 22.1 et Claude 3.5~: bien"},
		{"emoticons", "Merci :) non :( super ;-) bof :/ oui :D, fin:)", "Merci :) non :( super ;-) bof :/ oui :D, fin:)"},
		{"emoticon in its quotes", `« :p. 12 », ":p. 12" ; – :D –`, "«~:p. 12~», «~:p. 12~»~; –~:D~–"},
		{"no emoticon", "(voir ci-dessous :) (et là;)", "(voir ci-dessous~:) (et là~;)"},
		{"short code", "bien :tada: joué", "bien :tada: joué"},
		{"alternatives", "et/ou! 24/7: oui", "et/ou~! 24/7~: oui"},
		{"broken UTF-8", "a\xff !", "a\ufffd~!"},
		{"noncharacter", "a\ufdd0 ! `b` \ufdd0", "a\ufdd0~! `b` \ufdd0"},
	} {
		t.Run(test.name, func(t *testing.T) {
			text, want := test.text, spaces.Replace(test.want)
			if strings.ContainsAny(test.name, "~^") || strings.Contains(text, "~") || strings.Contains(text, "^") {
				text = spaces.Replace(text)
			}
			if got := typography.French(text); got != want {
				t.Errorf("French(%q)\n got %q\nwant %q", text, got, want)
			}
		})
	}
}

func TestEnglish(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{`It's "fine" - isn't it?`, "It’s “fine” - isn’t it?"},
		{`"He said 'no' to the users' wish," she wrote...`, "“He said ‘no’ to the users’ wish,” she wrote…"},
		{`"A "nested" one"`, "“A ‘nested’ one”"},
		{`'Tis the '90s, rock 'n' roll`, "’Tis the ’90s, rock ’n’ roll"},
		{`6'2" tall, a 15" screen`, `6'2" tall, a 15" screen`},
		{"`it's` and https://a.example/it's?a=\"b\"", "`it's` and https://a.example/it's?a=\"b\""},
		{"Really? Yes! So: 12,345", "Really? Yes! So: 12,345"},
		{"the 1990s' sound", "the 1990s’ sound"},
	} {
		if got := typography.English(test.text); got != test.want {
			t.Errorf("English(%q)\n got %q\nwant %q", test.text, got, test.want)
		}
	}
}

func TestSetFollowsTheLanguage(t *testing.T) {
	for lang, want := range map[string]string{
		"fr": "C’est «\u00a0oui\u00a0»\u00a0!", "fr-CA": "C’est «\u00a0oui\u00a0»\u00a0!", "FR": "C’est «\u00a0oui\u00a0»\u00a0!",
		"en": "C’est “oui” !", "en-GB": "C’est “oui” !", "": `C'est "oui" !`, "frr": `C'est "oui" !`, "de": `C'est "oui" !`,
	} {
		if got := typography.Set(`C'est "oui" !`, lang); got != want {
			t.Errorf("lang %q: %q, want %q", lang, got, want)
		}
	}
}

// untouchable are spans that must come out as they went in.
var untouchable = []string{
	"https://pandia.example/a?b=c;d&e=l'f", "https://exemple.fr/guide:1!x", "www.exemple.fr/?q=a...b", "jeanne.o'neil@exemple.fr",
	"`x ? \"y\" : z...`", "08:30", "23:59", "key:value", "a/b.c?d=e'f", "rapport.pdf", ":-)", "l'avis.pdf",
}

// sentences draws French text with every kind of spacing before and after its marks, and more words where they are given.
func sentences(more ...string) *rapid.Generator[string] {
	words := []string{"bonjour", "l'été", "aujourd'hui", "GPT-4.5", "Node.js", "12 345", "50%", "5 €", "12345 euros", "8 h 30",
		"«", "»", "« ", " »", `"`, "(", ")", "...", "1er", "n°3", "É", "M. Hugo", "p. 12", "–", "16Go", "C++", "{a: 1}", "01 42 68 53 00", "-", "--", "8h30", "9h", "2ème", "1ère", "&nbsp;", "🎉", "'", "n"}
	words = append(words, more...)
	return rapid.Custom(func(t *rapid.T) string {
		var text strings.Builder
		for range rapid.IntRange(1, 12).Draw(t, "words") {
			if rapid.IntRange(0, 4).Draw(t, "kind") == 0 {
				text.WriteString(" " + rapid.SampledFrom(untouchable).Draw(t, "span") + " ")
			} else {
				text.WriteString(rapid.SampledFrom(words).Draw(t, "word"))
			}
			text.WriteString(rapid.SampledFrom([]string{"", " ", " ", "  ", "\u00a0", "\u202f", "\n", "\n\n"}).Draw(t, "space"))
			text.WriteString(rapid.SampledFrom([]string{"", "", "", ":", ";", "!", "?", "?!", ".", ",", "…"}).Draw(t, "mark"))
			text.WriteString(rapid.SampledFrom([]string{" ", " ", " ", "", "\n"}).Draw(t, "after"))
		}
		return text.String()
	})
}

func TestSettingTwiceIsSettingOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := sentences(":p", ";(", "=D", ":)", ":'(").Draw(t, "text")
		for name, set := range map[string]func(string) string{"French": typography.French, "English": typography.English} {
			once := set(text)
			if twice := set(once); twice != once {
				t.Fatalf("%s(%q)\n once %q\ntwice %q", name, text, once, twice)
			}
		}
	})
}

// A paragraph may begin with a mark and end with «: there is no word to keep to.
var breaking = regexp.MustCompile(`[^\s\x{A0}\x{202F}][ \t]*(?:[ \t]|\n)[ \t]*[:;!?»]|«[ \t]|«\n[ \t]*\S`)

// What chance has put together to an emoticon.
var glued = regexp.MustCompile(`[:;][()DPpOo]|:[a-z]+:`)

func TestNoBreakingSpaceAtAMark(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := sentences().Draw(t, "text")
		got := typography.French(text)
		rest := got
		for _, span := range untouchable {
			rest = strings.ReplaceAll(rest, span, "x")
		}
		rest = glued.ReplaceAllString(rest, "x")
		if found := breaking.FindString(rest); found != "" {
			t.Fatalf("French(%q) = %q: the line may break in %q", text, got, found)
		}
	})
}

func TestSpansStayAsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before := rapid.SampledFrom([]string{"", "Voici : ", "l'IA, ", "(", "« ", "Quoi ? ", "12 345 € "}).Draw(t, "before")
		span := rapid.SampledFrom(untouchable).Draw(t, "span")
		after := rapid.SampledFrom([]string{"", " : oui", " !", " »", ", l'IA", " ? Non"}).Draw(t, "after")
		if got := typography.French(before + span + after); !strings.Contains(got, span) {
			t.Fatalf("French(%q) = %q", before+span+after, got)
		}
		if got := typography.English(before + span + after); !strings.Contains(got, span) {
			t.Fatalf("English(%q) = %q", before+span+after, got)
		}
	})
}

// ending is how ordinals end, written out or as printers do.
var ending = regexp.MustCompile(`([0-9IVXLC])(?:i?[èe][mr]e|re|e)s?`)

// letters is what no rule may add or take away, but for the ends of ordinals and the H of a time.
func letters(text string) string {
	text = strings.ReplaceAll(text, "H", "h")
	text = ending.ReplaceAllString(text, "$1")
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, text)
}

func FuzzSet(f *testing.F) {
	for _, seed := range []string{
		"Quoi ? «oui» : \"non\" ; l'IA...", "a\n\n» b «\n\nc", "\"\"\"a\" b\"", "`a` ``b`` ```c", "https://a.fr/? :)", "&nbsp;&amp;&#160;",
		"12 345 678 € 50% n°1", "\xff\ufdd0\x00", "«»«\r\n»", "5'30\" '90s ''", " - - ", "0 - - A", "/\ufdd0\xb7", "'{'\\\x11", "a:)b;)c", "0';):", "0:)(:", "\";(!\";(", "12345 km 1234567890123456789 €",
		"\"\"0 '!/\".0", "M. A – b – c", "01 42 68 53 00", "16Go{a:1}", "§ 3 – p. 1 –", "a –\u00a0–\u202f– b", "n° a – M. B", "{{}}:{", "1kg1kg 1 000km",
		"8h30-9h", "0h0h00", "1h\u00a030", "2ème 1ère", "1iere-XXieme", "2eme me", "20H30", "(0h  00", "no 5", "1er mai 2026", "a:\"b\"", "a:«b»", " -- - -- ", "0 -- A -- 0",
		"« :p. 12", "a – :p. 12 –", "«:(!", "\":p. 12\"", "&nbsp;:(&nbsp;!", "'=p. 1", "$E=mc^2$ 5$a=b$ $a=\"1$", "1$a^:$", "$ !*$A*0$", "5$a=\"b$ !", "«$x_1$ !", "\xb2}\"\"\"\"\"\x1d \xa4\":)\"", "\"a 'b:)'\" :D'accord :(''",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for name, set := range map[string]func(string) string{"French": typography.French, "English": typography.English} {
			once := set(text)
			if !utf8.ValidString(once) {
				t.Errorf("%s(%q) = %q is not UTF-8", name, text, once)
			}
			if twice := set(once); twice != once {
				t.Errorf("%s(%q)\n once %q\ntwice %q", name, text, once, twice)
			}
			if !strings.Contains(text, "&") && letters(once) != letters(text) {
				t.Errorf("%s(%q) = %q changes words", name, text, once)
			}
		}
	})
}

// Hostile text must not take more than its share of time: what doubles may double.
func BenchmarkFrench(b *testing.B) {
	for name, piece := range map[string]string{
		"prose":     "L'IA progresse : 12 345 lecteurs l'ont vu ! Voir https://exemple.fr/a?b=c.\n\n",
		"emoticons": ":)", "quotes": `"a `, "spaces": " ", "lines": "\n", "backquotes": "`a", "slashes": "a/", "stops": "1. ", "braces": "{a ", "dashes": "– a",
	} {
		for _, size := range []int{1 << 14, 1 << 17} {
			text := strings.Repeat(piece, size/len(piece))
			b.Run(name+"/"+strconv.Itoa(size), func(b *testing.B) {
				b.SetBytes(int64(len(text)))
				for b.Loop() {
					typography.French(text)
					typography.Truncate(text, 300, "fr")
				}
			})
		}
	}
}
