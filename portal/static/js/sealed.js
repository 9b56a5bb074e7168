/* A secret vote: the paper is written, sealed and kept here; only the envelope leaves this phone.

   No field of the paper has a name, so no form can send it. What is kept until the receipt has come
   is the envelope and its key, never the choice: a reload, a lost answer, a double tap or a closed
   browser sends the same envelope again, and it counts once. */
if (typeof sealedBox === "undefined") throw new Error("nothing to seal with: the page says so");
const page = document.querySelector("#sealed");
const facts = page.dataset;
const form = page.querySelector("form");
const place = `sealed ${facts.ballot} ${facts.whose}`; // a phone may serve two people
const WAITS = [0, 2, 4, 8, 15, 30]; // seconds before each try; then a button
const PATIENCE = 20000;

const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
const hex = (some) => [...some].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const text = (some) => btoa(String.fromCharCode(...some));
const random = (count) => crypto.getRandomValues(new Uint8Array(count));
const options = [...page.querySelectorAll("[data-option]")];
const inputs = options.map((option) => option.querySelector("input"));
const only = ["yes-no", "single"].includes(facts.kind);

function show(part) {
  for (const one of page.querySelectorAll("[data-part]")) one.hidden = one.dataset.part !== part;
  page.querySelector(`[data-part=${part}] h2`)?.focus();
  scrollTo(0, 0);
}

// ---- the paper ----
let ranked = []; // indices in the order they were tapped

function values() {
  if (facts.kind === "ranked") return inputs.map((_, at) => ranked.indexOf(at) + 1);
  if (facts.kind === "score") return inputs.map((input) => Math.trunc(+input.value || 0));
  return inputs.map((input) => +input.checked);
}

const cost = (paper) => paper.reduce((sum, value, at) => sum + (value ? +options[at].dataset.cost : 0), 0);
const fill = (words, found) => words.replace(/{(\w+)}/g, (_, name) => found[name]);
// An amount as people say it: in Chinese by the ten thousand (plans/words.py says it the same).
const yuan = (sum) => {
  const { lang } = document.documentElement;
  const say = (n) => new Intl.NumberFormat(lang, { maximumFractionDigits: 2 }).format(n);
  if (!lang.startsWith("zh")) return `${say(sum)} yuan`;
  return sum < 10_000 ? `${say(sum)} 元` : `${say(sum / 10_000)} 万元`;
};

// Why this paper would not count, in words, or nothing.
function fault(paper) {
  const chosen = paper.filter(Boolean).length;
  const points = paper.reduce((sum, value) => sum + value, 0);
  const most = +facts.most;
  if (!chosen) return facts.none;
  if (chosen > most) return fill(facts.over, { n: chosen, most });
  if (chosen < +facts.least) return fill(facts.under, { n: chosen, least: facts.least });
  if (facts.kind === "score" && paper.some((value) => value < 0 || value > +facts.score)) {
    return fill(facts.outside, { most: facts.score });
  }
  if (facts.points && points > +facts.points) return fill(facts.pointsOver, { n: points, most: facts.points });
  if (facts.budget && cost(paper) > +facts.budget) {
    return fill(facts.budgetOver, { n: yuan(cost(paper) - facts.budget) });
  }
  return "";
}

// Say how the paper stands, as it is written.
function tell() {
  const paper = values();
  const chosen = paper.filter(Boolean).length;
  options.forEach((option, at) => {
    const badge = option.querySelector(".place");
    if (badge) badge.textContent = paper[at] ? fill(facts.place, { n: paper[at] }) : "";
  });
  const line = page.querySelector(".tally-line");
  const wrong = chosen ? fault(paper) : "";
  line.hidden = !chosen || only;
  line.classList.toggle("over", Boolean(wrong) && chosen >= +facts.least);
  const points = paper.reduce((sum, value) => sum + value, 0);
  const left = { n: chosen, most: facts.most, points, total: facts.points };
  if (facts.budget) Object.assign(left, { sum: yuan(cost(paper)), left: yuan(facts.budget - cost(paper)) });
  line.querySelector("span").textContent = (chosen >= +facts.least && wrong) || fill(facts.tally, left);
  const bar = line.querySelector("progress");
  if (bar) bar.value = facts.budget ? cost(paper) : points;
  page.querySelector(".error").hidden = true;
}

inputs.forEach((input, at) => {
  input.addEventListener("input", () => {
    if (only) inputs.forEach((other) => (other.checked = other === input));
    if (facts.kind === "ranked") {
      ranked = ranked.filter((one) => one !== at);
      if (input.checked) ranked.push(at);
    }
    tell();
  });
  for (const step of options[at].querySelectorAll("[data-step]")) {
    step.addEventListener("click", () => {
      const next = (+input.value || 0) + +step.dataset.step;
      input.value = Math.min(Math.max(next, 0), +facts.score);
      tell();
    });
  }
});

const named = (paper) =>
  paper
    .map((value, at) => [value, options[at].dataset.option])
    .filter(([value]) => value)
    .sort(([one], [other]) => (facts.kind === "ranked" ? one - other : 0))
    .map(([value, name]) => (facts.kind === "score" ? fill(facts.given, { name, n: value }) : name));

page.querySelector("[data-go]").addEventListener("click", () => {
  const paper = values();
  const wrong = fault(paper);
  const line = page.querySelector(".error");
  line.hidden = !wrong;
  line.querySelector("span").textContent = wrong;
  if (wrong) return line.scrollIntoView({ block: "center" });
  const names = named(paper);
  const list = page.querySelector(facts.kind === "ranked" ? ".picked ol" : ".picked ul");
  const single = names.length === 1 && facts.kind !== "score";
  page.querySelector(".big-choice").textContent = single ? names[0] : "";
  list.replaceChildren(
    ...(single ? [] : names).map((name) => Object.assign(document.createElement("li"), { textContent: name })),
  );
  page.querySelector("[data-sentence]").textContent = single ? fill(facts.sentence, { name: names[0] }) : facts.final;
  show("confirm");
});
page.querySelector("[data-back]").addEventListener("click", () => show("choose"));

// ---- the envelope ----
let kept = null; // where the browser keeps nothing, as long as this page is open
const read = () => {
  try {
    return JSON.parse(localStorage[place] || "null") || kept;
  } catch {
    return kept;
  }
};
function keep(what) {
  kept = what;
  try {
    if (what) localStorage[place] = JSON.stringify(what);
    else localStorage.removeItem(place);
  } catch { /* private browsing: it stays in memory */ }
}

function seal(paper) {
  const plain = random(128);
  plain[0] = 1;
  plain.set(bytes(facts.manifest).subarray(0, 16), 1);
  plain[17] = paper.length;
  plain.set(paper, 18);
  const envelope = sealedBox.seal(plain, bytes(facts.key));
  plain.fill(0);
  return { key: hex(random(24)), envelope: text(envelope) };
}

function forget() {
  ranked = [];
  inputs.forEach((input) => {
    input.checked = false;
    input.value = input.type === "number" ? 0 : input.value;
  });
  for (const place of page.querySelectorAll(".big-choice, .picked ul, .picked ol, [data-sentence]")) place.replaceChildren();
}

page.querySelector("[data-hand-in]").addEventListener("click", () => {
  if (!read()) keep(seal(values())); // what another tab has sealed stays: a vote is final
  forget();
  send();
});

// ---- sending ----
let tries = 0;
let timer = 0;
let sending = false;

async function send() {
  const vote = read();
  if (!vote?.envelope || sending) return;
  sending = true;
  clearTimeout(timer);
  show("sending");
  const fields = new FormData(form);
  fields.set("key", vote.key);
  fields.set("envelope", vote.envelope);
  const late = new AbortController();
  const clock = setTimeout(() => late.abort(), PATIENCE);
  try {
    const answer = await fetch(form.action, { method: "POST", body: fields, redirect: "manual", signal: late.signal });
    if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) return show("signed-out");
    const said = await answer.json();
    if (answer.ok && isPromised(said)) return counted(said);
    if (!said.reason) throw new Error(answer.status);
    if (said.reason === "other-person") return show("signed-out");
    keep(null); // it can never be counted: the village says why
    page.querySelector("[data-reason]").textContent = said.words;
    return show("refused");
  } catch {
    later();
  } finally {
    clearTimeout(clock);
    sending = false;
  }
}

function later() {
  show("waiting");
  tries += 1;
  const again = tries < WAITS.length;
  page.querySelector("[data-trying]").hidden = !again;
  page.querySelector("[data-stopped]").hidden = again;
  if (again) timer = setTimeout(send, WAITS[tries] * 1000 * (0.75 + Math.random() / 2));
}

function isPromised({ receipt, promise }) {
  const message = new TextEncoder().encode(`promise|${facts.manifest}|${receipt}`);
  return sealedBox.isSigned(message, bytes(promise), bytes(facts.house));
}

function counted({ receipt, code, promise }) {
  keep({ receipt, code, promise });
  const parts = code.match(/.{4}/g).map((part) => Object.assign(document.createElement("span"), { textContent: part }));
  page.querySelector("[data-code]").replaceChildren(...parts);
  page.querySelector("[data-digest]").textContent = receipt;
  page.querySelector("[data-promise]").textContent = promise;
  show("receipt");
}

page.querySelector("[data-again]").addEventListener("click", () => location.reload());
addEventListener("online", send);
document.addEventListener("visibilitychange", () => document.hidden || (tries && send()));

// ---- arriving ----
const before = read();
if (facts.receipt) counted({ receipt: facts.receipt, code: facts.code, promise: facts.promise });
else if (before?.receipt) counted(before);
else if (before?.envelope) send();
else if (facts.may) show("choose");
else show("refused");
