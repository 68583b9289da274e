// The work of a form: a number that makes SHA-256 (FIPS 180-4) of the stamp, a dot and it begin with so many zero bits. In
// a thread of its own on our pages; on others in short turns.
const life = 12e4; // ms; more is not worth a battery

const k = [], first = [];
for (let p = 2; k.length < 64; p++) {
	let d = 2;
	while (p % d) d++;
	if (d < p) continue;
	if (first.length < 8) first.push(p ** (1 / 2) * 2 ** 32 | 0);
	k.push(p ** (1 / 3) * 2 ** 32 | 0);
}
const w = new Int32Array(64);

// block takes the 64 bytes in w into a state.
const block = (s) => {
	for (let i = 16; i < 64; i++) {
		const x = w[i - 15], y = w[i - 2];
		w[i] = w[i - 16] + w[i - 7] + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3) + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10);
	}
	let [a, b, c, d, e, f, g, h] = s;
	for (let i = 0; i < 64; i++) {
		const t = h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (e & f ^ ~e & g) + k[i] + w[i] | 0;
		const u = ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (a & b ^ a & c ^ b & c);
		h = g, g = f, f = e, e = d + t | 0, d = c, c = b, b = a, a = t + u | 0;
	}
	return [s[0] + a | 0, s[1] + b | 0, s[2] + c | 0, s[3] + d | 0, s[4] + e | 0, s[5] + f | 0, s[6] + g | 0, s[7] + h | 0];
};

// take puts 64 bytes of ASCII, from at on, into w and takes them. A text that ends before is closed by a bit.
const take = (s, text, at, bits = 0) => {
	w.fill(0, 0, 16);
	for (let i = 0; i < 64 && at + i <= text.length; i++) w[i >> 2] |= (text.charCodeAt(at + i) || 128) << 24 - i % 4 * 8;
	w[15] |= bits;
	return block(s);
};

// rest takes what is left of a text of so many bytes in all.
const rest = (s, text, all) => text.length < 56 ? take(s, text, 0, all * 8) : take(take(s, text, 0), text, 64, all * 8);

// find answers the number, or an empty text after its life. Between its turns, in ms, others get theirs.
const find = async (stamp, bits, turn) => {
	const end = Date.now() + life;
	let lead = "1".padEnd(63 - stamp.length % 64, "0"); // fills a block, so that each number takes one less
	if (lead.length > 12) lead = ""; // a number is no longer than 20
	let s = first, text = `${stamp}.${lead}`;
	const before = text.length;
	for (; text.length >= 64; text = text.slice(64)) s = take(s, text, 0);
	for (let n = 0, over = 0; Date.now() < end;) {
		if (Date.now() > over) {
			await new Promise((go) => setTimeout(go));
			over = Date.now() + turn;
		}
		for (const most = n + 2000; n < most; n++) {
			if (Math.clz32(rest(s, text + n, before + `${n}`.length)[0]) >= bits) return lead + n;
		}
	}
	return "";
};

export default (stamp, bits) => new Promise((done) => {
	const here = () => done(find(stamp, bits, 10)); // ms
	try {
		const worker = new Worker(import.meta.url, { type: "module" });
		worker.onmessage = ({ data }) => { worker.terminate(); done(data); };
		worker.onerror = here;
		worker.postMessage([stamp, bits]);
	} catch {
		here();
	}
});

if (!globalThis.document) onmessage = async ({ data }) => postMessage(await find(...data, 1000));
