// The page: sections, what happens at the moment, the state of the phone, and signing in.

import * as camera from "./camera.js";
import * as compose from "./compose.js";
import * as messages from "./messages.js";
import { deafen, find, hear, leave, listen, make, perform, session, size } from "./phone.js";

const SECTIONS = ["camera", "write", "messages", "phone"];
let ready = false, number = "";

function turn() {
  const name = SECTIONS.includes(location.hash.slice(1)) ? location.hash.slice(1) : "messages";
  const shown = ready ? name : "sign";
  for (const id of [...SECTIONS, "sign"]) find(id).hidden = id !== shown;
  for (const link of document.querySelectorAll("nav a")) {
    if (link.hash === `#${name}`) link.setAttribute("aria-current", "page"); else link.removeAttribute("aria-current");
  }
  document.title = ready ? `${find(`${name}-title`).textContent} · ${number}` : "Sign in";
  if (ready && name === "phone") about();
}

// What happened, in words, for somebody who looks or listens.
const WORDS = {
  accepted: (e) => `A message of ${size(e.octets)} is safe in the phone`,
  confirmed: () => "Sent: the network has it",
  delivered: (e) => (e.status === "retrieved" || e.status === "delivered" ? `Delivered to ${e.recipient}` : `Not delivered to ${e.recipient}: ${e.status}`),
  read: (e) => (e.status === "read" ? `Read by ${e.recipient}` : `${e.status} unread by ${e.recipient}`),
  in_doubt: (e) => `A message is in doubt: ${e.why}`,
  notified: (e) => `A message of ${size(e.octets)} from ${e.sender || "somebody"} is announced`,
  retrieved: () => "A message has come",
  deferred: (e) => `A message waits until you want it: ${e.why}`,
  shrinks: (e) => `A picture is made smaller: about ${size(e.expected)}, in ${e.seconds} s`,
  text: (e) => `A short message from ${e.sender}`,
  link: (e) => `A link from ${e.sender}, not opened`,
  proposed: (e) => `Settings from ${e.sender}, not applied`,
  held: (e) => `A message is held: ${e.why}`,
  failed: (e) => (e.advice ? `${e.text}: ${e.advice}` : e.text),
  modem_reset: () => "The modem has restarted",
  undervoltage: (e) => `The modem's supply is weak: ${e.text}`,
  line_lost: () => "The modem's line was pulled out",
  line_back: () => "The modem's line is back",
};
const MOVES = { sent: "Sending", received: "Receiving", picture: "Picture from the camera", shrinking: "Making the picture smaller" };
let hush = null, still = null;

function say(words, bad) {
  const box = find("said");
  box.replaceChildren(make("p", { class: bad ? "bad" : null }, words));
  clearTimeout(hush);
  hush = setTimeout(() => box.replaceChildren(), bad ? 12000 : 5000);
}

function move(event) {
  const done = event.of && event.octets >= event.of;
  find("moving").hidden = done;
  clearTimeout(still);
  if (done) return;
  const percent = event.of ? Math.round((100 * event.octets) / event.of) : null;
  find("moving-text").textContent = `${MOVES[event.event]} ${percent === null ? size(event.octets) : `${percent} % of ${size(event.of)}`}`;
  if (percent === null) find("moving-bar").removeAttribute("value"); else find("moving-bar").value = percent;
  still = setTimeout(() => { find("moving").hidden = true; }, 30000);
}

listen((event) => {
  const name = event.event;
  if (MOVES[name]) move(event);
  else if (["confirmed", "failed", "retrieved", "in_doubt"].includes(name)) find("moving").hidden = true;
  if (WORDS[name]) say(WORDS[name](event), ["failed", "in_doubt", "undervoltage", "line_lost"].includes(name));
  if (name === "signed_out") enter();
  if (["ready", "registered", "heard", "modem_reset"].includes(name)) status();
  if (name === "missed" || name === "heard") messages.refresh();
  if (name === "unheard") find("network").textContent = "No news: too many windows, or out of reach…";
  if (name === "checking") step(event.step, "…");
  if (name === "checked") step(event.step, event.text);
});

async function status() {
  if (!ready) return;
  try {
    const told = await perform("status"), network = told.network;
    compose.knowNetwork(network);
    find("network").textContent = [told.operator || network.mccmnc, network.rat, network.roaming ? "roaming" : "", network.status === "home" ? "" : network.status].filter(Boolean).join(" · ");
    const bars = network.signal === null ? 0 : Math.max(1, Math.min(4, Math.round((network.signal + 113) / 12)));
    [...find("signal").children].forEach((bar, at) => bar.classList.toggle("on", at < bars));
    find("signal").setAttribute("aria-label", network.signal === null ? "No signal known" : `Signal ${network.signal} dBm, ${bars} of 4`);
    define("status", [["Number", number], ["Operator", told.operator], ["Network", `${network.mccmnc || "none"}, ${network.status}`], ["Radio", network.rat], ["Signal", network.signal === null ? "unknown" : `${network.signal} dBm`], ["Program", told.interpreter], ["Heap in use", told.memory ? size(told.memory) : "not counted"]]);
  } catch (failure) {
    find("network").textContent = failure.message;
  }
}

function define(id, rows) {
  find(id).replaceChildren(...rows.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value === "" || value === null || value === undefined ? "–" : String(value))]));
}

async function about() {
  status();
  (await import("./settings.js")).show();
}

function step(name, words) {
  const id = `step-${name}`, old = find(id);
  const line = make("li", { id, class: words === "…" ? null : "done" }, make("b", {}, name), make("span", {}, words));
  if (old) old.replaceWith(line); else find("steps").append(line);
}

async function check() {
  find("steps").replaceChildren();
  find("check").disabled = true;
  find("check-result").textContent = "";
  find("check-result").className = "";
  try {
    await perform("check");
    find("check-result").textContent = "The way to the message centre is open.";
  } catch (failure) {
    find("steps").lastElementChild?.classList.add("bad");
    find("check-result").textContent = failure.message;
    find("check-result").className = "error";
  } finally {
    find("check").disabled = false;
  }
}

async function sign(event) {
  event.preventDefault();
  find("sign-error").textContent = "";
  try {
    const told = await session(find("password").value);
    find("password").value = "";
    await use(told);
  } catch (failure) {
    find("sign-error").textContent = failure.message;
    find("password").select();
  }
}

let begun = false;

async function use(told) {
  ready = true;
  number = told.number || "Handset";
  find("number").textContent = number;
  find("leave").hidden = !told.locks;
  document.body.dataset.state = "ready";
  compose.know(told);
  turn();
  hear();
  if (begun) return messages.refresh();
  begun = true;
  messages.begin();
  const settings = (await perform("settings")).settings;
  compose.begin(settings);
  camera.begin(told, settings.press);
}

async function enter() {
  ready = false;
  deafen();
  try {
    const told = await session();
    if (told.open) return use(told);
    document.body.dataset.state = "locked";
    turn();
    find("password").focus();
  } catch (failure) {
    find("network").textContent = failure.message;
    setTimeout(enter, 3000);
  }
}

find("sign-form").addEventListener("submit", sign);
find("check").addEventListener("click", check);
find("leave").addEventListener("click", leave);
addEventListener("hashchange", () => { turn(); find("main").focus({ preventScroll: true }); });
enter();
