/* Keep what is being written on this phone until the server has it. */
const here = import.meta.url;
const me = [...document.scripts].find((script) => script.src === here);
if (me?.dataset.sent) localStorage.removeItem(`draft ${me.dataset.sent}`);

for (const form of document.querySelectorAll("[data-draft]")) {
  const name = `draft ${form.dataset.draft}`;
  const field = form.querySelector("textarea");
  const note = document.createElement("p");
  note.className = "kept soft small";
  note.setAttribute("role", "status");
  field.after(note);
  if (!field.value && localStorage[name]) {
    field.value = localStorage[name];
    note.textContent = form.dataset.saved;
  }
  let timer;
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      localStorage[name] = field.value;
      note.textContent = field.value ? form.dataset.saved : "";
    }, 400);
  });
}
