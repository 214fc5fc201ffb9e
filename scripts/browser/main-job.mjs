// The main job, done by clicking in a real browser, in English or in Korean: an operator admits a customer; a publisher
// drafts an offer with its plans, fills every page and publishes; it is certified and goes live; a deal is registered,
// the customer invited and consents; licenses are granted, one is assigned to a user, who may use it, then unassigned.
//
//   SEATLINE_SERVER=http://127.0.0.1:8080 node main-job.mjs en|ko
//
// SEATLINE_SERVER is the address of a `seatline demo`, SEATLINE_BIN the program that licenses and packs the app's
// solution, CHROMIUM the browser, OUT the folder of the picture that is taken when a step fails. Can be run again and
// again on one demo: every name in it is new.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { browser, Person, step } from "./person.mjs";
import { sample, storePackage } from "./solution.mjs";
import { COUNTRIES, language, t } from "./words.mjs";

const work = mkdtempSync(join(tmpdir(), "seatline-main-job-"));
const DEMO = "seatline demo", SECRET = "a sentence to remember";
const unique = Date.now().toString(36);
const offer = { id: `job-${unique}`, alias: `Main job ${unique}`, name: `Campus ${unique}` };
const plans = [{ id: "basic", name: "Basic" }, { id: "gold", name: "Gold" }];
const gold = `fabrikam.${offer.id}.gold`;
const customer = { slug: `cu-${unique}`, name: `Customer ${unique}`, admin: `admin@${unique}.example` };
const user = { name: `Ursula ${unique}`, email: `ursula@${unique}.example` };
const today = new Date().toISOString().slice(0, 10);

const operator = await Person.new("operator");
const publisher = await Person.new("publisher");
const admin = await Person.new("customer's admin");
const employee = await Person.new("customer's user");
const visitor = await Person.new("visitor");

await step(operator, "signs in", (p) => p.signIn("operator@marketplace.example", DEMO));
await step(operator, `admits the customer ${customer.name}`, async (p) => {
  await p.open("/operator");
  await p.navigate(t("portals/operator:tenants"));
  await p.click(t("identity/pages/tenants:admit"));
  const [who, first] = [t("identity/pages/tenants:organisation"), t("identity/pages/tenants:administrator")];
  await p.fill(t("identity/pages/tenants:field-name"), customer.name, who);
  await p.fill(t("identity/pages/tenants:field-slug"), customer.slug, who);
  await p.fill(t("identity/pages/tenants:field-country"), "KR", who);
  await p.fill(t("identity/pages/tenants:field-admin-name"), "Carl", first);
  await p.fill(t("identity/pages/tenants:field-admin-email"), customer.admin, first);
  await p.fill(t("identity/pages/tenants:field-admin-password"), SECRET, first);
  await p.click(t("identity/pages/tenants:admit"));
  await p.sees(t("identity/pages/tenants:admitted", { name: customer.name }));
  customer.id = (await p.page.locator("main").innerText()).match(/ten_[0-9a-z]+/)[0];
});

// The publisher: an offer, page by page.
await step(publisher, "signs in", (p) => p.signIn("admin@fabrikam.example", DEMO));
await step(publisher, `makes the offer ${offer.id}`, async (p) => {
  await p.open("/publisher");
  await p.navigate(t("portals/publisher:offers"));
  await p.click(t("catalog/pages:new-offer"));
  await p.fill(t("catalog/pages:field-offer-id"), offer.id);
  await p.fill(t("catalog/pages:field-alias"), offer.alias);
  await p.click(t("catalog/pages:create"));
  await p.sees(t("catalog/pages:offer-created", { name: offer.alias }));
});
const saves = async (p) => {
  await p.click(t("catalog/pages:save"));
  await p.sees(t("catalog/pages:saved"));
};
await step(publisher, "cannot publish yet, and is told what is missing", async (p) => {
  await p.navigate(t("catalog/pages:page-review"));
  await p.sees(t("publishing/pages:publish-incomplete"));
  if (!(await p.page.getByRole("button", { name: t("publishing/pages:publish"), exact: true }).isDisabled()))
    throw new Error("the button could be pressed");
});
await step(publisher, "says that licenses are managed here", async (p) => {
  await p.navigate(t("catalog/pages:page-setup"));
  await p.check(t("catalog/pages:managed-yes"));
  await saves(p);
});
await step(publisher, "fills the properties", async (p) => {
  await p.navigate(t("catalog/pages:page-properties"));
  await p.choose(t("catalog/pages:field-primary-category"), t("catalog/pages:category-operations"));
  await p.fill(t("catalog/pages:field-app-version"), "1.0");
  await p.fill(t("catalog/pages:field-terms-url"), "https://fabrikam.example/terms");
  await saves(p);
});
await step(publisher, "fills the listing", async (p) => {
  await p.navigate(t("catalog/pages:page-listing"));
  // The contacts have names, too, further down.
  await p.field(t("catalog/pages:field-name")).first().fill(offer.name);
  await p.fill(t("catalog/pages:field-summary"), "Runs a campus");
  await p.fill(t("catalog/pages:field-description"), "# Courses\n\n- rooms\n- **people**");
  await p.fill(t("catalog/pages:field-help-url"), "https://fabrikam.example/help");
  await p.fill(t("catalog/pages:field-support-url"), "https://fabrikam.example/support");
  await p.fill(t("catalog/pages:field-privacy-url"), "https://fabrikam.example/privacy");
  for (const contact of ["support-contact", "engineering-contact"]) {
    const group = t(`catalog/pages:field-${contact}`);
    await p.fill(t(`catalog/pages:field-${contact}-name`), "Sue", group);
    await p.fill(t(`catalog/pages:field-${contact}-email`), "sue@fabrikam.example", group);
    await p.fill(t(`catalog/pages:field-${contact}-phone`), "+1 555 0100", group);
  }
  await saves(p);
});
await step(publisher, "chooses the markets and a key to the preview", async (p) => {
  await p.navigate(t("catalog/pages:page-availability"));
  await p.fill(t("catalog/pages:field-hide-key"), "opensesame1");
  for (const code of ["KR", "US"]) await p.check(COUNTRIES[code]);
  await saves(p);
});
for (const plan of plans)
  await step(publisher, `makes the plan ${plan.id}`, async (p) => {
    await p.navigate(t("catalog/pages:page-plans"));
    await p.click(t("catalog/pages:new-plan"));
    await p.fill(t("catalog/pages:field-plan-id"), plan.id);
    await p.fill(t("catalog/pages:field-name"), plan.name);
    await p.check(t("catalog/pages:visibility-public"));
    await p.click(t("catalog/pages:create"));
    await p.sees(t("catalog/pages:plan-created", { name: `fabrikam.${offer.id}.${plan.id}` }));
  });
const packed = await step(publisher, "downloads the plans as CSV, licenses the app with them and packs it", async (p) => {
  await p.navigate(t("catalog/pages:page-plans"));
  const link = p.page.locator("main").getByRole("link", { name: t("catalog/pages:plan-definitions"), exact: true });
  const [download] = await Promise.all([p.page.waitForEvent("download"), link.click()]);
  const definitions = join(work, "definitions.csv");
  await download.saveAs(definitions);
  return storePackage(work, definitions, plans.map((plan) => `fabrikam.${offer.id}.${plan.id}`));
});
await step(publisher, "says what a license counts, and uploads the package", async (p) => {
  await p.navigate(t("catalog/pages:page-technical-configuration"));
  await p.check(t("packages/pages:model-user"));
  await p.click(t("packages/pages:save"));
  await p.sees(t("packages/pages:saved"));
  await p.field(t("packages/pages:field-package")).setInputFiles(packed);
  await p.click(t("packages/pages:upload"));
  await p.sees(t("packages/pages:uploaded"));
});
const files = [
  ["field-logo", "sample_logo.png"],
  ["field-screenshots", "sample_screenshot.png", "The first page"],
  ["field-documents", "sample_guide.pdf", "How to begin"],
  ["field-key-usage-scenarios", "sample_guide.pdf"],
];
for (const [place, file, caption] of files)
  await step(publisher, `uploads ${file} (${place.slice(6)})`, async (p) => {
    await p.navigate(t("catalog/pages:page-files"));
    const heading = p.page.getByRole("heading", { name: t(`catalog/pages:${place}`), exact: true });
    const form = p.page.locator("main section").filter({ has: heading }).locator("form:has(input[type=file])");
    if (caption) await form.getByLabel(t("catalog/pages:field-caption")).fill(caption);
    await form.getByLabel(t("catalog/pages:field-file")).setInputFiles(sample(file));
    await p.click(t("catalog/pages:upload"), form);
    await p.sees(t("catalog/pages:file-uploaded"));
  });
await step(publisher, "publishes", async (p) => {
  await p.navigate(t("catalog/pages:page-review"));
  await p.fill(t("publishing/pages:field-notes"), "The main job");
  await p.click(t("publishing/pages:publish"));
  await p.sees(t("publishing/pages:published"));
});

await step(operator, "certifies", async (p) => {
  await p.open("/operator");
  await p.navigate(t("portals/operator:certification"));
  await p.click(offer.name);
  await p.click(t("publishing/pages/certification:approve"));
  await p.sees(t("publishing/pages/certification:approved", { name: offer.name }));
});

await step(publisher, "looks at the preview, and goes live", async (p) => {
  await p.open("/publisher");
  await p.navigate(t("portals/publisher:offers"));
  await p.click(offer.alias);
  await p.sees(t("publishing/pages:state-preview"));
  await p.confirm(t("publishing/pages:go-live"));
  await p.sees(t("publishing/pages:went-live"));
  await p.sees(t("publishing/pages:state-live"), { again: true });
});
await step(visitor, "finds the offer on the storefront", async (p) => {
  await p.open("/");
  await p.fill(t("storefront/pages:search-offers"), offer.name);
  await p.field(t("storefront/pages:search-offers")).press("Enter");
  await p.click(offer.name);
  await p.sees("Runs a campus");
  for (const plan of plans) await p.sees(plan.name);
});

const deal = {};
await step(publisher, "registers a deal, and submits it", async (p) => {
  await p.navigate(t("portals/publisher:deals"));
  await p.click(t("deals/pages:register"));
  const d = (key) => t(`deals/pages:${key}`);
  await p.fill(d("field-customer-company"), customer.name);
  await p.choose(d("field-customer-country"), COUNTRIES.KR);
  await p.choose(d("field-offer"), offer.alias);
  await p.check(d("contract-new"), d("field-contract-type"));
  await p.fill(d("field-currency"), "USD");
  await p.fill(d("field-total-value"), "12000");
  await p.fill(d("field-solution-value"), "9000");
  await p.choose(d("field-hosting"), d("hosting-customer-cloud"));
  await p.check(d("consumption-partner"));
  await p.fill(d("field-signed-on"), today);
  await p.fill(d("field-starts-on"), today);
  const group = d("field-contact");
  await p.fill(d("field-contact-first-name"), "Rae", group);
  await p.fill(d("field-contact-last-name"), "Ferral", group);
  await p.fill(d("field-contact-phone"), "+1 555 0102", group);
  await p.fill(d("field-contact-email"), "rae@fabrikam.example", group);
  await p.click(d("save"));
  await p.sees(d("registered"));
  await p.click(t("licenses/pages:submit"));
  await p.sees(t("licenses/pages:submitted"));
  deal.path = new URL(p.page.url()).pathname;
});
const link = await step(publisher, "makes a link that invites the customer", async (p) => {
  await p.click(t("licenses/pages:invite"));
  await p.fill(t("relationships/pages:field-note"), customer.name);
  await p.click(t("relationships/pages:make-link"));
  await p.sees(t("relationships/pages:link-made"));
  const text = await p.page.locator("main").innerText();
  return text.match(/https?:\/\/\S+/)[0];
});
await step(admin, "signs in", (p) => p.signIn(customer.admin, SECRET));
await step(admin, "opens the link, and consents", async (p) => {
  await p.page.goto(link);
  await p.wellFormed();
  await p.click(t("relationships/pages:accept"));
  await p.sees(t("relationships/pages:accepted"));
});
await step(publisher, "grants 3 licenses of Gold", async (p) => {
  await p.open(deal.path);
  await p.choose(t("licenses/pages:field-customer"), `${customer.name} (${customer.id})`);
  await p.fill(t("licenses/pages:number-of", { name: "Gold" }), "3");
  await p.click(t("licenses/pages:update-licenses"));
  await p.sees(t("licenses/pages:licenses-updated"));
});

await step(admin, `adds the user ${user.name}`, async (p) => {
  await p.open("/admin");
  await p.navigate(t("portals/admin:users"));
  await p.click(t("portals/admin/people:user-new"));
  await p.fill(t("portals/admin/people:field-name"), user.name);
  await p.fill(t("portals/admin/people:field-email"), user.email);
  await p.fill(t("portals/admin/people:field-password"), SECRET);
  await p.click(t("portals/admin/people:user-create"));
  await p.sees(t("portals/admin/people:user-created", { name: user.name }));
});
/** What the picture of the chain says, from the user to the app's component. */
const explains = async (p, answer) => {
  await p.navigate(t("portals/admin:explain"));
  await p.fill(t("rights/pages:field-user"), user.email);
  await p.fill(t("rights/pages:field-what"), gold);
  await p.click(t("rights/pages:explain"));
  await p.sees(t(`rights/pages:answer-${answer}`));
};
const openGold = async (p) => {
  await p.navigate(t("portals/admin:licenses"));
  const row = p.page.locator("main").getByRole("row").filter({ hasText: "Gold" });
  await p.click(offer.name, row);
};
await step(employee, "signs in", (p) => p.signIn(user.email, SECRET));
const looksAtLicenses = async (p, text) => {
  await p.page.getByRole("banner").getByText(user.name).click(); // The menu of the account.
  await Promise.all([
    p.page.waitForEvent("load"),
    p.page.getByRole("banner").getByRole("link", { name: t("kit/page:my-licenses"), exact: true }).click(),
  ]);
  await p.wellFormed();
  await p.sees(text);
};
await step(admin, "is told that the user may not use it", (p) => explains(p, "no_seat"));
await step(admin, "assigns a license to the user", async (p) => {
  await openGold(p);
  await p.click(t("portals/admin/licenses:assign"));
  await p.check(user.name);
  await p.click(t("portals/admin/licenses:assign"));
  await p.sees(user.email);
});
await step(admin, "is told that the user may use it", (p) => explains(p, "licensed"));
await step(employee, "has the license among the own ones", (p) => looksAtLicenses(p, offer.name));
await step(admin, "unassigns the license", async (p) => {
  await openGold(p);
  await p.page.locator("main").getByRole("row").filter({ hasText: user.email }).getByRole("checkbox").check();
  await p.click(t("portals/admin/licenses:unassign-chosen"));
  await p.click(t("portals/admin/licenses:unassign"));
  await p.sees(t("portals/admin/licenses:users-empty-title"));
});
await step(admin, "is told that the user may not use it any more", (p) => explains(p, "no_seat"));
await step(employee, "has no license", (p) => looksAtLicenses(p, t("portals/admin/requests:own-empty-title")));

await browser.close();
console.log(`main job (${language}): ok`);
