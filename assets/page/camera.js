// The view finder and the shutter.

import { blob, find, listen, make, perform, size, view } from "./phone.js";
import { attach } from "./compose.js";

let looking = false, shown = null, taken = null, octets = 0;

function show(url, words) {
  if (shown) URL.revokeObjectURL(shown);
  shown = url;
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
      const picture = await view();
      if (looking) show(URL.createObjectURL(picture), "What the camera sees now");
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

// The shutter of a handset without a screen: a picture to the recipients in the settings.
async function press() {
  stop();
  find("press").disabled = true;
  try {
    await perform("press");
    location.hash = "#messages";
    find("out").click();
  } catch (failure) {
    say(failure.message);
  } finally {
    find("press").disabled = false;
  }
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
    const name = (await perform("snap", find("size").value ? { size: find("size").value } : {})).path.split("/").pop();
    const picture = await blob(`/album/${name}`);
    show(URL.createObjectURL(picture), "The picture that was taken");
    await find("frame").decode();
    octets = picture.size;
    find("shot-facts").textContent = `${find("frame").naturalWidth} × ${find("frame").naturalHeight}, ${size(octets)}`;
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

listen((event) => {
  if (event.event === "picture" && !find("shot-progress").hidden) find("shot-progress").value = (100 * event.octets) / event.of;
});

export function begin(told, favourite) {
  find("favourite").hidden = !favourite.to?.length;
  find("press").textContent = `Take and send to ${(favourite.to || []).join(", ")}`;
  find("press").addEventListener("click", press);
  const sizes = told.sizes.length > 1 ? ["best", ...told.sizes] : told.sizes;
  find("size").replaceChildren(...sizes.map((one) => make("option", { selected: one === told.size }, one)));
  find("size").parentElement.hidden = !sizes.length;
  find("look").addEventListener("click", look);
  find("shutter").addEventListener("click", shoot);
  find("again").addEventListener("click", () => { settle(null); say("Look through the camera, or press the shutter."); });
  find("use").addEventListener("click", () => {
    attach({ file: taken, octets, name: "Picture", url: `/album/${taken}` });
    settle(null);
    say("Look through the camera, or press the shutter.");
    location.hash = "#write";
  });
}
