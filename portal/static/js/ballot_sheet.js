// Shows only the fields that fit the kind of vote. Without it all stand there, each with its legend.
const form = document.querySelector("form[data-fitting]");

function fit() {
  const kind = form.querySelector("input[name=kind]:checked")?.value;
  const fitting = (JSON.parse(form.dataset.fitting)[kind] ?? "").split(" ");
  for (const part of form.querySelectorAll("[data-fits]")) {
    part.hidden = !part.dataset.fits.split(" ").some((name) => fitting.includes(name));
  }
}

if (form) {
  form.addEventListener("change", fit);
  fit();
}
