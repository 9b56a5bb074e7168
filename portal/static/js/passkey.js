/* Passkeys: asks the server what to sign, lets the phone sign it, sends the form. */
const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

const readable = (options) => {
  const known = (list) => (list ?? []).map((key) => ({ ...key, id: bytes(key.id) }));
  const read = { ...options, challenge: bytes(options.challenge) };
  if (options.user) read.user = { ...options.user, id: bytes(options.user.id) };
  if (options.excludeCredentials) read.excludeCredentials = known(options.excludeCredentials);
  if (options.allowCredentials) read.allowCredentials = known(options.allowCredentials);
  return read;
};

const written = ({ id, rawId, type, response, authenticatorAttachment }) => {
  const said = { clientDataJSON: text(response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[part]) said[part] = text(response[part]);
  }
  if (response.getTransports) said.transports = response.getTransports();
  return JSON.stringify({ id, rawId: text(rawId), type, authenticatorAttachment, response: said, clientExtensionResults: {} });
};

const sign = async (form) => {
  const asked = await fetch(form.dataset.ask, {
    method: "POST",
    headers: { "X-CSRFToken": form.elements.csrf_token.value },
  });
  if (!asked.ok) throw new Error(`asked in vain: ${asked.status}`);
  const publicKey = readable(await asked.json());
  const key = await navigator.credentials[form.dataset.passkey]({ publicKey });
  form.elements.credential.value = written(key);
};

for (const form of window.PublicKeyCredential ? document.querySelectorAll("form[data-passkey]") : []) {
  const trouble = form.querySelector("[role=alert][hidden]");
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!form.reportValidity()) return;
    trouble.hidden = true;
    try {
      await sign(form);
      form.submit();
    } catch {
      trouble.hidden = false; // the owner said no, or the phone knows no such passkey
    }
  });
}
