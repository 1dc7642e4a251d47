// Octets of heap that importing modules keeps in 32-bit MicroPython, from compiled .mpy files:
// node heap.mjs MICROPYTHON.MJS FOLDER MODULE...    prints one line a module: octets so far, name
import { readdirSync, readFileSync, statSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [module, folder, ...names] = process.argv.slice(2);
const { loadMicroPython } = await import(pathToFileURL(module));
const interpreter = await loadMicroPython({ pystack: 8 * 1024, heapsize: 1 << 20 });

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
  interpreter.runPython("gc.collect()");
  interpreter.runPython("used = gc.mem_alloc()");
  return interpreter.globals.get("used");
}

copy("");
interpreter.runPython("import gc, sys, asyncio; sys.path[:] = ['/', '.frozen']");
const before = used();
for (const name of names) {
  interpreter.runPython(`import ${name}`);
  console.log(`${used() - before} ${name}`);
}
