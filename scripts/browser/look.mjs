// Looks at every page of every portal in a real browser, on the data of the demo.
//
//   node look.mjs axe          accessibility: fails where axe-core finds a violation, light, dark, English and Korean
//   node look.mjs screenshots  a picture of each page, light and dark, English and Korean, wide and narrow
//
// SEATLINE_SERVER is the address of a `seatline demo`, CHROMIUM the browser, OUT the folder of the pictures.
import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const server = process.env.SEATLINE_SERVER ?? "http://127.0.0.1:8080";
const out = process.env.OUT ?? "target/screenshots";
const [mode] = process.argv.slice(2);
const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const PASSWORD = "seatline demo";
const PEOPLE = {
  anybody: null,
  operator: "operator@marketplace.example",
  publisher: "admin@fabrikam.example",
  customer: "admin@contoso.example",
  user: "hana@contoso.example",
};
// Lists are long and their pages alike: of one kind of page so many are looked at.
const OF_ONE_KIND = 2;
// A violation is one of words or of colours: for axe each is looked at once.
const LOOKS = mode === "axe" ? [["en", "light"], ["ko", "dark"]] : ["en", "ko"].flatMap((locale) => ["light", "dark"].map((scheme) => [locale, scheme]));
const WIDTHS = { wide: 1280, narrow: 360 };

const kind = (path) => path.replace(/[a-z]+_[0-9a-z]{20,}/g, "*").replace(/[0-9a-f]{8}-[0-9a-f-]{27,}/g, "*").replace(/\?.*/, "?");

async function signIn(page, email) {
  await page.goto(`${server}/sign-in`);
  await page.fill("#email", email);
  await page.fill("#password", PASSWORD);
  await page.click("main button");
  await page.waitForURL((url) => url.pathname !== "/sign-in");
}

// Every page that a link leads to, some of each kind.
async function pages(page) {
  const seen = new Set(), counted = new Map(), waiting = ["/", "/styleguide"], found = [];
  for (let path; (path = waiting.shift()); ) {
    if (seen.has(path) || path.startsWith("/api/")) continue;
    seen.add(path);
    const number = counted.get(kind(path)) ?? 0;
    if (number >= OF_ONE_KIND) continue;
    counted.set(kind(path), number + 1);
    const answer = await page.request.get(server + path);
    if (!answer.ok()) throw new Error(`${path} answers ${answer.status()}`);
    if (!answer.headers()["content-type"].startsWith("text/html")) continue;
    found.push(path);
    await page.goto(server + path);
    waiting.push(...(await page.$$eval("a[href]", (links) => links.map((link) => link.getAttribute("href").split("#")[0])))
      .filter((href) => href.startsWith("/") && !href.startsWith("//")));
  }
  return found;
}

const name = (path) => path.replace(/^\//, "").replace(/[^a-z0-9.-]+/gi, "_").slice(0, 80) || "home";

async function examine(page, where) {
  await page.addScriptTag({ path: axe });
  const { violations } = await page.evaluate(() => window.axe.run({ resultTypes: ["violations"] }));
  for (const { id, help, nodes } of violations) {
    console.error(`${where}: ${id}: ${help}`);
    for (const { target, failureSummary } of nodes.slice(0, 3)) console.error(`    ${target}: ${failureSummary.replace(/\s+/g, " ")}`);
  }
  return violations.length;
}

async function look(browser, who, email) {
  let wrong = 0, looked = 0, list;
  for (const [locale, colorScheme] of LOOKS) {
    // The policy that keeps scripts of others out is for our readers; axe is one.
    const context = await browser.newContext({ locale, colorScheme, bypassCSP: true });
    const page = await context.newPage();
    if (email) await signIn(page, email);
    list ??= await pages(page);
    for (const path of list) for (const [size, width] of Object.entries(mode === "axe" ? { wide: WIDTHS.wide } : WIDTHS)) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(server + path);
      looked += 1;
      if (mode === "axe") wrong += await examine(page, `${who} ${path} (${locale}, ${colorScheme})`);
      else await page.screenshot({ fullPage: true, path: `${out}/${locale}-${colorScheme}-${size}/${who}-${name(path)}.png` });
    }
    await context.close();
  }
  console.log(`${who}: ${list.length} pages, looked at ${looked} times`);
  return wrong;
}

if (!["axe", "screenshots"].includes(mode)) throw new Error("say what to do: axe or screenshots");
await mkdir(out, { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
let wrong = 0;
for (const [who, email] of Object.entries(PEOPLE)) if (!process.env.WHO || process.env.WHO === who) wrong += await look(browser, who, email);
await browser.close();
if (wrong) throw new Error(`axe-core finds ${wrong} violations`);
