// A board: 32-bit MicroPython with compiled files in its flash, turned by whoever writes to standard input.
// node board.mjs MICROPYTHON.MJS FOLDER GROUND.PY
// Each line of standard input is a JSON object, answered by one of standard output:
//   {now, modem, camera, typed}  the time in ms, octets for the three lines (hexadecimal): {due, modem, camera, said, ...}
//   {now, run: text}             run Python; {now, count: true} collect, then octets in use; {now, ask: expression}
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [module, folder, ground] = process.argv.slice(2);
let now = 0;
Date.now = () => 1790000000000 + now;  // of MicroPython's ticks, and of its date

const { loadMicroPython } = await import(pathToFileURL(module));
// The collector keeps a block to whose address any word of the heap is equal. Names are numbered from 0 on, two in a word:
// a heap behind this address has no block that two of them name, so figures do not depend on chance.
const BEHIND = 256 << 20;
let said = "", wrote = ["", ""], told = [];
const interpreter = await loadMicroPython({
  pystack: 8 * 1024, heapsize: 1 << 15,  // it grows, behind BEHIND
  stdout: (octets) => { said += typeof octets === "string" ? octets : Buffer.from(octets).toString(); },
  linebuffer: false,
});
interpreter._module._malloc(BEHIND);
interpreter.registerJsModule("node", {
  wrote: (number, octets) => { wrote[number] += octets; },
  said: (text) => { said += text; },
  rate: (number, baud) => { told.push(["rate", number, baud]); },
  lost: (number, octets) => { told.push(["lost", number, octets]); },
  pin: (number, value) => { told.push(["pin", number, value]); },
  fed: (ms) => { told.push(["fed", ms]); },
  sha1: (octets) => createHash("sha1").update(Buffer.from(octets, "hex")).digest("hex"),
  ended: () => { told.push(["ended"]); },
});

function copy(path) {
  if (statSync(`${folder}/${path}`).isDirectory()) {
    if (path) interpreter.FS.mkdir(`/${path}`);
    for (const name of readdirSync(`${folder}/${path}`)) copy(path ? `${path}/${name}` : name);
  } else {
    interpreter.FS.writeFile(`/${path}`, readFileSync(`${folder}/${path}`));
  }
}

// collecting only happens when the outermost runPython returns: so each step is one of its own
function used() {
  interpreter.runPython("import gc");
  interpreter.runPython("gc.collect()");
  interpreter.runPython("_used = gc.mem_alloc()");
  return interpreter.globals.get("_used");
}

copy("");
interpreter.FS.chdir("/");
let turn = null;

function answer(given) {
  now = given.now;
  if (given.ground) {
    interpreter.FS.writeFile("/ground.py", readFileSync(ground));
    interpreter.runPython("import sys; sys.path[:] = ['/', '.frozen']");
    const bare = used();
    interpreter.runPython("import asyncio; asyncio.Event, asyncio.Lock, asyncio.gather");
    const loop = used();
    interpreter.runPython("import ground; ground.begin()");
    turn = interpreter.globals.get("sys").modules.ground?.turn ?? interpreter.pyimport("ground").turn;
    interpreter.runPython("import micropython");
    return { bare, loop, ground: used() };
  }
  if (given.count) return { used: used() };
  if (given.run) { interpreter.runPython(given.run); return {}; }
  if (given.ask) {
    interpreter.runPython("import json");
    interpreter.runPython(`_told = json.dumps(${given.ask})`);
    const value = JSON.parse(interpreter.globals.get("_told"));
    interpreter.runPython("_told = None");
    return { value };
  }
  return { due: turn(given.modem ?? "", given.camera ?? "", given.typed ?? "") };
}

for await (const line of createInterface({ input: process.stdin })) {
  let result;
  try {
    result = answer(JSON.parse(line));
  } catch (error) {
    result = { error: String(error), stack: error.stack };
  }
  console.log(JSON.stringify({ ...result, said, modem: wrote[0], camera: wrote[1], told }));
  said = "", wrote = ["", ""], told = [];
}
