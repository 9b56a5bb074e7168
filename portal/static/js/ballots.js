// Counts the ticks on an approval paper as they are made. Without it the server says the same.
const form = document.querySelector("form[data-most]");
const line = form?.querySelector(".tally-line");

function count() {
  const chosen = form.querySelectorAll("input[name=chosen]:checked").length;
  const most = Number(form.dataset.most) || Infinity;
  line.hidden = chosen === 0;
  line.classList.toggle("over", chosen > most);
  line.textContent = (chosen > most ? line.dataset.over : line.dataset.words).replace(
    "{n}", most === Infinity ? chosen : `${chosen} / ${most}`,
  );
}

if (form && line) {
  form.addEventListener("change", count);
  count();
}
