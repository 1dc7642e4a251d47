// What a subscriber does at the portal, as tests/page/test_portal.py asks for it: node portal.mjs NAME WORDS...
// Exit status 1 when a step did not come true.

import { NARROW, close, open, start } from "../../tools/phone/browser.mjs";
import { axe, expect } from "./steps.mjs";

const [name, url, ...words] = process.argv.slice(2);

// The page as it is now, without a violation wide and light, narrow and dark; a narrow one does not scroll sideways.
async function reach(page, where) {
  const wide = page.viewportSize();
  await axe(page, where);
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize(NARROW);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${where} scrolls sideways`);
  await axe(page, `${where}, narrow and dark`);
  await page.setViewportSize(wide);
  await page.emulateMedia({ colorScheme: "light" });
}

// The code of the SMS, as a page of the test's own has it.
const code = async (from) => (await (await fetch(from)).text()).trim();

async function enter(page, texts) {
  await page.goto(url);
  await page.fill("#number", "07700 900001");
  await page.click("button.primary");
  await page.waitForSelector("#code");
  await page.fill("#code", await code(texts));
  await page.click("button.primary");
  await page.waitForURL("**/album");
}

async function tool(page, name) {
  const summary = page.locator(`details[data-tool=${name}] > summary`);
  if (!(await page.locator(`details[data-tool=${name}][open]`).count())) await summary.click();
  return page.locator(`details[data-tool=${name}]`);
}

// The picture on the page has come, and is another one than before.
async function drawn(page, before) {
  await page.waitForFunction((src) => {
    const image = document.querySelector(".stage img");
    return image && image.complete && image.naturalWidth > 0 && image.src !== src;
  }, before);
  return page.locator(".stage img").evaluate((image) => image.src);
}

async function drag(page, mark, x, y) {
  const at = await page.locator(mark).first().boundingBox(), place = await page.locator(".stage img").boundingBox();
  await page.mouse.move(at.x + at.width / 2, at.y + at.height / 2);
  await page.mouse.down();
  await page.mouse.move(place.x + place.width * x, place.y + place.height * y, { steps: 4 });
  await page.mouse.up();
}

const stories = {
  // Alice signs in, makes a cartoon with a bubble out of a picture, undoes a step, makes a strip, and sends it.
  async journey(texts, file, to) {
    const page = await open();
    await page.goto(url);
    await reach(page, "signing in");
    await enter(page, texts);
    await reach(page, "an empty album");
    await page.click("text=New picture");
    await reach(page, "a new picture");
    await page.goto(`${url}/code`);
    await page.fill("#code", "000000");
    await page.click("button.primary");
    await page.waitForSelector("#wrong");
    await reach(page, "a wrong code");
    await page.goto(`${url}/new`);
    await page.setInputFiles("#file", file);
    await page.click("text=Put it into the album");
    let src = await drawn(page, "");
    await (await tool(page, "cartoon")).getByRole("button").click();
    src = await drawn(page, src);
    const bubble = await tool(page, "bubble");
    await bubble.locator("textarea").fill("Grüße aus Köln!");
    await drag(page, ".mark.place", 0.35, 0.2);
    await drag(page, ".mark.tip", 0.6, 0.7);
    expect(Math.abs(await page.inputValue("#bubble-tip_y") - 700) < 20, `the tip: ${await page.inputValue("#bubble-tip_y")}`);
    await reach(page, "the tools");
    await bubble.getByRole("button").click();
    src = await drawn(page, src);
    const crop = await tool(page, "crop");
    await drag(page, ".mark.corner", 0.2, 0.1);
    expect(Math.abs(await page.inputValue("#crop-left") - 200) < 20, `the edge: ${await page.inputValue("#crop-left")}`);
    await crop.getByRole("button").click();
    src = await drawn(page, src);
    expect(await page.locator(".steps li").count() === 3, "three steps");
    await page.click("text=Undo >> nth=0");
    src = await drawn(page, src);
    expect(await page.locator(".steps li").count() === 2, "the crop is undone");
    await page.fill("#caption", "The hill");
    await page.click("text=Save");
    await page.waitForFunction(() => document.querySelector("h1").textContent === "The hill");
    await page.click("nav >> text=Album");
    await page.click("text=New picture");
    await page.click("text=night");
    await page.click("text=Begin with a blank sheet");
    await drawn(page, "");
    await (await tool(page, "stamp")).getByRole("button").click();
    await page.waitForSelector(".steps li:nth-child(2)");
    await page.click("nav >> text=Album");
    await page.check(".tile:nth-child(1) input[type=checkbox]");
    await page.check(".tile:nth-child(2) input[type=checkbox]");
    await reach(page, "the album");
    await page.click("text=Make a strip");
    await reach(page, "a strip");
    await page.click("main >> text=Make the strip");
    await drawn(page, "");
    await page.click("main >> text=Send");
    await page.fill("#to", "nowhere");
    await page.setInputFiles("#picture1", file);
    await page.click("main >> button:text('Send')");
    await page.waitForSelector("#wrong");
    await reach(page, "a message with a mistake");
    expect((await page.innerText(".kept")).includes("sample.jpg"), "the file is kept");
    await page.check("[name=drop_picture1]");
    await page.fill("#to", to);
    await page.fill("#subject", "A strip");
    await reach(page, "writing");
    await page.click("main >> button:text('Send')");
    await page.waitForURL("**/sent?said=sent");
    expect((await page.innerText(".message")).includes("1 picture"), await page.innerText(".message"));
    await reach(page, "the sent messages");
    await page.click("nav >> text=Album");
    await page.locator(".tile a").first().click();
    await page.click("text=Delete this picture");
    await page.click("summary");
    await reach(page, "a deleted picture");
    await page.click("button:text('Put back')");
    await page.waitForURL("**said=restored*");
    expect(await page.locator(".tile").count() === 3, "it is back");
    await page.click("text=Sign out");
    await page.waitForURL("**/sign-in?said=out");
  },

  // All of it without script and by keyboard alone.
  async plain(texts, file) {
    const page = await open({ javaScriptEnabled: false });
    await enter(page, texts);
    await page.goto(`${url}/new`);
    await page.setInputFiles("#file", file);
    await page.focus("#file");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/album/*");
    await page.focus("details[data-tool=text] > summary");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.keyboard.type("Hello");
    for (let at = 0; at < 3; at++) await page.keyboard.press("Tab");
    for (let at = 0; at < 5; at++) await page.keyboard.press("ArrowLeft");
    expect(await page.inputValue("#text-x") === "450", await page.inputValue("#text-x"));
    await page.keyboard.press("Enter");
    await page.waitForSelector(".steps");
    expect((await page.innerText(".steps")).includes("Hello"), await page.innerText(".steps"));
  },

  // What others wrote is text, and no page of another site can act for alice.
  async strangers(texts, other) {
    const page = await open();
    page.on("dialog", () => { throw new Error("a script ran"); });
    await enter(page, texts);
    await page.goto(`${url}/album`);
    expect((await page.innerText(".caption")).includes("<script>"), "a caption is text");
    await axe(page, "hostile captions");
    const before = await page.locator(".tile").count();
    await page.goto(other);
    await page.evaluate((target) => {
      const form = document.body.appendChild(document.createElement("form"));
      form.method = "post";
      form.action = target;
      form.submit();
    }, `${url}/sign-out`);
    await page.waitForSelector("h1");
    expect((await page.innerText("h1")).includes("not ours"), await page.innerText("h1"));
    await axe(page, "a problem");
    await page.goto(`${url}/album`);
    expect(await page.locator(".tile").count() === before, "still signed in");
  },
};

// The pages as docs/ shows them, into a folder.
stories.pictures = async (texts, folder) => {
  const page = await open({ viewport: { width: 1180, height: 860 }, deviceScaleFactor: 1 });
  await enter(page, texts);
  const shot = async (title) => {
    await page.evaluate(() => Promise.all([...document.images].map((image) => image.decode().catch(() => 0))));
    await page.screenshot({ path: `${folder}/${title}.png` });
    await page.setViewportSize(NARROW);
    await page.emulateMedia({ colorScheme: "dark" });
    await page.screenshot({ path: `${folder}/${title}-narrow.png` });
    await page.setViewportSize({ width: 1180, height: 860 });
    await page.emulateMedia({ colorScheme: "light" });
  };
  await page.goto(`${url}/album`);
  await shot("album");
  await page.locator(".tile a").nth(1).click();
  const bubble = await tool(page, "bubble");
  await bubble.locator("textarea").fill("See you at the hill?");
  await shot("picture");
  await page.goto(`${url}/new`);
  await shot("new");
  await page.goto(`${url}/write`);
  await shot("write");
  await page.goto(`${url}/sent`);
  await shot("sent");
  await page.goto(`${url}/album/none`);
  await shot("problem");
};

await start();
try {
  await stories[name](...words);
} catch (error) {
  console.log(`${name}: ${error.stack}`);
  process.exitCode = 1;
} finally {
  await close();
}
