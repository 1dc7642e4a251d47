// The handset, as the page asks it: commands as the console has them (docs/console.md), files, and events.

let token = "";
export let decoder = null;
const listeners = [];

export class Failure extends Error {
  constructor(text, status) { super(text); this.status = status; }
}

async function ask(path, options = {}) {
  let answer;
  try {
    answer = await fetch(path, { cache: "no-store", ...options, headers: { "X-Token": token, ...options.headers } });
  } catch {
    throw new Failure("The handset does not answer: is it running, and in reach?");
  }
  if (answer.ok) return answer;
  const told = await answer.json().catch(() => ({}));
  if (answer.status === 401) tell({ event: "signed_out" });
  throw new Failure(told.error || `The handset answers ${answer.status}`, answer.status);
}

async function json(path, content) {
  const options = content === undefined ? {} : { method: "POST", body: JSON.stringify(content) };
  return (await ask(path, options)).json();
}

// Whether the page may be used, and what it has to know first; with a password, signs in.
export async function session(password) {
  const told = await json("/session", password === undefined ? undefined : { password });
  token = told.token || "";
  decoder = told.decoder || null;
  return told;
}

export async function leave() {
  await json("/leave", {});
  tell({ event: "signed_out" });
}

// The answer to a command; a Failure has the handset's words and its advice.
export async function perform(name, more = {}) {
  const told = await json("/do", { do: name, ...more });
  if (told.ok) return told;
  throw new Failure(told.advice ? `${told.error}: ${told.advice}` : told.error);
}

// A picture that the camera takes now and nobody keeps, as a Blob.
export async function view() {
  const blob = await (await ask("/view", { method: "POST" })).blob();
  const end = new Uint8Array(await blob.slice(-2).arrayBuffer());
  if (end[0] !== 0xff || end[1] !== 0xd9) throw new Failure("The picture broke off: try again");
  return blob;
}

// Hand a File over: its name in the handset, and its octets.
export async function upload(file, limit) {
  const ending = file.name.split(".").pop().toLowerCase().replace(/[^a-z0-9]/g, "");
  if (file.size > limit) throw new Failure(`${file.name} has ${size(file.size)}; a message takes ${size(limit)}`);
  return (await ask(`/upload/${ending || "bin"}`, { method: "POST", body: file })).json();
}

export async function blob(path) {
  return (await ask(path)).blob();
}

// A sound in AMR as a Blob that a browser plays, by the decoder of the settings.
export async function playable(path) {
  const octets = new Blob([await blob(path)]); // without a type: nothing is asked before
  const answer = await fetch(decoder, { method: "POST", body: octets }).catch(() => null);
  if (!answer) throw new Failure("The decoder of sounds does not answer: save the sound");
  if (!answer.ok) throw new Failure(`This sound cannot be played: ${await answer.text()}`);
  return answer.blob();
}

export async function text(path) {
  return (await ask(path)).text();
}

export function listen(listener) { listeners.push(listener); }

function tell(event) { for (const listener of listeners) listener(event); }

let source = null;

// Hear events from here on; the browser connects again by itself when the handset was away.
export function hear() {
  if (source) source.close();
  source = new EventSource("/events");
  source.onopen = () => tell({ event: "heard" });
  source.onmessage = (message) => tell(JSON.parse(message.data));
  source.onerror = async () => {
    tell({ event: "unheard" });
    if (source.readyState !== EventSource.CLOSED) return;
    await new Promise((go) => setTimeout(go, 3000));
    try {
      if ((await session()).open) hear(); else tell({ event: "signed_out" });
    } catch {
      source.onerror();
    }
  };
}

export function deafen() { if (source) source.close(); }

export function size(octets) {
  return octets < 1000 ? `${octets} octets` : octets < 1e6 ? `${Math.round(octets / 1000)} kB` : `${(octets / 1e6).toFixed(1)} MB`;
}

// An element with attributes and children; texts are texts, whatever is in them.
export function make(name, more = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(more)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const find = (id) => document.getElementById(id);
