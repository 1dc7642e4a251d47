// The view finder and the shutter.

import { find, listen, perform, size, view } from "./phone.js";
import { attach } from "./compose.js";

let looking = false, shown = null, taken = null;

function show(url, words) {
  if (shown) URL.revokeObjectURL(shown);
  shown = url.startsWith("blob:") ? url : null;
  find("frame").src = url;
  find("frame").alt = words;
  find("frame").hidden = false;
  find("finder-text").hidden = true;
}

function say(text) {
  find("finder-text").textContent = text;
  find("finder-text").hidden = !text;
  if (text) find("frame").hidden = true;
}

function settle(name) {
  taken = name;
  find("after").hidden = !name;
  find("shot-facts").hidden = !name;
}

// One small picture after the other, for as long as somebody looks.
async function look() {
  looking = !looking;
  find("look").setAttribute("aria-pressed", looking);
  if (looking) settle(null);
  while (looking) {
    try {
      const blob = await view("QQVGA");
      if (looking) show(URL.createObjectURL(blob), "What the camera sees now");
    } catch (failure) {
      stop();
      say(failure.message);
    }
    if (document.hidden || find("camera").hidden) stop();
    await new Promise((go) => setTimeout(go, 200));
  }
}

function stop() {
  looking = false;
  find("look").setAttribute("aria-pressed", "false");
}

async function shoot() {
  stop();
  settle(null);
  const shutter = find("shutter"), progress = find("shot-progress");
  shutter.disabled = true;
  find("finder").classList.add("busy");
  progress.hidden = false;
  progress.removeAttribute("value");
  try {
    const name = (await perform("snap", { size: find("size").value })).path.split("/").pop();
    show(`/album/${name}`, "The picture that was taken");
    settle(name);
  } catch (failure) {
    say(failure.message);
  } finally {
    shutter.disabled = false;
    find("finder").classList.remove("busy");
    progress.hidden = true;
  }
  find(taken ? "use" : "shutter").focus();
}

let facts = { octets: 0 };

listen((event) => {
  if (event.event === "picture" && !find("shot-progress").hidden) find("shot-progress").value = (100 * event.octets) / event.of;
  if (event.event !== "captured") return;
  facts = event;
  find("shot-facts").textContent = `${event.width} × ${event.height}, ${size(event.octets)}`;
});

export function begin() {
  find("look").addEventListener("click", look);
  find("shutter").addEventListener("click", shoot);
  find("again").addEventListener("click", () => { settle(null); say("Look through the camera, or press the shutter."); });
  find("use").addEventListener("click", () => {
    attach({ file: taken, octets: facts.octets, name: "Picture", url: `/album/${taken}` });
    settle(null);
    say("Look through the camera, or press the shutter.");
    location.hash = "#write";
  });
}
