/* Lets this browser be told. The page works without it: messages then stand in the portal only. */
const box = document.querySelector("#browser");
const said = box?.querySelector("[data-said]");
const can = box?.querySelector("[data-can]");

function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function active(registration) {
  const worker = registration.installing || registration.waiting;
  if (registration.active || !worker) return Promise.resolve();
  return new Promise((done) => {
    worker.addEventListener("statechange", () => worker.state === "activated" && done());
  });
}

async function allow() {
  if ((await Notification.requestPermission()) !== "granted") {
    said.textContent = box.dataset.wordRefused;
    return;
  }
  const registration = await navigator.serviceWorker.register(box.dataset.worker);
  await active(registration);
  await (await registration.pushManager.getSubscription())?.unsubscribe(); // made with another key
  const subscription = await registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: bytes(box.dataset.key),
  });
  const { endpoint, keys } = subscription.toJSON();
  const answer = await fetch(box.dataset.on, {
    method: "POST",
    headers: { "X-CSRFToken": box.dataset.token },
    body: new URLSearchParams({ endpoint, p256dh: keys.p256dh, auth: keys.auth }),
  });
  if (!answer.ok) throw new Error(answer.status);
  location.reload();
}

if (can && "serviceWorker" in navigator && "PushManager" in window && "Notification" in window) {
  box.querySelector("[data-cannot]").hidden = true;
  can.hidden = false;
  can.querySelector("button").addEventListener("click", () => {
    said.textContent = "";
    allow().catch(() => {
      said.textContent = box.dataset.wordFailed;
    });
  });
}
