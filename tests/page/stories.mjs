// What a person does with the page, as tests/page/test_browser.py asks for it: node stories.mjs NAME WORDS...
// Exit status 1 when a step did not come true.

import { NARROW, WIDE, close, open, start, visit } from "../../tools/phone/browser.mjs";
import { axe, expect } from "./steps.mjs";

const [name, ...words] = process.argv.slice(2);
const text = (page, selector) => page.locator(selector).first().innerText();

async function message(page) {
  await page.locator("#list button").first().click();
  await page.waitForSelector("#message:not([hidden])");
}

const stories = {
  // A picture of alice's camera and a file go to bob; bob plays the slides and answers; alice sees both marks.
  async journey(alice, bob, number, file) {
    const [a, b] = [await open(), await open({ viewport: NARROW, colorScheme: "dark" })];
    await visit(b, bob, "#messages");
    await visit(a, alice, "#camera");
    await a.click("#look");
    await a.waitForFunction(() => document.getElementById("frame").naturalWidth === 160);
    await a.click("#shutter");
    await a.waitForSelector("#after:not([hidden])");
    await a.waitForFunction(() => document.getElementById("frame").naturalWidth === 640);
    expect((await text(a, "#shot-facts")).startsWith("640 × 480"), "the facts of the picture");
    await a.click("#use");
    await a.setInputFiles("#file", file);
    await a.waitForSelector("#parts li:nth-child(2)");
    await a.fill("#to", number);
    await a.fill("#subject", "<b>The fox</b>");
    await a.fill("#text", "It is back. https://example.org/fox");
    expect(/^About 3\d kB, \d+ s over GSM, price unknown$/.test(await text(a, "#cost")), `octets and time: ${await text(a, "#cost")}`);
    await a.check("#reading", { force: true }).catch(async () => { await a.click("summary"); await a.check("#reading"); });
    await a.click("#send");
    await a.waitForSelector("#moving:not([hidden])");
    expect((await text(a, "#moving-text")).startsWith("Sending"), "progress while it moves");
    await a.waitForSelector('[data-mark="delivered"]');

    await b.waitForSelector("#list .unread");
    expect((await text(b, "#list .middle")) === "<b>The fox</b>", "a subject is a text");
    await message(b);
    await b.waitForFunction(() => [...document.querySelectorAll("#message img")].every((image) => image.naturalWidth > 0));
    expect(await b.locator("#message figure").count() === 2, "two slides");
    expect((await text(b, "#message .player span")) === "1 of 2" && await b.locator("#message figure:visible").count() === 1, "the first slide");
    await b.click("#message .player .primary");
    await b.waitForFunction(() => document.querySelector("#message .player span").textContent === "2 of 2");
    expect(await b.locator("#message figure:visible").count() === 1, "the second slide came by itself");
    expect(await b.locator("#message a[href^=http]").count() === 0, "links are text");
    await b.fill("#answer", "Lovely!");
    await b.click("#message form .primary");
    await a.waitForSelector('[data-mark="read"]');
    await a.click("#in");
    await a.waitForSelector("#list .unread");
    await message(a);
    await a.waitForFunction(() => document.querySelector("#message").innerText.includes("Lovely!"));
  },

  // Alice records a sound, which the lab decodes for bob's browser; and a sound that is none says so.
  async sound(alice, bob, number) {
    const [a, b] = [await open(), await open()];
    await visit(a, alice, "#write");
    await visit(b, bob, "#messages");
    await a.click("#record");
    await a.waitForSelector("#parts li");
    expect((await text(a, "#parts li small")) === "3 kB", await text(a, "#parts li small"));
    await a.fill("#to", number);
    await a.fill("#subject", "A voice");
    await a.click("#send");
    await b.waitForSelector("#list .unread");
    await message(b);
    expect((await text(b, "#message .parts small")) === "audio/amr, 3 kB, 5 s", await text(b, "#message .parts small"));
    await b.click("#message .play");
    await b.waitForFunction(() => document.querySelector("#message audio")?.duration === 5);
    await b.waitForFunction(() => document.querySelector("#message audio").currentTime > 0.2);
    await axe(b, "a sound");
  },

  // Each section, on both sizes and in both colour schemes, for people who do not see it, or use no mouse.
  async reach(alice) {
    for (const [viewport, colorScheme] of [[NARROW, "light"], [WIDE, "dark"]]) {
      const page = await open({ viewport, colorScheme, bypassCSP: true });
      for (const section of ["camera", "write", "messages", "phone"]) {
        await visit(page, alice, `#${section}`);
        await page.waitForSelector(`#${section}:not([hidden])`);
        if (section === "messages") {
          await page.click("#in");
          await message(page);
        }
        await page.waitForTimeout(200);
        await axe(page, `${section}, ${colorScheme}`);
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(wider <= 0, `${section} is ${wider} wider than the screen`);
      }
      await page.goto("about:blank");
    }
    const page = await open();
    await visit(page, alice);
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement.className) === "skip", "the first is the way to the content");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement.hash) === "#camera", "then the sections");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#camera:not([hidden])");
    await page.focus("#shutter");
    await page.keyboard.press("Space");
    await page.waitForSelector("#after:not([hidden])");
    expect(await page.evaluate(() => document.activeElement.id) === "use", "the picture can be sent at once");
  },

  // Settings: one in force at once, one for the next start, a secret, one that is refused, the usual one, and an operator.
  async settings(alice) {
    const page = await open({ viewport: NARROW, bypassCSP: true });
    await visit(page, alice, "#phone");
    await page.waitForSelector("#settings details");
    const group = (name) => page.locator("#settings details").filter({ has: page.locator("summary", { hasText: new RegExp(`^${name}$`) }) });
    const save = async (name, wanted) => {
      await group(name).locator("button").click();
      await group(name).locator("[role=status]", { hasText: wanted }).waitFor();
    };
    for (const summary of await page.locator("#settings summary").all()) await summary.click();
    await axe(page, "settings");
    await page.getByLabel("register seconds").fill("90");
    await save("handset", "register_seconds: it is written into the settings file, and in force.");
    await page.getByLabel("pin", { exact: true }).fill("4321");
    await save("handset", "pin: it is written into the settings file: restart the handset to use it.");
    expect(await page.getByLabel("pin", { exact: true }).inputValue() === "", "a secret is not shown");
    await group("press").getByLabel("to", { exact: true }).fill("nobody");
    await save("press", "press.to: a list of at most 20 numbers");
    await axe(page, "a setting that is refused");
    await group("press").getByLabel("to", { exact: true }).fill("+447700900002, 25286");
    await save("press", "to: it is written");
    await group("camera").getByLabel("size").fill("QVGA");
    await save("camera", "size: it is written");
    await page.reload();
    await page.waitForSelector("#settings details");
    expect(await page.locator('[id="set-press.to"]').inputValue() === "+447700900002, 25286", "it is there again");
    expect(await page.locator("#set-pin").getAttribute("placeholder") === "kept, not shown", "the secret is kept");
    await page.locator("#settings summary", { hasText: "camera" }).click();
    await page.locator('[id="set-camera.size"]').fill("");
    await save("camera", "size: it is written");

    const operator = await page.evaluate(async () => (await (await import("/phone.js")).perform("status")).home);
    const old = await page.evaluate(async (name) => {
      const { perform } = await import("/phone.js"), field = (key) => document.getElementById(`set-operators.${name}.${key}`).value;
      await perform("set", { setting: `operators.${name}`, value: null });
      return { apn: field("apn"), mmsc: field("mmsc"), proxy: field("proxy") };
    }, operator);
    await page.reload();
    await page.locator("#settings summary", { hasText: `operator ${operator}` }).click();
    for (const key of ["proxy", "octets", "apn"]) await page.locator(`[id="set-operators.${operator}.${key}"]`).fill(old[key] ?? "300000");
    await save(`operator ${operator}`, `operators.${operator}.mmsc: is missing`);
    await page.locator(`[id="set-operators.${operator}.mmsc"]`).fill(old.mmsc);
    await group(`operator ${operator}`).locator("button").click();
    await page.locator("#settings-result", { hasText: "saved" }).waitFor();
  },

  // Five wrong passwords, then the right one has to wait.
  async password(alice) {
    const page = await open({ bypassCSP: true });
    await page.goto(alice);
    await page.waitForSelector("#sign:not([hidden])");
    await axe(page, "sign");
    for (let attempt = 1; attempt < 6; attempt += 1) {
      await page.fill("#password", `wrong ${attempt}`);
      await page.click("#sign-form button");
      await page.waitForFunction(() => document.getElementById("sign-error").textContent);
      expect((await text(page, "#sign-error")).startsWith("wrong password"), "it says so");
      await page.waitForTimeout(50);
    }
    expect((await text(page, "#sign-error")) === "wrong password: wait 30 seconds before the next", await text(page, "#sign-error"));
    await page.fill("#password", "open sesame");
    await page.click("#sign-form button");
    await page.waitForFunction(() => document.getElementById("sign-error").textContent.startsWith("too many"));
    expect(await page.locator("nav").isVisible() === false, "nothing else is shown");
  },

  // Another site, on another port of the same machine, which browsers send our cookie to; and one by another name.
  async strangers(alice, other, port) {
    const page = await open();
    await visit(page, alice);
    await page.goto(other);
    const told = await page.evaluate(async (url) => {
      const tried = {};
      await fetch(`${url}/do`, { method: "POST", mode: "no-cors", credentials: "include", body: '{"do": "send", "to": ["+447700900002"], "text": "spam"}' }).catch(() => {});
      tried.read = await fetch(`${url}/session`, { credentials: "include" }).then((answer) => answer.text()).catch(() => "refused");
      tried.token = await fetch(`${url}/do`, { method: "POST", headers: { "X-Token": "1" }, body: "{}" }).then(() => "answered").catch(() => "refused");
      tried.frame = await new Promise((done) => {
        const frame = document.createElement("iframe");
        frame.onload = () => { try { done(frame.contentDocument ? "read" : "refused"); } catch { done("refused"); } };
        frame.src = url;
        document.body.append(frame);
      });
      return tried;
    }, alice);
    expect(JSON.stringify(told) === '{"read":"refused","token":"refused","frame":"refused"}', JSON.stringify(told));
    const answer = await page.goto(`http://evil.example:${port}/session`);
    expect(answer.status() === 403 && (await answer.text()).includes("this page is not at evil.example"), "a rebound name");
    await visit(page, `http://phone.lan:${port}`, "#phone");
    expect((await text(page, "#number")).startsWith("+44"), "a name of the settings, where the browser trusts us less");
  },

  // A file that is too large, and one that is not what it says.
  async large(alice, large, wrong) {
    const page = await open();
    await visit(page, alice, "#write");
    for (const [file, words] of [[large, "2.0 MB; a message takes 1.1 MB"], [wrong, "it is no image/jpeg"]]) {
      await page.setInputFiles("#file", file);
      await page.waitForFunction((wanted) => document.getElementById("write-error").textContent.includes(wanted), words);
    }
    expect(await page.locator("#parts li").count() === 0, "nothing is attached");
    await page.click("#send");
    await page.waitForFunction(() => document.getElementById("write-error").textContent.startsWith("To whom"));
  },

  // A message of scripts, under names of scripts.
  async hostile(bob) {
    const page = await open();
    page.on("dialog", () => { console.log("a dialog"); process.exitCode = 1; });
    const asked = [];
    page.on("request", (request) => { if (!request.url().startsWith(bob) && !request.url().startsWith("blob:")) asked.push(request.url()); });
    await visit(page, bob, "#messages");
    await page.locator("#list button", { hasText: "<script>" }).click();
    await page.waitForSelector("#message .parts li").catch(async () => expect(false, `parts: ${await page.locator("main").innerText()}`));
    expect(await page.locator("#message script, #message iframe, #message [onerror], #message a[href^=http]").count() === 0, "only our own elements");
    expect((await text(page, "#message-title")).includes("<script>"), "the subject is a text");
    expect(await page.evaluate(() => window.hacked) === undefined && asked.length === 0, `nothing runs, nothing is asked: ${asked}`);
    for (const link of await page.locator("#message a[href^='/save/']").evaluateAll((found) => found.map((one) => one.href))) {
      for (const url of [link, link.replace("/save/", "/part/")]) {
        const answer = await page.request.get(url);
        const type = answer.headers()["content-type"];
        expect(["application/octet-stream", "image/jpeg", "text/plain; charset=utf-8"].includes(type), `${url} is ${type}`);
        expect(answer.headers()["x-content-type-options"] === "nosniff", "nosniff");
        expect(answer.headers()["content-disposition"]?.startsWith("attachment; filename=\""), "it is saved");
      }
    }
  },
};

try {
  await start(name === "strangers" ? "MAP evil.example 127.0.0.1, MAP phone.lan 127.0.0.1" : "");
  await stories[name](...words);
} catch (error) {
  console.log(error.stack);
  process.exitCode = 1;
} finally {
  await close();
}
