// Helps to fill in a paper: counts ticks and money, ranks by tapping, steps points up and down.
// Without it the same fields are filled in by hand, and the server says the same.
const form = document.querySelector("form[data-paper]");
const line = form?.querySelector(".tally-line");
const facts = form?.dataset;
const fill = (words, found) => words.replace(/{(\w+)}/g, (_, name) => found[name]);
// An amount as people say it: in Chinese by the ten thousand (plans/words.py says it the same).
const yuan = (sum) => {
  const { lang } = document.documentElement;
  const say = (n) => new Intl.NumberFormat(lang, { maximumFractionDigits: 2 }).format(n);
  if (!lang.startsWith("zh")) return `${say(sum)} yuan`;
  return sum < 10_000 ? `${say(sum)} 元` : `${say(sum / 10_000)} 万元`;
};
const element = (name, facts) => Object.assign(document.createElement(name), facts);
const rows = [...(form?.querySelectorAll(".valued") ?? [])];
const fields = rows.map((row) => row.querySelector("select, input"));

function say(words, over, used) {
  line.classList.toggle("over", over);
  line.querySelector("span").textContent = words;
  const bar = line.querySelector("progress");
  if (bar) bar.value = used;
}

function tellTicks() {
  const ticked = [...form.querySelectorAll("input[name=chosen]:checked")];
  const n = ticked.length;
  line.hidden = n === 0;
  if (n > +facts.most) return say(fill(line.dataset.many, { n: `${n} / ${facts.most}` }), true, 0);
  const shown = facts.paper === "approval" && +facts.most < form.querySelectorAll("input[name=chosen]").length ? `${n} / ${facts.most}` : n;
  if (!facts.budget) return say(fill(line.dataset.words, { n: shown }), false, 0);
  const costs = Object.fromEntries(facts.costs.split(" ").map((pair) => pair.split(":")));
  const sum = ticked.reduce((all, input) => all + +costs[input.value], 0);
  const left = +facts.budget - sum;
  const found = { n, sum: yuan(sum), left: yuan(left), over: yuan(-left) };
  say(fill(left < 0 ? line.dataset.over : line.dataset.words, found), left < 0, sum);
}

function tellPoints() {
  const values = fields.map((field) => Math.trunc(+field.value || 0));
  const sum = values.reduce((one, other) => one + other, 0);
  const n = values.filter(Boolean).length;
  line.hidden = n === 0;
  const over = (facts.points && sum > +facts.points) || values.some((value) => value < 0 || value > +facts.greatest);
  say(fill(over ? line.dataset.over : line.dataset.words, { n, sum, total: facts.points, greatest: facts.greatest }), Boolean(over), sum);
}

// Points: a button on each side of the number.
function step(row, field) {
  const name = row.querySelector("b").textContent;
  const box = element("span", { className: "stepper" });
  field.replaceWith(box);
  const button = (sign, by, words) => {
    const made = element("button", { type: "button", className: "quiet", textContent: sign });
    made.setAttribute("aria-label", fill(words, { name }));
    made.addEventListener("click", () => {
      const next = (Math.trunc(+field.value) || 0) + by;
      field.value = Math.min(Math.max(next, 0), +facts.greatest);
      tellPoints();
    });
    return made;
  };
  box.append(button("−", -1, line.dataset.less), field, button("+", 1, line.dataset.more));
  field.addEventListener("input", tellPoints);
}

// Places: the whole row is tapped, in order; tapped again, it is out and the others move up.
let order = [];

function rank(row, field, at) {
  const label = row.querySelector("label");
  const tap = element("button", { type: "button", className: "tap" });
  tap.append(...label.childNodes, element("span", { className: "place" }));
  label.hidden = field.hidden = true;
  row.prepend(tap);
  row.classList.add("tapped");
  tap.addEventListener("click", () => {
    if (order.includes(at)) order = order.filter((one) => one !== at);
    else if (order.length < +facts.most) order.push(at);
    else return tellPlaces(true);
    tellPlaces();
  });
}

function tellPlaces(full = false) {
  fields.forEach((field, at) => {
    const place = order.indexOf(at) + 1;
    field.value = place ? String(place) : "";
    const tap = rows[at].querySelector(".tap");
    tap.setAttribute("aria-pressed", String(place > 0));
    tap.querySelector(".place").textContent = place ? fill(line.dataset.place, { n: place }) : "";
  });
  line.hidden = order.length === 0;
  say(fill(full ? line.dataset.over : line.dataset.words, { n: order.length, most: facts.most }), full, 0);
}

if (line && facts.paper === "score") {
  rows.forEach((row, at) => step(row, fields[at]));
  tellPoints();
} else if (line && facts.paper === "ranked") {
  const filled = fields.map((field, at) => [+field.value, at]).filter(([place]) => place > 0);
  order = filled.sort(([one], [other]) => one - other).map(([, at]) => at);
  rows.forEach((row, at) => rank(row, fields[at], at));
  tellPlaces();
} else if (line) {
  form.addEventListener("change", tellTicks);
  tellTicks();
}
