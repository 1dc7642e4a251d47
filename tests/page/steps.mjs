// What the stories of all pages share: a step that has to hold, and a page that people can use who do not see it.

import { readFileSync } from "node:fs";
import { AXE } from "../../tools/phone/browser.mjs";

export function expect(holds, what) {
  if (!holds) throw new Error(what);
}

// Chromium without a content security policy of the page (bypassCSP) runs axe-core in it.
export async function axe(page, where) {
  await page.evaluate(readFileSync(AXE, "utf8"));
  const found = await page.evaluate(async () => (await window.axe.run()).violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 120) + node.failureSummary).join("; ")}`));
  expect(found.length === 0, `${where}: ${found.join("\n")}`);
}
