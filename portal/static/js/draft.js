/* Keep what is being written: on this phone at once, and on the server as soon as there is a line. */
const here = import.meta.url;
const me = [...document.scripts].find((script) => script.src === here);
const read = (name) => {
  try {
    return JSON.parse(localStorage[name]);
  } catch {
    return null;
  }
};

// What was sent with this key is no draft any more; what was begun since then stays. The key is
// written down at once: emptying the tray takes a moment and a line, and else its next opening does it.
if (me?.dataset.sent) {
  const { sent, draft, outbox } = me.dataset;
  if (read(`draft ${draft}`)?.key === sent) localStorage.removeItem(`draft ${draft}`);
  if (outbox) import(outbox).then(({ clear }) => clear(`tray ${draft}`, sent)).catch(() => {});
  try {
    if (outbox) localStorage[`sent ${draft}`] = sent;
  } catch {
    // a window that keeps nothing has no tray to empty later
  }
}

for (const form of document.querySelectorAll("form[data-draft]")) {
  const name = `draft ${form.dataset.draft}`;
  const { key, seen } = form.elements;
  const fields = (form.dataset.fields ?? "body").split(" ").map((field) => form.elements[field]);
  const note = document.createElement("p");
  note.className = "kept soft small";
  note.setAttribute("role", "status");
  fields.at(-1).after(note);

  const words = () => Object.fromEntries(fields.map((field) => [field.name, field.value]));
  const isSame = (some) => fields.every((one) => one.value.trim() === some?.[one.name]?.trim());
  const isEmpty = () => fields.every((field) => !field.value);
  const write = (more) => (localStorage[name] = JSON.stringify({ ...read(name), ...more }));
  const isMine = () => read(name)?.key === key.value; // not begun in another window since then
  const keepHere = () => {
    write({ words: words(), key: key.value, seen: seen?.value, unsaved: true });
    note.textContent = isEmpty() ? "" : form.dataset.saved;
  };
  let asking = false;
  const keepThere = async () => {
    if (asking || !form.dataset.keep || !isMine() || !read(name).unsaved) return;
    asking = true;
    const sent = words();
    try {
      const body = new FormData();
      for (const part of ["csrf_token", "key", "about", "body", "seen"]) {
        body.append(part, form.elements[part].value);
      }
      const headers = { Accept: "application/json" };
      const answer = await fetch(form.dataset.keep, { method: "POST", body, headers, keepalive: true });
      if (!answer.ok || answer.redirected) return;
      const { revision, whole } = await answer.json();
      seen.value = revision;
      const isKept = isSame(sent) && whole;
      if (isMine()) write({ seen: revision, unsaved: !isKept });
      if (isKept) note.textContent = isEmpty() ? "" : form.dataset.kept;
    } catch {
      // no line: the phone has it, and asks again with the next letter or when the line is back
    } finally {
      asking = false;
    }
  };

  // What this phone could not hand over yet is the newest; what it could is told by the server.
  const isAnswered = "answered" in form.dataset;
  if (read(name)?.unsaved && isSame(read(name).words) && !isAnswered) write({ unsaved: false });
  const own = read(name);
  if (own?.unsaved && Object.values(own.words).some(Boolean) && !isAnswered) {
    if (seen) seen.value = own.seen ?? 0;
    for (const field of fields) field.value = own.words[field.name] ?? "";
    write({ key: key.value });
    note.textContent = form.dataset.saved;
    keepThere();
  } else if (!isEmpty() && !isAnswered) note.textContent = form.dataset.kept ?? "";

  let timers = [];
  form.addEventListener("input", (event) => {
    if (!fields.includes(event.target)) return;
    timers.forEach(clearTimeout);
    timers = [setTimeout(keepHere, 400), setTimeout(keepThere, 2000)];
  });
  form.addEventListener("submit", () => {
    if (isSame(read(name)?.words)) write({ key: key.value });
  });
  window.addEventListener("online", keepThere);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden" || !timers.length) return;
    if (!isMine() || !isSame(read(name).words)) keepHere();
    keepThere();
  });
}
