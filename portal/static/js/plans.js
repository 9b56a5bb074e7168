/* Read the summary aloud. Where the browser cannot speak, nothing is shown; the page is whole without. */
const box = document.querySelector("#minute[data-read]");
const voice = window.speechSynthesis;
if (box && voice && "SpeechSynthesisUtterance" in window) {
  const language = document.documentElement.lang.startsWith("zh") ? "zh-CN" : document.documentElement.lang;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet screen-only read-aloud";
  const rest = () => {
    button.textContent = box.dataset.read;
    button.setAttribute("aria-pressed", "false");
  };
  const stop = () => {
    voice.cancel();
    rest();
  };
  const say = () => {
    voice.cancel();
    const spoken = voice.getVoices().find((one) => one.lang.replace("_", "-") === language);
    const lines = [...box.querySelectorAll("h2, .sentences li, .figure")]
      .map((part) => part.innerText.replace(/\s+/g, " ").trim())
      .filter(Boolean);
    lines.forEach((line, place) => {
      const words = new SpeechSynthesisUtterance(line);
      words.lang = language;
      if (spoken) words.voice = spoken;
      words.rate = 0.9;
      if (place === lines.length - 1) words.onend = rest;
      words.onerror = rest;
      voice.speak(words);
    });
    button.textContent = box.dataset.stop;
    button.setAttribute("aria-pressed", "true");
  };
  button.addEventListener("click", () => (button.getAttribute("aria-pressed") === "true" ? stop() : say()));
  addEventListener("pagehide", stop);
  rest();
  box.querySelector("h2").after(button);
}
