package smtptest

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"mime/quotedprintable"
	"strings"
)

// sentences have the letters, spaces and signs that French has, which is what encodings and sizes depend on.
var sentences = []string{
	"Bonjour à toutes et à tous, et bienvenue dans ce numéro de la semaine.",
	"La mairie a présenté jeudi son projet de rénovation des écoles : dix-huit mois de travaux, et trois chantiers dès l’été.",
	"Où sont passées les abeilles ? Une équipe de l’université a compté les ruches, une à une, pendant quatre ans.",
	"« Nous n’avions jamais vu autant de monde », reconnaît la directrice du musée, qui prolonge l’exposition jusqu’au 30\u00a0septembre.",
	"Le prix du blé a reculé de 7\u00a0% en un mois ; celui du pain, lui, n’a pas bougé.",
	"À Saint-Étienne, un ancien entrepôt accueille désormais vingt-cinq ateliers d’artisans.",
	"Le train de nuit revient, plus lent que prévu, mais complet presque chaque vendredi.",
	"Il aura fallu neuf réunions pour tomber d’accord sur l’emplacement d’un seul platane.",
	"Cœur de bœuf, noire de Crimée, ananas : les tomates anciennes ont gagné leur place au marché.",
	"Notre enquête a été relue par deux économistes, dont les réserves figurent en note.",
	"Ça vous étonne ? Écrivez-nous : chaque lettre reçoit une réponse, même brève.",
	"L’hiver dernier, la bibliothèque a prêté plus de livres que jamais depuis son ouverture, en 1974.",
	"Le naïf n’est pas celui qu’on croit, explique la chercheuse, chiffres à l’appui.",
}

// paragraphs makes text until it has about size bytes, the same each time.
func paragraphs(size int, write func(b *strings.Builder, number int, text string)) string {
	chance := rand.New(rand.NewPCG(2026, 7))
	var b strings.Builder
	for number := 1; b.Len() < size; number++ {
		picked := make([]string, 3+chance.IntN(4))
		for i := range picked {
			picked[i] = sentences[chance.IntN(len(sentences))]
		}
		write(&b, number, strings.Join(picked, " "))
	}
	return b.String()
}

// FrenchLetter returns the two parts of a newsletter of ordinary size, 4 KB of text and 40 KB of HTML, the same each time.
func FrenchLetter() (text, html string) {
	text = paragraphs(4_000, func(b *strings.Builder, _ int, p string) { b.WriteString(p + "\n\n") })
	html = `<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>La lettre</title></head><body style="margin:0">` +
		`<table role="presentation" width="600" align="center" cellpadding="0" cellspacing="0">` + "\n" +
		paragraphs(40_000, writeStory) + "</table></body></html>\n"
	return text, html
}

func writeStory(b *strings.Builder, number int, p string) {
	fmt.Fprintf(b, `<tr><td style="padding:12px 20px;font:17px/1.5 Georgia,serif;color:#222"><h2 style="margin:0;font-size:21px">`+
		`<a href="https://site.example/articles/%d" style="color:#14508c;text-decoration:none">Le sujet n°\u00a0%d</a></h2>`+
		`<p style="margin:8px 0 16px">%s</p></td></tr>`+"\n", number, number, p)
}

// A FrenchMessage makes copies of the [FrenchLetter] as they go on the wire, dots stuffed, for clients that measure a server.
type FrenchMessage struct {
	rest []byte // all that copies share, from the second line of the header on, with the final dot
}

// NewFrenchMessage encodes the letter, once for all copies.
func NewFrenchMessage() *FrenchMessage {
	text, html := FrenchLetter()
	var b bytes.Buffer
	b.WriteString("Date: Thu, 02 Jul 2026 08:00:00 +0200\r\nFrom: La lettre <lettre@site.example>\r\nSubject: =?utf-8?q?Les_nouvelles_de_l=E2=80=99=C3=A9t=C3=A9?=\r\n" +
		"MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=\"partie\"\r\n\r\n")
	for _, part := range []struct{ kind, content string }{{"plain", text}, {"html", html}} {
		fmt.Fprintf(&b, "--partie\r\nContent-Type: text/%s; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n", part.kind)
		w := quotedprintable.NewWriter(&b)
		_, _ = w.Write([]byte(part.content)) // a buffer takes everything
		_ = w.Close()
		b.WriteString("\r\n")
	}
	b.WriteString("--partie--")
	return &FrenchMessage{append(bytes.ReplaceAll(b.Bytes(), []byte("\r\n."), []byte("\r\n..")), endOfData...)}
}

// Append appends the copy for a recipient to b.
func (m *FrenchMessage) Append(b []byte, to, id string) []byte {
	b = fmt.Appendf(b, "Message-ID: <%s>\r\nTo: <%s>\r\n", id, to)
	return append(b, m.rest...)
}
