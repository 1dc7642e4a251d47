// What readers do with the report of a campaign, as tests/page/test_report.py asks for it: node report.mjs NAME WORDS...
// Exit status 1 when a step did not come true.

import { readFileSync, writeFileSync } from "node:fs";
import { NARROW, WIDE, close, open, start } from "../../tools/phone/browser.mjs";
import { axe, expect } from "./steps.mjs";

const [name, url, ...words] = process.argv.slice(2);
const A4 = { width: 695, height: 1000 }; // CSS pixels between the margins of the page

const wider = (page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

const stories = {
  // Everybody can read it, narrow and wide, light and dark; nothing of it scrolls sideways but tables in their frames.
  async read(folder) {
    const page = await open({ bypassCSP: true });
    const asked = [];
    page.on("request", (request) => { if (request.url() !== url) asked.push(request.url()); });
    await page.goto(url);
    for (const [size, viewport] of [["narrow", NARROW], ["wide", WIDE]]) {
      for (const colorScheme of ["light", "dark"]) {
        await page.setViewportSize(viewport);
        await page.emulateMedia({ colorScheme });
        await axe(page, `${size}, ${colorScheme}`);
        expect(await wider(page) <= 0, `${await wider(page)} wider than a ${size} screen`);
        if (folder) await page.screenshot({ path: `${folder}/report-${size}-${colorScheme}.png`, fullPage: true });
      }
    }
    expect(asked.length === 0, `nothing is asked: ${asked}`);
  },

  // A click on a column's head sorts a table, another one turns it; all is there without a script.
  async sort() {
    const page = await open({ viewport: WIDE });
    await page.goto(url);
    const column = () => page.locator(".figures").first().locator("tbody tr td:nth-child(2)").evaluateAll((cells) => cells.map((cell) => Number(cell.dataset.value)));
    const head = page.locator(".figures").first().locator("thead th").nth(1);
    const texts = await page.locator("main").innerText();
    for (const [direction, sign] of [["descending", -1], ["ascending", 1]]) {
      await head.locator("button").click();
      const values = await column();
      expect(values.length > 1 && values.join() === values.toSorted((one, other) => sign * (one - other)).join(), `${direction}: ${values}`);
      expect(await head.getAttribute("aria-sort") === direction, direction);
    }
    const plain = await open({ viewport: WIDE, javaScriptEnabled: false });
    await plain.goto(url);
    expect(await plain.locator("main").innerText() === texts, "all is there without a script");
  },

  // On A4 nothing is cut at the right, no light loses its colour, and the pages are as many as `most` at the utmost.
  async print(file, most) {
    const page = await open({ viewport: A4, colorScheme: "dark" });
    await page.goto(url);
    await page.emulateMedia({ media: "print" });
    expect(await wider(page) <= 0, `${await wider(page)} wider than the paper`);
    const cut = await page.evaluate(() => [...document.querySelectorAll("main *")]
      .filter((one) => one.getBoundingClientRect().right > innerWidth + 1).map((one) => one.outerHTML.slice(0, 80)));
    expect(cut.length === 0, `cut: ${cut.slice(0, 3)}`);
    const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(paper === "rgb(255, 255, 255)", `the paper is ${paper}`);
    writeFileSync(file, await page.pdf({ preferCSSPageSize: true, printBackground: true }));
    const text = readFileSync(file, "latin1"), pages = text.match(/\/Type \/Page\b(?!s)/g).length;
    const boxes = new Set(text.match(/\/MediaBox \[[^\]]*\]/g));
    expect(boxes.size === 1 && /\[0 0 59[45]\S* 84[12]\S*\]/.test([...boxes][0]), `A4: ${[...boxes]}`);
    expect(pages > 2 && pages <= Number(most), `${pages} pages`);
    const heads = await page.evaluate(() => [...document.querySelectorAll("thead button")].map((one) => getComputedStyle(one).display));
    expect(heads.length && heads.every((one) => one === "contents"), "heads of tables are whole on further pages, too");
    console.log(`${pages} pages`);
  },

  // The seconds until a large report is shown, the best of three.
  async fast(most) {
    const times = [];
    for (let turn = 0; turn < 3; turn++) {
      const page = await open();
      await page.goto(url);
      times.push(await page.evaluate(() => performance.getEntriesByType("navigation")[0].loadEventEnd / 1000));
      await page.context().close();
    }
    console.log(`shown in ${Math.min(...times).toFixed(2)} s`);
    expect(Math.min(...times) < Number(most), `shown in ${times} s`);
  },
};

try {
  await start();
  await stories[name](...words);
} catch (error) {
  console.log(error.stack);
  process.exitCode = 1;
} finally {
  await close();
}
