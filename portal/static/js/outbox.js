/* What was written, photographed or spoken waits on this phone until the server has it. Each thing
   has a key of its own, so that it can be sent as often as the line needs and arrives once. */
const SHELF = "things";
const memory = new Map(); // for windows in which a browser keeps nothing
let opened;
let last = 0;

function open() {
  opened ??= new Promise((done, fail) => {
    const asked = indexedDB.open("outbox", 1);
    asked.onupgradeneeded = () =>
      asked.result.createObjectStore(SHELF, { keyPath: "key" }).createIndex("box", "box");
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
  return opened;
}

async function turn(mode, deed) {
  const base = await open();
  return new Promise((done, fail) => {
    const work = base.transaction(SHELF, mode);
    const asked = deed(work.objectStore(SHELF));
    work.oncomplete = () => done(asked.result);
    work.onerror = work.onabort = () => fail(work.error);
  });
}

export const newKey = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");

export async function keep(one) {
  one.at ??= last = Math.max(last + 1, Date.now());
  try {
    await turn("readwrite", (shelf) => shelf.put(one));
  } catch {
    memory.set(one.key, one);
  }
}

export async function drop(key) {
  memory.delete(key);
  await turn("readwrite", (shelf) => shelf.delete(key)).catch(() => {});
}

export async function list(box) {
  const kept = await turn("readonly", (shelf) => shelf.index("box").getAll(box)).catch(() => []);
  const here = [...memory.values()].filter((one) => one.box === box);
  return [...kept, ...here].sort((a, b) => a.at - b.at);
}

// Forget what went with the form of this key.
export async function clear(box, form) {
  for (const one of await list(box)) if (one.form === form) await drop(one.key);
}

// How long to wait before the next try: soon, then less and less often.
export const pause = (tries) => Math.min(15000, 1500 * 2 ** tries) * (0.75 + Math.random() / 2);

export async function post(address, fields, bytes = 0, headers = {}) {
  const signal = AbortSignal.timeout(20000 + bytes / 4); // a line of 4 kB/s is bad, and still a line
  const answer = await fetch(address, { method: "POST", body: fields, headers, signal });
  const words = await answer.text(); // cut in the middle, it is no answer
  if (answer.status >= 500) throw new Error(words);
  return {
    status: answer.status,
    words: [422, 429].includes(answer.status) ? words : "",
    page: words,
    isEnded: answer.redirected || [400, 401].includes(answer.status), // signed out
    isGone: answer.headers.get("X-Refused") === "not-here", // a file that the server had is swept away
  };
}

// Send one file; nothing where the server has it, else why it is not taken: for whoever is signed out
// these words. Throws without a line.
export async function upload(address, token, file, ended) {
  const fields = new FormData();
  fields.set("csrf_token", token);
  fields.set("key", file.key);
  fields.set("file", file.blob, "file");
  if (file.transcript) fields.set("transcript", file.transcript);
  if (file.keep_place) fields.set("keep_place", "y");
  const answer = await post(address, fields, file.blob.size);
  if (answer.status === 201) return null;
  return answer.isEnded ? ended : answer.words || `${answer.status}`;
}
