// Facteur's forms. Whatever fails, the form is posted as without a script.
{
const wait = (ms) => new Promise((go) => setTimeout(go, ms));
const make = (tag, has) => Object.assign(document.createElement(tag), has);

for (const form of document.querySelectorAll("form[data-facteur]")) {
	const field = form.elements, says = form.querySelector("[role=status]");
	const { stamp: ours, email, website: trap } = field;
	if (!ours) trap.parentNode.style = "position:absolute;left:-9999px"; // CSP
	let ready, begun = 0, busy;
	const at = (path) => new URL(path, form.action);
	const api = async (path, init) => (await fetch(at(`api/v1/${path}`), init)).json();
	const ahead = () => {
		if (Date.now() - begun > 54e4) { // ms: work counts for 10 minutes
			begun = Date.now();
			ready = api("form").then(({ stamp, bits }) => ({
				old: Date.now() + 2100, // ms; younger is no good
				stamp,
				work: import(at("static/travail.js")).then((its) => its.default(stamp, bits)).catch(() => {}),
			}));
			ready.catch(() => {}); // see send
		}
		return ready;
	};
	const post = (by) => {
		if (by?.name) form.append(make("input", { type: "hidden", name: by.name, value: by.value }));
		form.submit();
	};
	const tell = ({ verdict, reason, message, suggestion, instead, keep }) => {
		if (verdict === "again") return post();
		says.textContent = message;
		if (verdict === "mistaken") {
			const wrong = reason === "newsletters" ? field.newsletter[0] : email;
			wrong.ariaInvalid = "true";
			wrong.focus();
		} else if (keep) {
			for (const [meant, textContent] of [[suggestion, instead], [email.value, keep]]) {
				const onclick = () => (email.value = meant, send(true));
				if (meant) says.append(" ", make("button", { type: "button", textContent, onclick }));
			}
		} else begun = 0;
		if (verdict === "received") form.reset();
	};
	const send = async (sure, by) => {
		if (busy) return;
		busy = true;
		says.textContent = form.dataset.facteur;
		for (const e of field) e.ariaInvalid = null;
		try {
			const { old, stamp, work } = await ahead();
			await wait(old - Date.now());
			const solution = await Promise.race([work, wait(2e4)]) ?? ""; // ms; without its work the letter leaves later
			if (ours) {
				ours.value = stamp;
				field.solution.value = solution;
				return post(by);
			}
			const body = JSON.stringify({ email: email.value, newsletters: new FormData(form).getAll("newsletter"),
				sure, stamp, solution, website: trap.value, wording: field.wording.value });
			tell(await api("subscriptions", { method: "POST", headers: { "Content-Type": "application/json" }, body }));
		} catch {
			post(by);
		}
		busy = false;
	};
	form.addEventListener("focusin", ahead);
	form.onsubmit = (e) => { e.preventDefault(); send(false, e.submitter); };
	addEventListener("pageshow", () => busy = false);
	if (ours) ahead();
}
}
