// What a recipient does with the page of a message, as tests/page/test_viewer.py asks for it: node viewer.mjs NAME WORDS...
// Exit status 1 when a step did not come true.

import { NARROW, WIDE, close, open, start } from "../../tools/phone/browser.mjs";
import { axe, expect } from "./steps.mjs";

const [name, ...words] = process.argv.slice(2);

// A page as it is, in light and dark, narrow and wide.
async function reach(page, where, folder) {
  for (const [size, viewport] of [["narrow", NARROW], ["wide", WIDE]]) {
    for (const colorScheme of ["light", "dark"]) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      await axe(page, `${where}, ${size}, ${colorScheme}`);
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(wider <= 0, `${where} is ${wider} wider than a ${size} screen`);
      if (folder) await page.screenshot({ path: `${folder}/${where}-${size}-${colorScheme}.png`, fullPage: true });
    }
  }
}

async function enter(page, url, code) {
  await page.goto(url);
  await page.fill("#code", code);
  await page.click("form:first-of-type button");
}

const loaded = (page) => page.waitForFunction(() => document.images.length && [...document.images].every((image) => image.naturalWidth > 0));

const stories = {
  // A wrong code, then the right one: two slides, pictures that come, and a sound that plays.
  async journey(url, code, folder) {
    const page = await open({ bypassCSP: true });
    await page.goto(url);
    await reach(page, "code", folder);
    await enter(page, url, "00000000");
    expect((await page.locator("[role=alert]").innerText()).startsWith("This code does not open"), "a wrong code");
    await reach(page, "wrong", "");
    await enter(page, url, code);
    await page.waitForSelector("section");
    await loaded(page);
    expect((await page.locator("h1").innerText()) === "On the hill", "the subject");
    expect((await page.locator("h2").allInnerTexts()).join() === "1 of 2,2 of 2", "two slides");
    expect((await page.locator(".text").first().innerText()).includes("ö"), "umlauts");
    await page.locator("audio").evaluate((sound) => { sound.muted = true; return sound.play(); });
    await page.waitForFunction(() => document.querySelector("audio").currentTime > 0.2);
    await page.locator("audio").evaluate((sound) => { sound.pause(); sound.currentTime = 0; });
    await reach(page, "message", folder);
    const cookie = (await page.context().cookies())[0];
    expect(cookie.httpOnly && cookie.sameSite === "Strict" && url.endsWith(cookie.path), JSON.stringify(cookie));
  },

  // The same without script, by keyboard, at an address of the operator's own name.
  async plain(url, code) {
    const page = await open({ javaScriptEnabled: false, viewport: NARROW });
    await page.goto(url);
    await page.keyboard.press("Tab");
    await page.keyboard.type(code);
    await page.keyboard.press("Enter");
    await page.waitForSelector("section");
    expect(await page.locator("section img").count() === 2 && page.url() === url, "the message");
    await page.reload();
    expect(await page.locator("section img").count() === 2, "and again");
    const file = page.waitForEvent("download");
    await page.click("text=Save sound 1");
    expect((await file).then === undefined && (await file).suggestedFilename() === "hello.amr", "the sound is saved");
  },

  // The page of a story that tells what each recipient saw.
  async report(url, folder) {
    const page = await open();
    await page.goto(url);
    await loaded(page);
    await reach(page, "report", folder);
  },

  // A message of scripts; and a form of another site, which is sent here with the cookie of a stranger's browser.
  async hostile(url, code, other) {
    const page = await open();
    const asked = [];
    page.on("dialog", () => { console.log("a dialog"); process.exitCode = 1; });
    page.on("request", (request) => { if (!request.url().startsWith(new URL(url).origin)) asked.push(request.url()); });
    await enter(page, url, code);
    await page.waitForSelector("section");
    expect(await page.locator("script, iframe, svg, img, [onerror], [onload]").count() === 0, "only our own elements");
    expect(await page.evaluate(() => window.hacked) === undefined && asked.length === 0, `nothing is asked: ${asked}`);
    for (const link of await page.locator("section a").evaluateAll((found) => found.map((one) => one.href))) {
      const answer = await page.request.get(link);
      expect(answer.headers()["content-type"] === "application/octet-stream", `${link} is ${answer.headers()["content-type"]}`);
    }
    await page.goto(other);
    const [answer] = await Promise.all([page.waitForResponse(url), page.click("button")]);
    expect(answer.status() === 403 && (await answer.text()).includes("forms of other sites"), `a foreign form: ${answer.status()}`);
  },
};

try {
  await start("MAP v.o2.example 127.0.0.1");
  await stories[name](...words);
} catch (error) {
  console.log(error.stack);
  process.exitCode = 1;
} finally {
  await close();
}
