// A new message: recipients, texts, what goes with it, and what it will cost in octets and time.

import { Failure, find, listen, make, perform, size, upload } from "./phone.js";

const OVERHEAD = 600, TEXT = 1500, LAYOUT = 90; // octets of headers and layout; the longest text in a command; a part's head
const RATES = { GSM: 3300, UMTS: 30000, LTE: 120000 }; // octets a second, until one was measured
const SETUP_S = { GSM: 5, UMTS: 3, LTE: 2 }; // to connect, and for the confirmation
const RECORD_S = 5;
const LARGEST = 1100000; // octets of a file
let price = {}, parts = [], limit = LARGEST, rat = "GSM", measured = null, began = null;

export function know(told) {
  limit = told.limit || limit;
}

export function knowNetwork(network) {
  rat = network.rat in RATES ? network.rat : "GSM";
  estimate();
}

export function attach(part) {
  parts.push(part);
  show();
}

// Begin a message to an address.
export function writeTo(address) {
  find("to").value = address;
  location.hash = "#write";
  find("text").focus();
}

function show() {
  find("parts").replaceChildren(...parts.map((part) => make("li", {},
    part.url ? make("img", { src: part.url, alt: "", width: 72, height: 54 }) : make("span", { class: "kind" }, part.name.split(".").pop()),
    make("span", {}, part.name, make("small", {}, size(part.octets))),
    make("button", { type: "button", class: "quiet", "aria-label": `Take ${part.name} away`, onclick: () => drop(part) }, "×"))));
  estimate();
}

function drop(part) {
  parts = parts.filter((other) => other !== part);
  show();
  find("text").focus();
}

const octetsOf = (text) => new TextEncoder().encode(text).length;

function estimate() {
  const text = octetsOf(find("text").value);
  if (!text && !parts.length) { find("cost").textContent = ""; return 0; }
  const octets = OVERHEAD + octetsOf(find("subject").value) + (text ? text + LAYOUT : 0)
    + parts.reduce((sum, part) => sum + part.octets + LAYOUT, 0);
  const seconds = Math.round(SETUP_S[rat] + octets / (measured || RATES[rat]));
  const time = seconds < 100 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
  const over = octets > limit;
  find("cost").textContent = over ? `${size(octets)}: the operator takes ${size(limit)}. Pictures can be made smaller: look under Reports and size` : `About ${size(octets)}, ${time} over ${rat}${money(octets)}`;
  find("cost").classList.toggle("over", over);
  return octets;
}

// The price for each recipient.
function money(octets) {
  if (!price.known) return price.why ? ", price unknown" : "";
  const minor = price.left !== 0 ? 0 : price.edge && octets >= price.edge ? price.over : price.price;
  return `, ${(minor / 100).toFixed(2)} ${price.currency}`;
}

async function ask() {
  price = await perform("price").catch(() => ({}));
  estimate();
}

async function take(input) {
  const sound = input.id === "sound";
  for (const file of input.files) {
    fail("");
    try {
      find("send").disabled = true;
      const told = await upload(file, LARGEST);
      attach({ ...told, name: file.name, sound, url: file.type.startsWith("image/") ? `/album/${told.file}` : null });
    } catch (failure) {
      fail(failure.message);
    } finally {
      find("send").disabled = false;
    }
  }
  input.value = "";
}

async function record() {
  const button = find("record"), words = button.textContent;
  fail("");
  button.disabled = find("send").disabled = true;
  button.textContent = "Recording";
  try {
    const told = await perform("record", { seconds: RECORD_S });
    const name = told.path.split("/").pop();
    attach({ file: name, name, octets: told.octets, sound: true });
  } catch (failure) {
    fail(failure.message);
  } finally {
    button.textContent = words;
    button.disabled = find("send").disabled = false;
  }
}

function fail(text) {
  find("write-error").textContent = text;
  if (text) find("write-error").scrollIntoView({ block: "center" });
}

async function send(event) {
  event.preventDefault();
  fail("");
  const to = find("to").value.split(/[,;\n]/).map((one) => (one.includes("@") ? one.trim() : one.replace(/[\s().-]/g, ""))).filter(Boolean);
  const button = find("send");
  button.disabled = true;
  try {
    if (!to.length) { find("to").focus({ preventScroll: true }); throw new Failure("To whom? A number or an address, please"); }
    await perform("send", await command(to));
    parts = [];
    find("form").reset();
    show();
    location.hash = "#messages";
    find("out").click();
  } catch (failure) {
    fail(failure.message);
  } finally {
    button.disabled = false;
  }
}

async function command(to) {
  const wanted = { to, subject: find("subject").value, text: find("text").value };
  const files = parts.filter((part) => !part.sound).map((part) => part.file);
  const sounds = parts.filter((part) => part.sound).map((part) => part.file);
  if (octetsOf(wanted.text) > TEXT) {
    files.push((await upload(new File([wanted.text], "text.txt"), LARGEST)).file);
    delete wanted.text;
  }
  if (sounds.length) wanted.sound = sounds.shift();
  wanted.files = [...files, ...sounds];
  wanted.delivery_report = find("delivery").checked;
  wanted.read_report = find("reading").checked;
  if (find("shrink").checked) wanted.shrink = true;
  if (find("priority").value) wanted.priority = find("priority").value;
  return wanted;
}

// The rate at which octets leave.
listen((event) => {
  if (event.event === "confirmed") { began = null; ask(); }
  if (event.event !== "sent") return;
  if (!began || began.id !== event.id) began = { id: event.id, ms: event.ms, octets: event.octets };
  const ms = event.ms - began.ms;
  if (ms > 2000) measured = Math.max(100, (1000 * (event.octets - began.octets)) / ms);
});

export function begin(settings) {
  find("delivery").checked = find("delivery").defaultChecked = settings.delivery_report;
  find("reading").checked = find("reading").defaultChecked = settings.read_report;
  find("form").addEventListener("submit", send);
  for (const id of ["text", "subject"]) find(id).addEventListener("input", estimate);
  for (const id of ["file", "sound"]) find(id).addEventListener("change", (event) => take(event.target));
  find("record").addEventListener("click", record);
  ask();
}
