// 32-bit MicroPython with the files of a folder: begin(MICROPYTHON.MJS, FOLDER) gives the interpreter, and a function
// that counts the octets of heap in use.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { pathToFileURL } from "node:url";

export async function begin(module, folder) {
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
  return { interpreter, used };
}
