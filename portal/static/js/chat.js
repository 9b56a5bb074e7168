/* A room live: new lines come by event stream, else by asking; what is not yet sent is
   kept on this phone until the server has answered. The page works without this file. */
const talk = document.querySelector("#talk");
const form = document.querySelector("#say");
const place = `${talk.dataset.me} ${location.pathname}`; // a phone may serve two people
let seen = +talk.dataset.revision;
let polling = 0;

const seqs = () => [...talk.querySelectorAll("[data-seq]")];
const isAtEnd = () => scrollY + innerHeight > document.documentElement.scrollHeight - 240;
const toEnd = () => scrollTo(0, document.documentElement.scrollHeight);
const make = (tag, facts, ...inside) => {
  const made = Object.assign(document.createElement(tag), facts);
  made.append(...inside);
  return made;
};

// Take lines as the server wrote them; each stands once, in order, in its newest state.
function take(html) {
  const stay = isAtEnd();
  const box = make("template", { innerHTML: html });
  for (const line of [...box.content.querySelectorAll("[data-seq]")]) {
    const { seq, revision } = line.dataset;
    seen = Math.max(seen, revision);
    const old = document.getElementById(line.id);
    if (old) {
      if (+old.dataset.revision < revision) old.replaceWith(line);
      continue;
    }
    const all = seqs();
    if (all.length && +seq < all[0].dataset.seq) continue; // it stands on an earlier page
    const before = all.findLast((one) => +one.dataset.seq < seq);
    before ? before.after(line) : talk.prepend(line);
  }
  mendQuotes();
  if (stay) toEnd();
  remember();
}

// A quote says what the quoted line says now.
function mendQuotes() {
  for (const quote of talk.querySelectorAll("[data-quotes]")) {
    const said = document.querySelector(`#m-${quote.dataset.quotes} .said:not(.own)`);
    if (said) quote.querySelector("span").textContent = said.textContent.slice(0, 60);
  }
}

// Tell the server how far I have read, for my own badge; nobody else ever sees it.
let told = +talk.dataset.read;
let telling;
function remember() {
  const paper = document.querySelector("#read");
  if (paper) paper.hidden = true;
  clearTimeout(telling);
  telling = setTimeout(tell, 1500);
}

function tell() {
  const last = +(seqs().at(-1)?.dataset.seq || 0);
  if (document.hidden || last <= told) return;
  const fields = new FormData();
  fields.set("csrf_token", talk.dataset.token);
  fields.set("seq", last);
  fields.set("by_script", "1");
  if (navigator.sendBeacon(talk.dataset.tell, fields)) told = last;
}

// ---- hearing ----
async function ask() {
  clearTimeout(polling);
  polling = setTimeout(ask, 5000);
  try {
    const answer = await fetch(`${talk.dataset.feed}?after=${seen}`, { redirect: "manual" });
    if (answer.ok) take(await answer.text());
    else if (answer.status < 404) end(); // led to the sign-in (0), or refused
  } catch { /* no line: the next try comes */ }
}

function listen() {
  const from = new EventSource(`${talk.dataset.stream}?after=${seen}`, { withCredentials: true });
  from.onopen = () => clearTimeout(polling);
  from.addEventListener("news", (event) => take(event.data));
  from.addEventListener("end", () => (from.close(), end()));
  from.onerror = () => {
    ask();
    if (from.readyState === EventSource.CLOSED) setTimeout(listen, 30000);
  };
}

function end() {
  clearTimeout(polling);
  talk.append(make("li", { className: "alert", textContent: talk.dataset.ended }));
}

// ---- saying ----
const box = `outbox ${place}`;
const waiting = () => JSON.parse(localStorage[box] || "[]");
const keep = (all) => (localStorage[box] = JSON.stringify(all));
const drop = (key) => {
  keep(waiting().filter((one) => one.key !== key));
  document.getElementById(key)?.remove();
};

function show(one, words, failed) {
  const state = make("p", { className: "state small" }, words);
  if (failed) {
    state.append(
      make("button", { className: "quiet", textContent: form.dataset.retry, onclick: send }),
      make("button", { className: "quiet", textContent: form.dataset.drop, onclick: () => drop(one.key) }),
    );
  }
  const said = make("p", { className: "said", textContent: one.body });
  const line = make(
    "li",
    { id: one.key, className: failed ? "pending failed" : "pending" },
    make("article", { className: "bubble mine" }, said, state),
  );
  const old = document.getElementById(one.key);
  old ? old.replaceWith(line) : talk.append(line);
}

let sending;
async function send() {
  if (sending) return;
  sending = true;
  for (const one of waiting()) {
    show(one, form.dataset.waiting);
    const fields = new FormData(form);
    for (const name of ["key", "body", "show_name", "reply_to"]) fields.delete(name);
    for (const [name, value] of Object.entries(one)) if (value) fields.set(name, value);
    try {
      const headers = { "X-Chat": "1" };
      const answer = await fetch(form.action, { method: "POST", body: fields, headers });
      const words = await answer.text();
      if (answer.status === 201) {
        drop(one.key);
        take(words);
        continue;
      }
      show(one, `${form.dataset.failed}. ${answer.status === 422 || answer.status === 429 ? words : ""}`, true);
    } catch {
      show(one, form.dataset.failed, true);
      setTimeout(send, 8000);
      break;
    }
  }
  sending = false;
}

const newKey = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  const body = form.body.value.trim();
  if (!body) return form.body.focus();
  const one = { key: newKey(), body, show_name: form.show_name.checked ? "y" : "", reply_to: form.reply_to.value };
  keep([...waiting(), one]);
  form.body.value = "";
  answer();
  show(one, form.dataset.waiting);
  toEnd();
  send();
});

// ---- answering ----
function answer(line) {
  const bar = document.querySelector("#answering");
  bar.hidden = !line;
  form.reply_to.value = line ? line.dataset.seq : "";
  bar.firstElementChild.textContent = line
    ? `${line.querySelector(".by b").textContent}: ${line.querySelector(".said").textContent.slice(0, 40)}`
    : "";
}
if (form) {
  talk.addEventListener("click", (event) => {
    const link = event.target.closest("[data-reply]");
    if (!link) return;
    event.preventDefault();
    answer(link.closest("li"));
    form.body.focus();
  });
  document.querySelector("#answering a").addEventListener("click", (event) => {
    event.preventDefault();
    answer();
  });
}
form?.body.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  if (!matchMedia("(pointer: fine)").matches) return;
  event.preventDefault();
  form.requestSubmit();
});

// ---- arriving: at the first line that is new to me, else at the end ----
const mark = document.querySelector("#unread");
if (mark && !location.hash.startsWith("#m-")) mark.scrollIntoView();
else if (!location.hash || location.hash === "#newest") toEnd();
remember();
addEventListener("visibilitychange", remember);
addEventListener("pagehide", tell);
if (form) {
  for (const one of waiting()) show(one, form.dataset.waiting);
  send();
  addEventListener("online", send);
}
listen();
