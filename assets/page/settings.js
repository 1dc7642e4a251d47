// The settings, each with a control for the values that its rule takes; the handset checks and writes them.

import { find, make, perform } from "./phone.js";

const LISTS = ["recipients", "hosts", "networks"];

// The place of a setting: its group, and its name there.
function split(name) {
  const steps = name.split("."), head = steps[0] === "operators" ? 2 : Math.min(1, steps.length - 1);
  return [steps.slice(0, head).join("."), steps.slice(head).join(".")];
}

function control({ name, takes, value, secret }) {
  const [kind, ...more] = takes.split(" ");
  const shown = secret || value === null ? "" : Array.isArray(value) ? value.join(", ") : String(value);
  const choices = kind === "yes" ? ["true", "false"] : kind === "one" ? more.filter((one) => one !== "-") : null;
  const element = choices
    ? make("select", {}, ...["", ...choices].map((one) => make("option", { value: one, selected: one === shown }, one || "usual")))
    : make("input", { type: secret ? "password" : "text", inputmode: kind === "whole" ? "numeric" : null, autocomplete: secret ? "new-password" : "off", value: shown, placeholder: secret && value ? "kept, not shown" : kind === "whole" ? more.join(" to ") : null });
  element.id = `set-${name}`;
  return { name, element, kind, old: shown, secret };
}

// The value of a control inside an object, which the handset takes as it is.
function typed({ kind, element }) {
  const value = element.value.trim();
  if (kind === "yes") return value === "true";
  return kind === "whole" ? Number(value) : LISTS.includes(kind) ? value.split(/[ ,]+/) : value;
}

function group(name, rows) {
  const controls = rows.map(control), said = make("p", { role: "status" });
  const isNew = name.startsWith("operators.") && rows.every((row) => row.value === null);
  async function save(event) {
    event.preventDefault();
    said.className = "";
    const told = [], changed = controls.filter((one) => one.element.value !== one.old);
    try {
      if (isNew && changed.length) {
        await perform("set", { setting: name, value: Object.fromEntries(changed.map((one) => [split(one.name)[1], typed(one)])) });
        return show(`${name}: saved`);
      }
      for (const one of changed) {
        const answer = await perform("set", { setting: one.name, value: one.element.value.trim() || null });
        told.push(`${split(one.name)[1]}: ${answer.text}.`);
        if (one.secret) one.element.value = "";
        one.old = one.element.value;
      }
      said.textContent = told.join(" ") || "Nothing was changed.";
    } catch (failure) {
      said.className = "error";
      said.textContent = [...told, failure.message].join(" ");
    }
  }
  return make("details", {}, make("summary", {}, name.replace("operators.", "operator ") || "handset"),
    make("form", { onsubmit: save },
      ...controls.flatMap(({ name: key, element }) => [make("label", { for: element.id }, split(key)[1].replaceAll("_", " ")), element]),
      said, make("button", {}, "Save")));
}

export async function show(words = "") {
  find("settings-result").textContent = words;
  try {
    const groups = new Map();
    for (const row of (await perform("set")).sections) {
      const [name] = split(row.name);
      groups.set(name, [...(groups.get(name) || []), row]);
    }
    find("settings").replaceChildren(...[...groups].map(([name, rows]) => group(name, rows)));
  } catch (failure) {
    find("settings-result").textContent = failure.message;
  }
}
