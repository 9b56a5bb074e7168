/* Hold the button to talk; or tap it, and tap it again. What is said is handed over piece by piece,
   so that it is kept on this phone even if the page or the battery goes. */
const LONGEST = 120;
const HELD = 500; // milliseconds from which a press is a hold
const KINDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];

export const canRecord = () =>
  Boolean(navigator.mediaDevices?.getUserMedia && self.MediaRecorder);

export function recorder(button, words, { onpiece, onend, onfail }) {
  let run = null; // what is being recorded
  let pressed = 0;
  let wanted = false;

  async function start() {
    if (run) return;
    wanted = true;
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      wanted = false;
      return onfail(words.refused);
    }
    const free = () => stream.getTracks().forEach((track) => track.stop());
    if (!wanted || run) return free(); // let go while the phone was asking
    const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
    const tape = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: 24000 });
    const pieces = [];
    const begun = Date.now();
    const seconds = () => Math.round((Date.now() - begun) / 1000);
    const clock = setInterval(() => {
      button.textContent = `${words.stop} ${seconds()}″`;
      if (seconds() >= LONGEST) stop();
    }, 250);
    tape.ondataavailable = ({ data }) => {
      if (!data.size) return;
      pieces.push(data);
      onpiece(new Blob(pieces, { type: tape.mimeType }), seconds());
    };
    tape.onstop = () => {
      clearInterval(clock);
      free();
      run = null;
      button.textContent = words.hold;
      button.setAttribute("aria-pressed", "false");
      onend(new Blob(pieces, { type: tape.mimeType }), seconds());
    };
    run = tape;
    tape.start(1000);
    button.setAttribute("aria-pressed", "true");
    button.textContent = words.stop;
  }

  function stop() {
    wanted = false;
    if (run?.state === "recording") run.stop();
  }

  button.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    if (run) {
      pressed = 0;
      return stop(); // the second tap
    }
    button.setPointerCapture(event.pointerId);
    pressed = Date.now();
    start();
  });
  const letGo = (event) => {
    if (!pressed) return;
    const held = Date.now() - pressed >= HELD;
    pressed = 0;
    if (held || event.type === "pointercancel") stop();
  };
  button.addEventListener("pointerup", letGo);
  button.addEventListener("pointercancel", letGo);
  button.addEventListener("contextmenu", (event) => event.preventDefault());
  button.addEventListener("click", (event) => {
    if (event.detail === 0) run ? stop() : start(); // by keyboard, or by a voice that reads
  });
  addEventListener("pagehide", stop);
}
