// Fills in the code of a scanned slip. It stands behind the # of the address, which browsers keep to
// themselves: it is in no log of ours. Then it is taken out of the address.
const field = document.querySelector("input[name=credential]");
const code = decodeURIComponent(location.hash.slice(1));

if (field && /^[A-Za-z0-9-]{8,40}$/.test(code)) {
  field.value = code;
  history.replaceState(null, "", location.pathname + location.search);
}
