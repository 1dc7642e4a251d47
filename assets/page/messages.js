// Messages that came and went: lists, and one of them with its slides in the order of its layout.

import { Failure, decoder, find, listen, make, perform, playable, size, text } from "./phone.js";

const SLIDE_MS = 4000;
const WAITING = ["notified", "deferred", "failed", "expired", "forwarded", "rejected"];
const STATES = {
  notified: "waits at the centre", deferred: "waits for you", wanted: "is fetched", retrieved: "", acknowledged: "",
  failed: "failed", expired: "has expired", forwarded: "passed on", rejecting: "too large", rejected: "too large",
  text: "", link: "link", proposal: "settings", applied: "settings in force",
  queued: "waits to go", leaving: "is leaving", "in doubt": "in doubt", sent: "",
};
const SHOWN = ["image/jpeg", "image/png", "image/gif"], PLAYED = ["audio/x-wav", "audio/wav"];
let box = "in", rows = { in: [], out: [] }, open = null, wanted = null, player = null;
const moving = {};

const at = (message) => message.received || message.date || message.time;
const when = (seconds) => (seconds ? new Date(seconds * 1000).toLocaleString([], { dateStyle: "medium", timeStyle: "short" }) : "");
const person = (address) => (address || "unknown").replace(/\/TYPE=PLMN$/i, "");

// The marks behind a message of ours: sent, delivered, read.
function marks(message) {
  const reports = Object.entries(message.reports || {}), readings = Object.entries(message.readings || {});
  if (message.state !== "sent" && !reports.length) return null;
  const read = readings.some(([, status]) => status === "read"), delivered = reports.some(([, status]) => status === "retrieved" || status === "delivered");
  const words = [...reports, ...readings].map(([who, status]) => `${status} by ${person(who)}`).join(", ") || "sent";
  return make("span", { class: read ? "marks read" : "marks", role: "img", "aria-label": words, title: words, "data-mark": read ? "read" : delivered ? "delivered" : "sent" }, delivered || read ? "✓✓" : "✓");
}

function row(message) {
  const ours = box === "out", who = ours ? (message.to || []).map(person).join(", ") : person(message.sender);
  const state = STATES[message.state] ?? message.state, unread = !ours && message.read === false;
  const octets = moving[message.id];
  return make("li", {}, make("button", { class: unread ? "row-button unread" : "row-button", "data-id": message.id, "aria-current": open === message.id ? "true" : null, onclick: () => show(message.id) },
    make("span", { class: "top" }, make("b", {}, who), make("time", {}, when(at(message)))),
    make("span", { class: "middle" }, message.subject || message.text || message.url || (message.octets ? size(message.octets) : "…")),
    make("span", { class: "bottom" }, unread && make("span", { class: "pill new" }, "new"), octets && make("span", { class: "pill moves" }, octets),
      state && !octets && make("span", { class: message.state === "failed" || message.state === "in doubt" ? "pill bad" : "pill" }, state), ours && marks(message))));
}

function list() {
  const held = document.activeElement?.dataset?.id;
  const found = [...rows[box]].reverse().sort((one, other) => (at(other) || 0) - (at(one) || 0));
  find("list").replaceChildren(...found.map(row));
  find("empty").hidden = found.length > 0;
  find("empty").textContent = box === "in" ? "Nothing has come yet." : "Nothing has gone yet.";
  find("in").setAttribute("aria-pressed", box === "in");
  find("out").setAttribute("aria-pressed", box === "out");
  if (held) find("list").querySelector(`[data-id="${held}"]`)?.focus();
  const unread = rows.in.filter((message) => message.read === false).length;
  find("unread").hidden = !unread;
  find("unread").textContent = unread;
  find("unread").setAttribute("aria-label", `${unread} unread`);
  find("known").replaceChildren(...[...new Set([...rows.in.map((one) => person(one.sender)), ...rows.out.flatMap((one) => one.to || [])])]
    .filter((one) => one !== "unknown").map((one) => make("option", { value: one })));
}

let asked = null;

// Ask for both lists, once for all that happens in a while.
export function refresh() {
  clearTimeout(asked);
  asked = setTimeout(async () => {
    try {
      rows.in = (await perform("inbox")).messages;
      rows.out = (await perform("outbox")).messages;
      list();
      const message = [...rows.in, ...rows.out].find((one) => one.id === open);
      if (message && find("message").dataset.state !== stamp(message)) show(open, false);
    } catch (failure) {
      find("empty").hidden = false;
      find("empty").textContent = failure.message;
    }
  }, 150);
}

const stamp = (message) => `${message.state} ${JSON.stringify(message.reports || "")} ${JSON.stringify(message.readings || "")}`;

async function act(name, more, done) {
  try {
    await perform(name, more);
    if (done) close();
  } catch (failure) {
    const line = find("message").querySelector(".error");
    if (line) line.textContent = failure.message;
  }
  refresh();
}

function close() {
  open = null;
  stop();
  find("message").hidden = true;
  find("messages").classList.remove("opened");
  list();
}

async function show(id, focus = true) {
  open = wanted = id;
  stop();
  const ours = rows.out.find((one) => one.id === id), message = ours || rows.in.find((one) => one.id === id);
  if (!message) return;
  const article = find("message");
  const head = [
    make("button", { class: "quiet back", onclick: () => { close(); find("list").querySelector("button")?.focus(); } }, "‹ Messages"),
    make("h3", { id: "message-title" }, message.subject || (ours ? "Message" : message.state === "text" ? "Short message" : "Message")),
    make("p", { class: "hint" }, ours ? `to ${message.to.map(person).join(", ")}` : `from ${person(message.sender)}`, " · ", when(at(message)), message.octets ? ` · ${size(message.octets)}` : ""),
    make("p", { class: "error", role: "alert" }, message.why || ""),
  ];
  const body = ours ? sent(message) : await received(message);
  if (wanted !== id) return;
  article.replaceChildren(...head, ...body);
  article.dataset.state = stamp(message);
  article.hidden = false;
  find("messages").classList.add("opened");
  if (!ours && message.read === false && !WAITING.includes(message.state)) { message.read = true; refresh(); }
  list();
  if (focus) { article.focus({ preventScroll: true }); find("main").scrollTop = 0; }
}

function sent(message) {
  const rows = message.to.map((who) => make("li", {}, make("span", {}, person(who)),
    make("b", {}, message.readings?.[who] || message.reports?.[who] || STATES[message.state] || "sent")));
  return [message.text && make("blockquote", {}, message.text), make("ul", { class: "people" }, ...rows),
    make("div", { class: "row" },
      ["failed", "in doubt"].includes(message.state) && make("button", { class: "primary", onclick: () => act("retry", { id: message.id }) }, "Send again"),
      ["queued", "leaving"].includes(message.state) && make("button", { onclick: () => act("cancel", { id: message.id }) }, "Stop sending"),
      make("button", { class: "bad", onclick: () => act("delete", { id: message.id }, true) }, "Delete"))].filter(Boolean);
}

async function received(message) {
  const id = message.id, remove = make("button", { class: "bad", onclick: () => act("delete", { id }, true) }, "Delete");
  if (WAITING.includes(message.state)) {
    return [make("p", {}, `This message ${STATES[message.state] || message.state}${message.octets ? `: ${size(message.octets)}` : ""}.`),
      make("div", { class: "row" }, make("button", { class: "primary", onclick: () => act("fetch", { id }) }, "Get it"), remove)];
  }
  let told;
  try {
    told = await perform("read", { id });
  } catch (failure) {
    return [make("p", {}, failure.message), make("div", { class: "row" }, remove)];
  }
  const parts = told.parts.map((part, index) => ({ ...part, index }));
  const shown = await slides(id, parts, told.text);
  const rest = parts.filter((part) => part.type !== "text/plain" && !SHOWN.includes(part.type) && part.type !== "application/smil");
  const pin = message.state === "proposal" && make("input", { id: "pin", type: "text", inputmode: "numeric", "aria-label": "PIN of the operator, where one is needed", placeholder: "PIN, where needed" });
  return [...shown, message.state === "link" && make("p", { class: "link" }, make("span", { class: "hint" }, "A link, which nobody opens by itself: "), make("code", {}, told.url)),
    told.note && make("p", { class: "hint" }, told.note),
    rest.length && make("ul", { class: "parts" }, ...rest.map((part) => file(id, part))),
    message.state !== "link" && message.state !== "proposal" && answer(message, told),
    make("div", { class: "row" }, pin, pin && make("button", { class: "primary", onclick: () => act("apply", { id, pin: pin.value }) }, "Use these settings"), remove)].filter(Boolean);
}

function file(id, part) {
  return make("li", {}, make("span", { class: "kind" }, part.type.split("/")[0]),
    make("span", {}, part.name || part.type, make("small", {}, `${part.type}, ${size(part.octets)}${part.seconds ? `, ${part.seconds} s` : ""}`),
      part.type === "audio/amr" && decoder && make("button", { class: "play", onclick: (event) => play(event.target, id, part) }, "Play"),
      PLAYED.includes(part.type) && make("audio", { controls: true, src: `/part/${id}/${part.index}`, preload: "none", "aria-label": part.name || "Sound" })),
    make("a", { class: "button", href: `/save/${id}/${part.index}`, download: "" }, "Save"));
}

async function play(button, id, part) {
  button.disabled = true;
  try {
    const src = URL.createObjectURL(await playable(`/save/${id}/${part.index}`));
    const audio = make("audio", { controls: true, autoplay: true, src, "aria-label": part.name || "Sound" });
    button.replaceWith(audio);
    audio.focus();
  } catch (failure) {
    button.replaceWith(make("small", { role: "alert" }, failure.message));
  }
}

// Slide by slide; each has its picture, its words and its sound. Without slides, one text.
async function slides(id, parts, words) {
  const numbers = [...new Set(parts.filter((part) => part.type !== "application/smil").map((part) => part.slide))];
  if (!numbers.length) return [make("blockquote", {}, words)];
  const figures = await Promise.all(numbers.map(async (number, at) => {
    const mine = parts.filter((part) => part.slide === number);
    const figure = make("figure", { "aria-label": number === null ? "More" : `Slide ${at + 1} of ${numbers.length}` });
    for (const part of mine) {
      if (SHOWN.includes(part.type)) figure.append(make("img", { src: `/part/${id}/${part.index}`, alt: part.name || "Picture" }));
      if (part.type === "text/plain") figure.append(make("figcaption", {}, await text(`/part/${id}/${part.index}`).catch((failure) => failure.message)));
    }
    return figure.children.length ? figure : null;
  }));
  const all = figures.filter(Boolean);
  if (all.length < 2) return all;
  return [make("div", { class: "slides" }, ...all), controls(all)];
}

function controls(all) {
  let at = 0;
  const place = make("span", { "aria-live": "polite" });
  const turn = (to) => {
    at = (to + all.length) % all.length;
    all.forEach((figure, index) => { figure.hidden = index !== at; });
    place.textContent = `${at + 1} of ${all.length}`;
  };
  const play = make("button", { class: "primary", onclick: () => {
    if (player) return stop();
    turn(0);
    play.textContent = "Pause";
    player = { end: () => { play.textContent = "Play"; }, timer: setInterval(() => (at + 1 < all.length ? turn(at + 1) : stop()), SLIDE_MS) };
  } }, "Play");
  turn(0);
  return make("div", { class: "row player" }, make("button", { "aria-label": "Slide before", onclick: () => turn(at - 1) }, "‹"), play, make("button", { "aria-label": "Next slide", onclick: () => turn(at + 1) }, "›"), place);
}

function stop() {
  if (!player) return;
  clearInterval(player.timer);
  player.end();
  player = null;
}

function answer(message, told) {
  const field = make("textarea", { rows: 2, id: "answer", placeholder: "Answer" });
  const many = told.to && told.to.length + (told.cc || []).length > 1;
  const go = async (event, everybody) => {
    event.preventDefault();
    try {
      if (!field.value.trim()) throw new Failure("A text, please");
      await perform(everybody ? "replyall" : "reply", { id: message.id, text: field.value });
      field.value = "";
      refresh();
    } catch (failure) {
      find("message").querySelector(".error").textContent = failure.message;
    }
  };
  return make("form", { class: "answer", onsubmit: (event) => go(event, false) }, make("label", { for: "answer" }, "Answer"), field,
    make("div", { class: "row" }, make("button", { class: "primary" }, "Reply"), many && make("button", { type: "button", onclick: (event) => go(event, true) }, "Reply to all")));
}

const QUIET = ["sent", "received", "picture", "checking", "checked", "captured", "connected", "attached", "context_up", "context_lost", "heard", "unheard"];

listen((event) => {
  if (event.event === "sent" || event.event === "received") {
    moving[event.id] = event.of ? `${Math.round((100 * event.octets) / event.of)} %` : size(event.octets);
    const pill = find("list").querySelector(`[data-id="${event.id}"] .moves`);
    if (pill) pill.textContent = moving[event.id]; else list();
    return;
  }
  if (QUIET.includes(event.event)) return;
  if (event.id) delete moving[event.id];
  refresh();
});

export function begin() {
  find("in").addEventListener("click", () => { box = "in"; list(); });
  find("out").addEventListener("click", () => { box = "out"; list(); });
  refresh();
}
