// Finding by typing, with the keyboard alone, in a real browser, in English or in Korean: what is suggested in the header,
// in the storefront and where seats are given; and what is said of an offer id while it is typed.
//
//   SEATLINE_SERVER=http://127.0.0.1:8080 node finding.mjs en|ko
//
// SEATLINE_SERVER is the address of a `seatline demo`, CHROMIUM the browser. Changes nothing.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { browser, Person, step } from "./person.mjs";
import { t } from "./words.mjs";

const DEMO = "seatline demo";
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const publisher = await Person.new("publisher");
const admin = await Person.new("customer's admin");
const visitor = await Person.new("visitor");

function holds(what, is) {
  if (!is) throw new Error(`not so: ${what}`);
}

/** Types and gives the options that appear. */
async function suggested(p, field, words) {
  await field.pressSequentially(words, { delay: 15 });
  const options = p.page.getByRole("listbox").filter({ visible: true }).getByRole("option");
  await options.first().waitFor();
  holds("the field says that it is open", (await field.getAttribute("aria-expanded")) === "true");
  return options;
}

/** The option that the field says is active; it is the one that is marked. */
async function active(p, field) {
  const id = await field.getAttribute("aria-activedescendant");
  if (!id) return null;
  holds("the active option is marked", (await p.page.locator(`#${id}`).getAttribute("aria-selected")) === "true");
  return p.page.locator(`#${id}`);
}

async function wellMade(p) {
  const { violations } = await p.page.evaluate(`${axe}; axe.run({ resultTypes: ["violations"] })`);
  holds(`axe-core finds nothing: ${violations.map(({ id, help }) => `${id}: ${help}`).join("; ")}`, violations.length === 0);
}

const focused = (p) => p.page.evaluate(() => document.activeElement.id);
const everything = (p) => p.page.locator("#search-all");

await step(publisher, "signs in", (p) => p.signIn("admin@fabrikam.example", DEMO));
await step(publisher, "presses the key and types", async (p) => {
  await p.open("/publisher");
  await p.page.keyboard.press("/");
  holds("the search has the focus", (await focused(p)) === "search-all");
  const options = await suggested(p, everything(p), "f365");
  const count = await options.count();
  await p.page.locator("header [role=status]").filter({ hasText: String(count) }).waitFor({ state: "attached" });
  await wellMade(p);
});
await step(publisher, "goes through the list and leaves it", async (p) => {
  const field = everything(p), options = p.page.getByRole("listbox").getByRole("option");
  holds("nothing is active at first", (await active(p, field)) === null);
  await p.page.keyboard.press("ArrowDown");
  const first = await (await active(p, field)).innerText();
  await p.page.keyboard.press("ArrowUp");
  const last = await (await active(p, field)).innerText();
  holds("up from the first is the last", last === (await options.last().innerText()));
  await p.page.keyboard.press("ArrowDown");
  holds("down from the last is the first", (await (await active(p, field)).innerText()) === first);
  await p.page.keyboard.press("Escape");
  holds("it is closed", (await field.getAttribute("aria-expanded")) === "false" && !(await active(p, field)));
  holds("what was typed is there", (await field.inputValue()) === "f365");
});
await step(publisher, "picks an offer", async (p) => {
  await p.page.keyboard.press("ArrowDown");
  await Promise.all([p.page.waitForEvent("load"), p.page.keyboard.press("Enter")]);
  await p.wellFormed();
  holds("the offer is there", new URL(p.page.url()).pathname === "/publisher/offers/f365");
});
await step(publisher, "searches without picking", async (p) => {
  await everything(p).fill("f365");
  await Promise.all([p.page.waitForEvent("load"), everything(p).press("Enter")]);
  await p.wellFormed();
  await p.sees(t("portals/search:kind-offers"), { where: p.part() });
  await wellMade(p);
});
await step(publisher, "types an offer id", async (p) => {
  await p.open("/publisher/new-offer");
  const field = p.page.locator("#offer_id");
  await field.pressSequentially("f365");
  const said = p.page.locator("#offer_id-said");
  await said.filter({ hasText: /\S/ }).waitFor();
  holds("it is taken", (await said.getAttribute("class")) === "error");
  await wellMade(p);
  await field.pressSequentially("-next");
  await p.sees("/product/fabrikam.f365-next", { where: said });
  holds("it is free", (await said.getAttribute("class")) === "fits");
  await wellMade(p);
});

await step(visitor, "finds a product in the storefront", async (p) => {
  await p.open("/");
  const options = await suggested(p, p.page.locator("#q"), "fabri");
  await wellMade(p);
  const name = await options.first().locator("strong").innerText();
  await p.page.keyboard.press("ArrowDown");
  await Promise.all([p.page.waitForEvent("load"), p.page.keyboard.press("Enter")]);
  await p.sees(name);
  holds("it is a product", new URL(p.page.url()).pathname.startsWith("/product/"));
});

await step(admin, "signs in", (p) => p.signIn("admin@contoso.example", DEMO));
await step(admin, "picks people to give seats to", async (p) => {
  await p.open("/admin/licenses/fabrikam.f365.gold/assign");
  const field = p.page.locator("#search");
  await suggested(p, field, "hana");
  await wellMade(p);
  await p.page.keyboard.press("ArrowDown");
  await p.page.keyboard.press("Enter");
  const box = p.page.getByRole("checkbox", { name: /Hana/ });
  holds("Hana is checked once", (await box.count()) === 1 && (await box.isChecked()));
  holds("the field is empty and has the focus", (await field.inputValue()) === "" && (await focused(p)) === "search");
});
await step(admin, "sees who has a seat, and cannot pick them", async (p) => {
  const field = p.page.locator("#search");
  const options = await suggested(p, field, "ana@");
  holds("Ana is off", (await options.first().getAttribute("aria-disabled")) === "true");
  await p.page.keyboard.press("ArrowDown");
  await p.page.keyboard.press("Enter");
  holds("nothing happened", (await field.inputValue()) === "ana@");
});
await step(admin, "says who is to be explained", async (p) => {
  await p.open("/admin/explain");
  const field = p.page.locator("#user");
  await suggested(p, field, "hug");
  await p.page.keyboard.press("ArrowDown");
  await p.page.keyboard.press("Enter");
  holds("the address is filled in", (await field.inputValue()) === "hana@contoso.example");
});

await browser.close();
