// Looks at every page of every portal in a real browser, on the data of the demo.
//
//   node look.mjs axe          accessibility: fails where axe-core finds a violation, in light English and, narrow, in dark Korean
//   node look.mjs keyboard     without a mouse, 320 pixels wide, and on paper: fails where something is not reached by
//                              the Tab key, in its order and seen to have the focus; is cut off; or is not for paper
//   node look.mjs screenshots  a picture of each page, light and dark, English and Korean, wide and narrow
//
// `node look.mjs axe keyboard` does both in one visit of each page.
//
// SEATLINE_SERVER is the address of a `seatline demo`, CHROMIUM the browser, OUT the folder of the pictures.
import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const server = process.env.SEATLINE_SERVER ?? "http://127.0.0.1:8080";
const out = process.env.OUT ?? "target/screenshots";
const modes = process.argv.slice(2), pictures = modes.includes("screenshots");
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
// A violation is one of words or of colours, and keys are the same in all: each is looked at once.
const LOOKS = pictures ? ["en", "ko"].flatMap((locale) => ["light", "dark"].map((scheme) => [locale, scheme, modes]))
  : [["en", "light", modes.filter((mode) => mode === "axe")], ["ko", "dark", modes]].filter(([, , modes]) => modes.length);
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
    found.push({ path, first: number === 0 });
    const links = (await answer.text()).matchAll(/<a\s[^>]*?\bhref="(\/(?!\/)[^"#]*)/g);
    for (const [, href] of links) waiting.push(href.replaceAll("&amp;", "&").replaceAll("&#38;", "&"));
  }
  return found;
}

const name = (path) => path.replace(/^\//, "").replace(/[^a-z0-9.-]+/gi, "_").slice(0, 80) || "home";

async function examine(page, where) {
  await page.addScriptTag({ path: axe });
  const { violations } = await page.evaluate(() => window.axe.run({ resultTypes: ["violations"], preload: false }));
  for (const { id, help, nodes } of violations) {
    console.error(`${where}: ${id}: ${help}`);
    for (const { target, failureSummary } of nodes.slice(0, 3)) console.error(`    ${target}: ${failureSummary.replace(/\s+/g, " ")}`);
  }
  return violations.length;
}

/** What the Tab key leads to, one after the other, and what is wrong with that. */
async function tabThrough(page) {
  await page.evaluate(() => {
    const reached = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
    // Of radio buttons that belong together one is reached, and nothing of what is closed, hidden or disabled.
    const radios = new Set();
    const first = (one) => one.type !== "radio" || (!radios.has(one.name) && radios.add(one.name));
    const open = (one) => one.checkVisibility({ visibilityProperty: true }) && !one.matches(":disabled");
    window.wanted = [...document.querySelectorAll(reached)].filter((one) => open(one) && first(one));
    // Where the page itself puts the focus is not where one begins.
    window.wanted[0].focus();
  });
  const wrong = [], seen = [0], limit = 3 * (await page.evaluate(() => window.wanted.length));
  for (let pressed = 0; pressed < limit; pressed += 1) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const one = document.activeElement;
      if (!one || one === document.body) return null;
      const style = getComputedStyle(one), name = (one.getAttribute("aria-label") ?? one.textContent ?? "").trim().slice(0, 40);
      const shown = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
      const same = (other) => other === one || (one.type === "radio" && other.type === "radio" && other.name === one.name);
      const place = window.wanted.findIndex(same);
      return { place, last: place === window.wanted.length - 1, what: `${one.localName}#${one.id} “${name || one.name}”`, shown };
    });
    if (!at) break;
    // A date has parts of its own.
    if (!at.shown && at.place !== seen.at(-1)) wrong.push(`${at.what} does not show that it has the focus`);
    if (at.place >= 0 && at.place < seen.at(-1)) wrong.push(`${at.what} comes after what follows it`);
    if (at.place >= 0) seen.push(at.place);
    if (at.last) break;
  }
  const missed = await page.evaluate((seen) => window.wanted.filter((_, at) => !seen.includes(at)).map((one) => `${one.localName}#${one.id} “${one.textContent.trim().slice(0, 40)}”`), seen);
  return [...wrong, ...missed.map((what) => `${what} is not reached`)];
}

/** What is wider than a narrow window. */
async function cutOff(page) {
  await page.setViewportSize({ width: 320, height: 640 });
  const wrong = await page.evaluate(() => {
    if (document.scrollingElement.scrollWidth <= innerWidth) return [];
    const wide = [...document.querySelectorAll("main *")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1);
    return [`${document.scrollingElement.scrollWidth} pixels wide at 320: ${wide.slice(0, 3).map((one) => one.localName + "." + one.className).join(", ")}`];
  });
  await page.setViewportSize({ width: WIDTHS.wide, height: 900 });
  return wrong;
}

/** What paper should not have: what is only to be clicked, and letters that cannot be told from what is behind them. */
async function printed(page) {
  await page.emulateMedia({ media: "print" });
  const wrong = await page.evaluate(() => {
    const shown = (one) => one.checkVisibility();
    const clicked = [...document.querySelectorAll("header.top, nav.side, .commands, .pager")].filter(shown).map((one) => `.${one.className} is printed`);
    const dark = (color) => { const [r, g, b, a = 1] = color.match(/[\d.]+/g).map(Number); return a > 0.5 && r + g + b < 300; };
    const black = [...document.querySelectorAll("html, body, main, main *:not(svg *)")].filter((one) => shown(one) && one.offsetWidth > 200 && dark(getComputedStyle(one).backgroundColor));
    return [...clicked, ...black.slice(0, 3).map((one) => `${one.localName}.${one.className} is dark on paper`)];
  });
  await page.emulateMedia({ media: "screen" });
  return wrong;
}

async function handle(page, where) {
  const wrong = [...(await tabThrough(page)), ...(await cutOff(page)), ...(await printed(page))];
  for (const what of wrong) console.error(`${where}: ${what}`);
  return wrong.length;
}

async function look(browser, who, email) {
  let wrong = 0, looked = 0, list;
  for (const [locale, colorScheme, modes] of LOOKS) {
    // The policy that keeps scripts of others out is for our readers; axe is one.
    const context = await browser.newContext({ locale, colorScheme, bypassCSP: true });
    const page = await context.newPage();
    if (email) await signIn(page, email);
    list ??= await pages(page);
    for (const { path, first } of list) for (const [size, width] of Object.entries(pictures ? WIDTHS : { wide: WIDTHS.wide })) {
      // Two of a kind differ in what they say, which the first look has seen.
      if (!pictures && locale === "ko" && !first) continue;
      await page.setViewportSize({ width, height: 900 });
      await page.goto(server + path);
      looked += 1;
      const where = `${who} ${path} (${locale}, ${colorScheme})`;
      if (modes.includes("axe")) {
        // What is there on a phone only is examined in the second look.
        if (locale === "ko") await page.setViewportSize({ width: WIDTHS.narrow, height: 900 });
        wrong += await examine(page, where);
        await page.setViewportSize({ width, height: 900 });
      }
      if (modes.includes("keyboard")) wrong += await handle(page, where);
      if (pictures) await page.screenshot({ fullPage: true, path: `${out}/${locale}-${colorScheme}-${size}/${who}-${name(path)}.png` });
    }
    await context.close();
  }
  console.log(`${who}: ${list.length} pages, looked at ${looked} times`);
  return wrong;
}

if (!modes.length || !modes.every((mode) => ["axe", "keyboard", "screenshots"].includes(mode))) throw new Error("say what to do: axe, keyboard or screenshots");
await mkdir(out, { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
let wrong = 0;
for (const [who, email] of Object.entries(PEOPLE)) if (!process.env.WHO || process.env.WHO === who) wrong += await look(browser, who, email);
await browser.close();
if (wrong) throw new Error(`${modes.join(" and ")} finds ${wrong} things that are wrong`);
