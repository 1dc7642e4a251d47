// Runs portable test files inside 32-bit MicroPython: node run.mjs MICROPYTHON.MJS ROOT FILE...
// Prints what tests/kit/inside.py prints, then the octets of heap that each file's imports keep.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [module, root, ...files] = process.argv.slice(2);
const { loadMicroPython } = await import(pathToFileURL(module));

function copy(interpreter, path) {
  if (statSync(`${root}/${path}`).isDirectory()) {
    interpreter.FS.mkdir(`/${path}`);
    for (const name of readdirSync(`${root}/${path}`)) copy(interpreter, `${path}/${name}`);
  } else if (path.endsWith(".py")) {
    interpreter.FS.writeFile(`/${path}`, readFileSync(`${root}/${path}`));
  }
}

let failed = 0;
for (const file of files) {
  const interpreter = await loadMicroPython({ pystack: 8 * 1024, linebuffer: true });
  for (const folder of ["lib", "tests"]) copy(interpreter, folder);
  interpreter.runPython("import sys; sys.path[:] = ['/lib', '/', '.frozen']");
  interpreter.runPython("from tests.kit import inside");
  interpreter.runPython(`failed = inside.run("${file}")[1]`);
  failed += interpreter.globals.get("failed");
}
process.exit(failed ? 1 : 0);
