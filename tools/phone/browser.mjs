// Chromium as scripts want it: `open(options)` gives a page of a new profile, `close()` ends the browser.

import { createRequire } from "node:module";

const require = createRequire(`${process.env.PACKAGES}/`);
const { chromium } = require("playwright-core");
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];
export const AXE = require.resolve("axe-core/axe.min.js");
export const NARROW = { width: 390, height: 780 }, WIDE = { width: 1180, height: 800 };

let browser = null;

// `rules` maps names to addresses, as a name server in the same network would.
export async function start(rules = "") {
  const args = rules ? [...FLAGS, `--host-resolver-rules=${rules}`] : FLAGS;
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM, headless: true, args });
}

export async function open(options = {}) {
  const context = await browser.newContext({ viewport: WIDE, locale: "en-GB", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(20000);
  page.on("pageerror", (error) => { console.log("error on the page:", error.message); process.exitCode = 1; });
  return page;
}

export async function visit(page, url, section = "") {
  await page.goto(`${url}/${section}`);
  await page.waitForSelector('body[data-state="ready"]');
}

export async function close() { await browser.close(); }
