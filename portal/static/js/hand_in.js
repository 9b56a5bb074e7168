// Hands a vote in over a bad line: sends it again with the same key until its receipt has come.
// Without it the button can be pressed again; however often it is sent, it counts once.
const form = document.querySelector("form[data-hand-in]");
const sending = document.querySelector("#sending");
const stopped = document.querySelector("#stopped");
const WAITS = [0, 2, 4, 8, 15, 30]; // seconds before each try; then the button
const PATIENCE = 20000;
let busy = false;

const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000 * (0.75 + Math.random() / 2)));

// The address of the receipt; nothing where the line broke; "page" where the answer is another page.
async function once() {
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      signal: AbortSignal.timeout(PATIENCE),
    });
    await answer.text(); // cut in the middle, it is no answer
    if (answer.ok && new URL(answer.url).pathname.startsWith(form.dataset.receipts)) return answer.url;
    return answer.status >= 500 ? "" : "page";
  } catch {
    return "";
  }
}

form?.addEventListener("submit", async (event) => {
  if (event.submitter?.name === "back") return;
  event.preventDefault();
  if (busy) return;
  busy = true;
  stopped.hidden = true;
  for (const wait of WAITS) {
    await pause(wait);
    const found = await once();
    if (found === "page") return form.submit(); // refused, or signed out: let the browser show it
    if (found) return location.replace(found);
    sending.hidden = false;
  }
  sending.hidden = true;
  stopped.hidden = false;
  busy = false;
});
