// Octets of heap that a job takes in 32-bit MicroPython, beside the small rooms that everything needs:
// node peak.mjs MICROPYTHON.MJS FOLDER SCRIPT IMPORTS    prints octets that importing keeps, and the most that are in
// use between two steps. SCRIPT defines step(), which is true while there is more to do.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [module, folder, script, imports] = process.argv.slice(2);
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
interpreter.runPython("import gc, sys; sys.path[:] = ['/', '.frozen']");
interpreter.runPython("import mms.errors, mms.limits, array, struct");
const before = used();
interpreter.runPython(imports);
const code = used() - before;
interpreter.runPython(readFileSync(script, "utf8"));
let most = 0;
do {
  interpreter.runPython("more = step()");
  most = Math.max(most, used() - before);
} while (interpreter.globals.get("more"));
console.log(`${code} ${most}`);
