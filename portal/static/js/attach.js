/* Photos and a voice beside words: chosen or spoken, kept on this phone, and sent when there is a
   line. The form works without this file. A room takes them out of the tray and sends them itself. */
const LONG_SIDE = 1600;

const make = (tag, facts, ...inside) => {
  const made = Object.assign(document.createElement(tag), facts);
  made.append(...inside);
  return made;
};

// A photo smaller, upright and without what the phone wrote into it; as it is, where that fails.
async function shrink(file) {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONG_SIDE / Math.max(picture.width, picture.height));
    const paper = make("canvas", {
      width: Math.round(picture.width * scale),
      height: Math.round(picture.height * scale),
    });
    paper.getContext("2d").drawImage(picture, 0, 0, paper.width, paper.height);
    const small = await new Promise((done) => paper.toBlob(done, "image/jpeg", 0.82));
    return small && small.size < file.size ? small : file;
  } catch {
    return file;
  }
}

async function load(address) {
  for (let tries = 0; ; tries += 1) {
    try {
      return await import(tries ? `${address}&again=${tries}` : address);
    } catch {
      await new Promise((done) => setTimeout(done, 500 * 2 ** Math.min(tries, 5)));
    }
  }
}

export function view(file) {
  const url = URL.createObjectURL(file.blob);
  if (file.kind === "photo") return make("img", { src: url, alt: "", className: "own-photo" });
  return make("audio", { src: url, controls: true });
}

// The key of what was last sent from a tray (draft.js); nothing where a window keeps nothing.
function lastSent(tray) {
  try {
    return localStorage[`sent ${tray}`];
  } catch {
    return null;
  }
}

export async function attachments(form) {
  const box = form.querySelector(".attach");
  const words = box.dataset;
  const { newKey, keep, drop, list, clear } = await load(words.outbox);
  const place = `tray ${form.dataset.tray}`;
  const tray = make("ul", { className: "media tray" });
  const note = make("p", { className: "small" });
  note.setAttribute("role", "status");
  const plain = box.querySelector(".plain");
  const photos = box.querySelector("input[name=photos]");
  const stays = box.querySelector("input[name=keep_place]");
  const files = [];
  plain.before(tray, note);

  function show(file) {
    const old = tray.querySelector(`[data-key="${file.key}"]`);
    const remove = make("button", { type: "button", className: "quiet", textContent: words.remove });
    remove.onclick = () => take(file.key);
    const item = make("li", { className: file.kind }, view(file), remove);
    item.dataset.key = file.key;
    if (file.kind === "voice") {
      const typed = make("textarea", { rows: 2, maxLength: 1000, value: file.transcript || "" });
      typed.setAttribute("aria-label", words.transcript);
      typed.placeholder = words.transcript;
      typed.oninput = () => ((file.transcript = typed.value), keep(file));
      item.append(typed);
    }
    old ? old.replaceWith(item) : tray.append(item);
    box.open = true;
  }

  function take(key) {
    const at = files.findIndex((file) => file.key === key);
    if (at >= 0) files.splice(at, 1);
    tray.querySelector(`[data-key="${key}"]`)?.remove();
    return drop(key);
  }

  async function add(file) {
    if (files.length >= 6) return (note.textContent = words.many);
    files.push(file);
    await keep(file);
    note.textContent = words.kept;
    show(file);
  }

  photos.addEventListener("change", async () => {
    for (const one of [...photos.files]) {
      const blob = stays.checked ? one : await shrink(one);
      await add({ key: newKey(), box: place, kind: "photo", blob, keep_place: stays.checked });
    }
    photos.value = "";
  });

  const { canRecord, recorder } = await load(words.recorder);
  if (canRecord()) {
    const button = make("button", { type: "button", className: "talk-button", textContent: words.hold });
    plain.hidden = true;
    plain.before(make("div", { className: "field" }, button, make("p", { className: "hint", textContent: words.how })));
    let now = null; // what is being said
    const piece = async (blob, seconds) => {
      now ??= { key: newKey(), box: place, kind: "voice" };
      Object.assign(now, { blob, seconds });
      await keep(now);
    };
    recorder(button, { hold: words.hold, stop: words.stop, refused: words.refused }, {
      onpiece: piece,
      onend: async (blob, seconds) => {
        const said = now;
        now = null;
        if (blob.size && said) await add(Object.assign(said, { blob, seconds }));
      },
      onfail: (why) => {
        plain.hidden = false;
        note.textContent = why;
      },
    });
  }

  const sent = lastSent(form.dataset.tray);
  if (sent) await clear(place, sent); // what the page after the sending had no time for
  const named = new Set(form.elements.media.value.split(" "));
  for (const file of await list(place)) {
    if (named.has(file.key)) continue; // the server has shown it in the form
    if ("answered" in form.dataset) file.sent = false; // and this one it has no longer
    files.push(file);
    show(file);
  }

  return {
    files,
    note,
    // Hand the files over: from now on somebody else keeps them.
    empty() {
      const taken = files.splice(0);
      tray.replaceChildren();
      note.textContent = "";
      box.open = false;
      return taken;
    },
  };
}

// A form that leads to a page: its files go first, again and again with the same keys.
async function lead(form) {
  const words = form.querySelector(".attach").dataset;
  const { keep, pause, upload } = await load(words.outbox);
  const tray = await attachments(form);
  let busy = false;
  form.addEventListener("submit", async (event) => {
    if (!tray.files.length) return;
    event.preventDefault();
    if (busy) return;
    busy = true;
    for (let tries = 0; tries < 8; tries += 1) {
      tray.note.textContent = words.sending;
      try {
        for (const file of tray.files) {
          const token = form.elements.csrf_token?.value || "";
          const why = file.sent ? null : await upload(words.media, token, file, words.ended);
          if (why) {
            tray.note.textContent = why;
            busy = false;
            return;
          }
          await keep(Object.assign(file, { sent: true, form: form.elements.key.value }));
        }
        const before = form.elements.media.value.split(" ").filter(Boolean);
        form.elements.media.value = [...before, ...tray.files.map((file) => file.key)].join(" ");
        return HTMLFormElement.prototype.submit.call(form);
      } catch {
        tray.note.textContent = words.waiting;
        await new Promise((done) => setTimeout(done, pause(tries)));
      }
    }
    tray.note.textContent = words.failed;
    busy = false;
  });
}

for (const form of document.querySelectorAll("form[data-tray]:not([data-room])")) lead(form);
