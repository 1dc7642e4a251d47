// Takes pictures of two phones while a message crosses: node pictures.mjs ALICE BOB NUMBER FOLDER

import { NARROW, WIDE, close, open, start, visit } from "./browser.mjs";

const [alice, bob, number, folder] = process.argv.slice(2);
const shot = (page, name) => page.screenshot({ path: `${folder}/${name}.png` });
const light = { viewport: NARROW, colorScheme: "light" }, dark = { viewport: NARROW, colorScheme: "dark" };

async function settled(page) {
  await page.waitForFunction(() => [...document.images].every((image) => image.hidden || image.complete));
  await page.waitForFunction(() => !document.querySelector("#said p") && document.getElementById("moving").hidden);
  await page.evaluate(() => document.activeElement.blur());
}

await start();
try {
  const a = await open(light), b = await open(dark);
  await visit(b, bob, "#messages");
  await visit(a, alice, "#camera");
  await a.click("#shutter");
  await a.waitForSelector("#after:not([hidden])");
  await settled(a);
  await shot(a, "camera");
  await a.click("#use");
  await a.fill("#to", number);
  await a.fill("#subject", "On the hill");
  await a.fill("#text", "Look what I have seen!");
  await a.evaluate(() => document.activeElement.blur());
  await shot(a, "write");
  await a.click("#send");
  await a.waitForSelector("#moving:not([hidden])");
  await a.waitForFunction(() => document.getElementById("moving-bar").value > 30);
  await shot(a, "sending");
  await a.waitForSelector('[data-mark="delivered"]');
  await b.waitForSelector("#list .unread");
  await b.locator("#list button").first().click();
  await b.waitForSelector("#message:not([hidden])");
  await settled(b);
  await b.fill("#answer", "It is lovely up there.");
  await b.evaluate(() => { document.activeElement.blur(); document.getElementById("main").scrollTop = 0; });
  await shot(b, "message");
  await b.click("#message form .primary");
  await a.click("#in");
  await a.waitForSelector("#list .unread");
  await a.locator("#list button").first().click();
  await a.waitForSelector("#message:not([hidden])");
  await a.fill("#answer", "Come and see it, before the sun is gone.");
  await a.click("#message form .primary");
  const wide = await open({ viewport: WIDE, colorScheme: "light" }), check = await open({ viewport: { ...WIDE, height: 1180 }, colorScheme: "dark" });
  await visit(wide, bob, "#messages");
  await wide.waitForSelector("#list li:nth-child(2)");
  await wide.locator("#list button").nth(1).click();
  await wide.waitForSelector("#message:not([hidden])");
  await settled(wide);
  await shot(wide, "wide");
  await visit(check, bob, "#phone");
  await check.click("#check");
  await check.waitForFunction(() => document.getElementById("check-result").textContent);
  await check.locator("#settings summary", { hasText: "camera" }).click();
  await settled(check);
  await shot(check, "check");
} catch (error) {
  console.log(error.stack);
  process.exitCode = 1;
} finally {
  await close();
}
