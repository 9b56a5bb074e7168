/* A room live: new lines come by event stream, else by asking; what is not yet sent is
   kept on this phone until the server has answered. The page works without this file. */
const talk = document.querySelector("#talk");
const form = document.querySelector("#say");
const place = `${talk.dataset.me} ${location.pathname}`; // a phone may serve two people
let seen = +talk.dataset.revision;
let polling = 0;

const seqs = () => [...talk.querySelectorAll("[data-seq]")];
const first = +(seqs()[0]?.dataset.seq || 0);
const earlier = document.createDocumentFragment(); // lines of an earlier page, where they changed
const isAtEnd = () => scrollY + innerHeight > document.documentElement.scrollHeight - 240;
const toEnd = () => scrollTo(0, document.documentElement.scrollHeight);
const make = (tag, facts, ...inside) => {
  const made = Object.assign(document.createElement(tag), facts);
  made.append(...inside);
  return made;
};

// Take lines as the server wrote them; each stands once, in order, in its newest state. Returns
// how far they reach: heard is that only of what came in order, not of my own words.
function take(html) {
  const stay = isAtEnd();
  let upto = 0;
  const box = make("template", { innerHTML: html });
  for (const line of [...box.content.querySelectorAll("[data-seq]")]) {
    const { seq, revision } = line.dataset;
    upto = Math.max(upto, revision);
    mendTop(line);
    const old = document.getElementById(line.id) || earlier.getElementById(line.id);
    if (old) {
      if (+old.dataset.revision < revision) old.replaceWith(line);
      continue;
    }
    const before = seqs().findLast((one) => +one.dataset.seq < seq);
    if (+seq < first) earlier.append(line);
    else before ? before.after(line) : talk.prepend(line);
  }
  mendQuotes();
  if (stay) toEnd();
  remember();
  return upto;
}

function hear(html, upto = 0) {
  seen = Math.max(seen, take(html), upto);
}

// What the committee puts at the top stands there at once, and goes when it is taken down.
function mendTop(line) {
  const { seq } = line.dataset;
  const bar = document.querySelector(".pins");
  const old = bar?.querySelector(`[data-quotes="${seq}"]`);
  const said = line.querySelector(".said:not(.soft)");
  if (!("pinned" in line.dataset)) old && bar.children.length === 1 ? bar.remove() : old?.remove();
  else if (!old && said) {
    const link = make(
      "a",
      { href: `?at=${seq}#m-${seq}` },
      make("b", { textContent: line.querySelector(".by b").textContent }),
      " ",
      make("span", { textContent: said.textContent.slice(0, 80) }),
    );
    link.dataset.quotes = seq;
    const top = bar || make("aside", { className: "pins", ariaLabel: talk.dataset.top });
    top.prepend(link);
    if (!bar) document.querySelector(".tools").after(top);
  }
}

// A quote says what the quoted line says now, and so does what stands at the top.
function mendQuotes() {
  for (const quote of document.querySelectorAll("[data-quotes]")) {
    const at = `m-${quote.dataset.quotes}`;
    const line = document.getElementById(at) || earlier.getElementById(at);
    const said = line?.querySelector(".said:not(.own)");
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

// On a bad line even a piece of the page may need a second try.
async function load(address) {
  for (let tries = 0; ; tries += 1) {
    try {
      return await import(tries ? `${address}&again=${tries}` : address);
    } catch {
      await new Promise((done) => setTimeout(done, 500 * 2 ** Math.min(tries, 5)));
    }
  }
}

// ---- hearing ----
async function ask() {
  clearTimeout(polling);
  polling = setTimeout(ask, 5000);
  try {
    const answer = await fetch(`${talk.dataset.feed}?after=${seen}`, { redirect: "manual" });
    if (answer.ok) hear(await answer.text());
    else if (answer.status < 404) end(); // led to the sign-in (0), or refused
  } catch { /* no line: the next try comes */ }
}

let from; // the stream, until there is nothing to hear any more
let isOver;
function listen() {
  if (isOver) return;
  from = new EventSource(`${talk.dataset.stream}?after=${seen}`, { withCredentials: true });
  from.onopen = () => clearTimeout(polling);
  from.addEventListener("news", (event) => hear(event.data, +event.lastEventId));
  from.addEventListener("end", end);
  from.onerror = () => {
    if (isOver) return;
    ask();
    if (from.readyState === EventSource.CLOSED) setTimeout(listen, 30000);
  };
}

function end() {
  from?.close();
  clearTimeout(polling);
  if (isOver) return;
  isOver = true;
  talk.append(make("li", { className: "alert", textContent: talk.dataset.ended }));
}

// ---- saying: what is not sent yet lies in the outbox of this phone, with its photos and its voice ----
const box = `outbox ${place}`;
let out, view; // they come a moment later than the page
let tray = { files: [], empty: () => [] }; // whoever speaks in office sends words alone
const ready = form && prepare();
async function prepare() {
  out = await load(form.dataset.outbox);
  const attach = await load(form.dataset.attach);
  view = attach.view;
  if (form.querySelector(".attach")) tray = await attach.attachments(form);
  for (const one of await out.list(box)) show(one, one.refused || form.dataset.waiting, one.refused);
  send();
  addEventListener("online", send);
}
const gone = new Set();
const drop = async (key) => {
  gone.add(key);
  document.getElementById(key)?.remove();
  await out.drop(key);
};

function show(one, words, failed) {
  const state = make("p", { className: "state small" }, words);
  if (failed) {
    state.append(
      make("button", { className: "quiet", textContent: form.dataset.retry, onclick: () => retry(one) }),
      make("button", { className: "quiet", textContent: form.dataset.drop, onclick: () => drop(one.key) }),
    );
  }
  const old = document.getElementById(one.key);
  const said = old?.querySelector(".what") || make("div", { className: "what" });
  if (!old) {
    if (one.body) said.append(make("p", { className: "said", textContent: one.body }));
    const files = one.files.map((file) => make("li", { className: file.kind }, view(file)));
    if (files.length) said.append(make("ul", { className: "media" }, ...files));
  }
  const line = make(
    "li",
    { id: one.key, className: failed ? "pending failed" : "pending" },
    make("article", { className: "bubble mine" }, said, state),
  );
  old ? old.replaceWith(line) : talk.append(line);
}

// What was refused is sent again when somebody says so, and never by itself.
async function retry(one) {
  if (one.refused) await out.keep(Object.assign(one, { refused: "" }));
  send();
}

// Send the files of a message, then the message. Tells why not; throws where the line broke.
async function deliver(one, isAgain) {
  const token = form.elements.csrf_token?.value || "";
  for (const file of one.files) {
    if (file.sent) continue;
    const why = await out.upload(form.dataset.media, token, file, form.dataset.ended);
    if (why) return { status: 422, words: why };
    file.sent = true;
    if (!gone.has(one.key)) await out.keep(one);
  }
  if (gone.has(one.key)) return { isGone: false, isDropped: true };
  const fields = new FormData();
  fields.set("csrf_token", token);
  for (const name of ["key", "body", "show_name", "reply_to"]) if (one[name]) fields.set(name, one[name]);
  if (one.files.length) fields.set("media", one.files.map((file) => file.key).join(" "));
  const answer = await out.post(form.action, fields, 0, { "X-Chat": "1" });
  if (!answer.isGone || isAgain) return answer;
  for (const file of one.files) file.sent = false; // the phone has them still
  return deliver(one, true);
}

let sending;
let more; // something was said while another thing was on its way
let again;
let tries = 0;
async function send() {
  more = sending;
  if (sending) return;
  sending = true;
  clearTimeout(again);
  for (const one of await out.list(box)) {
    if (one.refused || gone.has(one.key)) continue;
    show(one, form.dataset.waiting);
    try {
      const answer = await deliver(one);
      tries = 0;
      if (answer.isDropped) continue;
      if (answer.status === 201) {
        await drop(one.key);
        take(answer.page);
        continue;
      }
      const why = answer.isEnded ? form.dataset.ended : answer.words;
      show(one, `${form.dataset.failed}. ${why}`, true);
      if (answer.status !== 422 || why === form.dataset.ended || gone.has(one.key)) continue;
      one.refused = `${form.dataset.failed}. ${why}`;
      await out.keep(one);
    } catch {
      show(one, form.dataset.failed, true);
      again = setTimeout(send, out.pause(tries));
      tries += 1;
      break;
    }
  }
  sending = false;
  if (more) send();
}

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  await ready;
  const body = form.body.value.trim();
  if (!body && !tray.files.length) return form.body.focus();
  const files = tray.empty();
  const one = { key: out.newKey(), box, body, files, show_name: form.show_name?.checked ? "y" : "", reply_to: form.reply_to.value };
  form.body.value = "";
  answer();
  show(one, form.dataset.waiting);
  toEnd();
  await out.keep(one);
  for (const file of files) await out.drop(file.key); // they lie in the message now
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
listen();
