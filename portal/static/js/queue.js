// Counts what is decided on a page of the queue, and lets the keyboard decide.
// Without it the same radio buttons and the same two ways of handing in do it all.
const form = document.querySelector("form.queue");
const line = form.querySelector(".sofar");
const cards = [...form.querySelectorAll("article")];
const decided = (card) => card.querySelector("input[type=radio]:checked")?.value ?? "";

function tell() {
  const open = cards.filter((card) => card.querySelector("input[type=radio]"));
  const through = open.filter((card) => decided(card) === "approve").length;
  const hidden = open.filter((card) => decided(card) && decided(card) !== "approve").length;
  const facts = { through, hidden, left: open.length - through - hidden };
  line.textContent = line.dataset.words.replace(/{(\w+)}/g, (_, name) => facts[name]);
  line.hidden = through + hidden === 0;
}

function go(step) {
  const at = cards.findIndex((card) => card.contains(document.activeElement));
  const next = cards[Math.min(Math.max(at + step, 0), cards.length - 1)];
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "center" });
}

function choose(card, value) {
  const button = [...card.querySelectorAll("input[type=radio]")].find((one) => one.value === value);
  if (!button) return;
  button.checked = true;
  tell();
}

function decide(key) {
  const card = document.activeElement.closest?.("form.queue article");
  if (!card) return;
  const why = card.querySelector("details");
  const codes = [...card.querySelectorAll(".codes input")].map((one) => one.value);
  if (key === "h" && why) why.open = true;
  if (key === "u") choose(card, "");
  if (key === "a") choose(card, "approve");
  if (/[1-9]/.test(key) && why?.open && codes[key - 1]) choose(card, codes[key - 1]);
  else if (key !== "a") return;
  go(1);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("textarea, select")) return;
  const key = event.key.toLowerCase();
  if (key === "j" || key === "k") go(key === "j" ? 1 : -1);
  else decide(key);
});
form.addEventListener("change", tell);
tell(); // the browser may have kept what was chosen before
