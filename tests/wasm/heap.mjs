// Octets of heap that importing modules keeps in 32-bit MicroPython, from compiled .mpy files:
// node heap.mjs MICROPYTHON.MJS FOLDER MODULE...    prints one line a module: octets so far, name
import { begin } from "./interpreter.mjs";

const [module, folder, ...names] = process.argv.slice(2);
const { interpreter, used } = await begin(module, folder);

interpreter.runPython("import asyncio");
const before = used();
for (const name of names) {
  interpreter.runPython(`import ${name}`);
  console.log(`${used() - before} ${name}`);
}
