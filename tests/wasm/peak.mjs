// Octets of heap that a job takes in 32-bit MicroPython, beside the small rooms that everything needs:
// node peak.mjs MICROPYTHON.MJS FOLDER SCRIPT IMPORTS    prints octets that importing keeps, and the most that are in
// use between two steps. SCRIPT defines step(), which is true while there is more to do.
import { readFileSync } from "node:fs";
import { begin } from "./interpreter.mjs";

const [module, folder, script, imports] = process.argv.slice(2);
const { interpreter, used } = await begin(module, folder);

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
