/* The map that can be moved: the picture on the page becomes a layer; a tap on a parcel tells about it.
   Without this file, or without Leaflet, the picture and the lists stay as they are. */
const figure = document.querySelector("#plan-map");
const { L } = window;
const isWide = matchMedia("(min-width: 60rem)");
if (figure && L) start(figure.dataset).catch(() => {});

async function start(words) {
  const answer = await fetch(words.ground);
  if (!answer.ok) return;
  const drawn = new DOMParser().parseFromString(await answer.text(), "image/svg+xml").documentElement;
  if (drawn.nodeName !== "svg") return;
  const [south, west, north, east] = words.bounds.split(",").map(Number);
  const bounds = L.latLngBounds([south, west], [north, east]);
  const [, , wide, high] = drawn.getAttribute("viewBox").split(" ").map(Number);
  const place = (x, y) => [north - (y / high) * (north - south), west + (x / wide) * (east - west)];
  const names = drawn.querySelector("#names");
  names.remove();
  const ground = document.importNode(drawn, true);
  ground.removeAttribute("role");
  ground.removeAttribute("aria-label");
  ground.setAttribute("aria-hidden", "true");
  ground.setAttribute("preserveAspectRatio", "none");

  const ways = [...ground.querySelectorAll("#parcels [data-n]")].flatMap((group) => {
    const numbers = group.dataset.n.split(" ");
    return [...group.children].map((path, at) => [numbers[at], path]);
  });
  const parcels = new Map(ways);
  const numbers = new Map(ways.map(([number, path]) => [path, number]));
  for (const number of ground.dataset.changed.split(" ")) parcels.get(number)?.classList.add("changes");

  const stage = document.createElement("div");
  stage.className = "stage";
  stage.setAttribute("role", "region");
  stage.setAttribute("aria-label", words.wordMap);
  figure.replaceChildren(stage);
  const map = L.map(stage, {
    attributionControl: false,
    zoomControl: false,
    zoomSnap: 0.1,
    maxBounds: bounds.pad(0.5),
    scrollWheelZoom: isWide.matches,
  });
  L.control.zoom({ zoomInTitle: words.wordIn, zoomOutTitle: words.wordOut }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  map.fitBounds(bounds);
  map.setMinZoom(map.getZoom() - 1);
  map.setMaxZoom(map.getZoom() + 5);
  const layer = L.svgOverlay(ground, bounds, { interactive: true }).addTo(map);
  if (words.base) {
    ground.querySelector(":scope > rect").remove(); // the map below is the paper now
    baseMap(words, map, layer);
  }

  const labels = [];
  for (const text of names.querySelectorAll("text")) {
    const [x, y] = ["x", "y"].map((name) => Number(text.getAttribute(name)));
    const isPin = text.getAttribute("fill") === "#FFFFFF";
    const label = document.createElement("span");
    label.textContent = text.textContent;
    const icon = L.divIcon({ html: label, className: isPin ? "map-pin" : "map-name", iconSize: null });
    const marker = L.marker(place(x, y - 4), { icon, interactive: false, keyboard: false }).addTo(map);
    const rank = isPin ? 0 : text.hasAttribute("font-weight") ? 1 : 2;
    labels.push([rank, marker.getElement()]);
  }
  labels.sort((one, other) => one[0] - other[0]);
  map.on("zoomend", () => declutter(labels));
  declutter(labels);

  const sheet = document.createElement("aside");
  sheet.className = "tap-sheet";
  sheet.setAttribute("aria-live", "polite");
  const hint = document.createElement("p");
  hint.className = "soft small tap-hint";
  hint.textContent = words.wordHint;
  figure.append(hint, sheet);

  let chosen = null;
  const choose = async (number) => {
    const path = parcels.get(number);
    if (!path) return;
    chosen?.classList.remove("chosen");
    chosen = path;
    path.classList.add("chosen");
    stage.scrollIntoView({ block: isWide.matches ? "nearest" : "start" });
    tell(`${words.wordParcel} ${number}`, words.wordWait);
    try {
      const facts = await fetch(`${words.parcel}${number}?part=facts`);
      if (!facts.ok) throw new Error(String(facts.status));
      const said = await facts.text();
      if (chosen !== path) return;
      tell(null, null, said);
      reveal(path);
    } catch {
      if (chosen === path) tell(`${words.wordParcel} ${number}`, words.wordFault);
    }
  };
  // The sheet lies over the lower part of the map on a phone: what was tapped moves out from under it.
  const reveal = (path) => {
    if (isWide.matches) return;
    const [box, frame] = [path, stage].map((one) => one.getBoundingClientRect());
    const floor = Math.min(frame.bottom, sheet.getBoundingClientRect().top);
    const middle = (box.top + box.bottom) / 2;
    if (middle > floor - 16) map.panBy([0, middle - (frame.top + floor) / 2], { animate: false });
  };
  const tell = (title, line, html) => {
    sheet.replaceChildren();
    const close = document.createElement("button");
    close.type = "button";
    close.className = "quiet close";
    close.textContent = words.wordClose;
    close.addEventListener("click", () => {
      sheet.replaceChildren();
      chosen?.classList.remove("chosen");
      chosen = null;
    });
    const body = document.createElement("div");
    if (html) body.innerHTML = html;
    else {
      const head = document.createElement("b");
      head.textContent = title;
      const text = document.createElement("p");
      text.textContent = line;
      body.append(head, text);
    }
    sheet.append(close, body);
    sheet.scrollTop = 0;
  };
  // Whatever is tapped, something can be said about exactly that spot, while opinions are asked for.
  const here = document.querySelector("#say-here");
  const offer = ({ lat, lng }) => {
    if (!here || !bounds.contains([lat, lng])) return;
    const way = document.createElement("a");
    way.className = "say-here";
    way.href = `${here.dataset.about}${lng.toFixed(4)},${lat.toFixed(4)}`;
    way.textContent = here.dataset.wordHere;
    const line = document.createElement("p");
    line.append(way);
    sheet.append(line);
  };
  map.on("click", async (event) => {
    const { clientX, clientY } = event.originalEvent;
    const path = document.elementsFromPoint(clientX, clientY).find((one) => numbers.has(one));
    if (path) await choose(numbers.get(path));
    else if (here) tell(here.dataset.wordSpot, "");
    if (!path || chosen === path) offer(event.latlng);
  });

  const only = document.createElement("button");
  only.type = "button";
  only.className = "quiet only-changes";
  only.textContent = words.wordChanges;
  only.setAttribute("aria-pressed", "false");
  only.addEventListener("click", () => {
    const isOn = ground.classList.toggle("only-changes");
    only.setAttribute("aria-pressed", String(isOn));
  });
  if (ground.dataset.changed) figure.prepend(only);

  // The list beside the map shows where things are; without a map its links lead to pages.
  for (const item of document.querySelectorAll("#places [data-at]")) {
    const at = item.dataset.at.split(",").map(Number);
    const show = document.createElement("button");
    show.type = "button";
    show.className = "quiet show-place";
    show.textContent = item.querySelector("a, b").textContent;
    show.addEventListener("click", () => {
      map.setView(at, Math.max(map.getZoom(), map.getMaxZoom() - 2));
      if (item.dataset.number) choose(item.dataset.number);
      stage.scrollIntoView({ block: "nearest" });
    });
    item.querySelector("a, b").replaceWith(show);
  }
}

/* Show what has room: numbers of projects first, then hamlets, then names of parcels. */
function declutter(labels) {
  const taken = [];
  for (const [, element] of labels) {
    const box = element.firstElementChild.getBoundingClientRect();
    const isFree = taken.every(
      (one) =>
        box.right < one.left || box.left > one.right || box.bottom < one.top || box.top > one.bottom
    );
    element.classList.toggle("is-hidden", !isFree);
    if (isFree) taken.push(box);
  }
}

function baseMap(words, map, layer) {
  const script = document.createElement("script");
  script.src = words.baseScript;
  script.addEventListener("load", () => {
    window.protomapsL.leafletLayer({ url: words.base, flavor: "light", lang: "zh" }).addTo(map);
    layer.setOpacity(0.75);
  });
  document.head.append(script);
}
