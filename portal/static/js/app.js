/* Small comforts. Every page works without this file. */
const words = document.body.dataset;

// A form with mistakes: go to the summary.
document.querySelector("#error-summary")?.focus();

// Send a form once.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.hasAttribute("data-again")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
  setTimeout(() => delete form.dataset.sent, 4000);
});

// Copy the code of a receipt.
for (const code of document.querySelectorAll(".code[data-copy]")) {
  if (!navigator.clipboard) break;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet screen-only";
  button.textContent = words.wordCopy;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(code.dataset.copy);
    button.textContent = words.wordCopied;
  });
  code.after(button);
}

// Wide tables can be moved with the keyboard.
for (const box of document.querySelectorAll(".scroll")) {
  if (box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight) box.tabIndex = 0;
}

// Read the page aloud, for those who asked for large print.
const head = document.querySelector(".page-head");
if (words.wordRead && head && "speechSynthesis" in window) {
  const voice = window.speechSynthesis;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "switch screen-only";
  button.textContent = words.wordRead;
  const end = () => {
    voice.cancel();
    button.textContent = words.wordRead;
    button.setAttribute("aria-pressed", "false");
  };
  button.addEventListener("click", () => {
    if (button.getAttribute("aria-pressed") === "true") return end();
    const lines = document.querySelector("#main").innerText.split("\n");
    const said = lines.map((line) => line.trim()).filter((line) => line && line !== words.wordRead);
    button.textContent = words.wordStop;
    button.setAttribute("aria-pressed", "true");
    said.forEach((line, place) => {
      const speech = new SpeechSynthesisUtterance(line);
      speech.lang = document.documentElement.lang === "zh-Hans" ? "zh-CN" : document.documentElement.lang;
      speech.rate = 0.9;
      if (place === said.length - 1) speech.onend = end;
      voice.speak(speech);
    });
  });
  addEventListener("pagehide", end);
  head.append(button);
  end();
}
