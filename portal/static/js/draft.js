/* Keep what is being written: on this phone at once, and on the server as soon as there is a line. */
const here = import.meta.url;
const me = [...document.scripts].find((script) => script.src === here);
if (me?.dataset.sent) {
  for (const part of ["", " seen", " unsaved"]) localStorage.removeItem(`draft ${me.dataset.sent}${part}`);
  if (me.dataset.outbox) import(me.dataset.outbox).then(({ clear }) => clear(`tray ${me.dataset.sent}`));
}

for (const form of document.querySelectorAll("[data-draft]")) {
  const name = `draft ${form.dataset.draft}`;
  const field = form.querySelector("textarea");
  const { seen } = form.elements;
  const note = document.createElement("p");
  note.className = "kept soft small";
  note.setAttribute("role", "status");
  field.after(note);

  const keepHere = () => {
    localStorage[name] = field.value;
    localStorage[`${name} seen`] = seen.value;
    localStorage[`${name} unsaved`] = "1";
    note.textContent = field.value ? form.dataset.saved : "";
  };
  let asking = false;
  const keepThere = async () => {
    if (asking || !localStorage[`${name} unsaved`]) return;
    asking = true;
    const sent = field.value;
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
      localStorage[`${name} seen`] = revision;
      if (field.value === sent && whole) {
        localStorage.removeItem(`${name} unsaved`);
        note.textContent = sent ? form.dataset.kept : "";
      }
    } catch {
      // no line: the phone has it, and asks again with the next letter or when the line is back
    } finally {
      asking = false;
    }
  };

  // What this phone could not hand over yet is the newest; what it could is told by the server.
  const own = localStorage[name];
  if (own && localStorage[`${name} unsaved`] && !("answered" in form.dataset)) {
    if (own !== field.value) seen.value = localStorage[`${name} seen`] ?? 0;
    field.value = own;
    note.textContent = form.dataset.saved;
    keepThere();
  } else if (field.value && !("answered" in form.dataset)) note.textContent = form.dataset.kept;

  let timers = [];
  field.addEventListener("input", () => {
    timers.forEach(clearTimeout);
    timers = [setTimeout(keepHere, 400), setTimeout(keepThere, 2000)];
  });
  window.addEventListener("online", keepThere);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden" || !timers.length) return;
    if (field.value !== localStorage[name]) keepHere();
    keepThere();
  });
}
