// What Lighthouse says of pages of the storefront and of the admin center, on a phone and on a desktop.
//
//   node lighthouse.mjs FOLDER     FOLDER is where the package `lighthouse` is installed
//
// SEATLINE_SERVER is the address of a `seatline demo`, CHROMIUM the browser. Fails where a category has less than 95.
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const server = process.env.SEATLINE_SERVER ?? "http://127.0.0.1:8080";
const [folder] = process.argv.slice(2);
const require = createRequire(join(folder, "package.json"));
const { default: lighthouse, desktopConfig } = await import(pathToFileURL(require.resolve("lighthouse")));
const REQUIRED = 95;
const PORT = 9333;
const ADMIN = { email: "admin@contoso.example", password: "seatline demo" };
const PAGES = {
  storefront: ["/", "/?q=fabrikam", "/product/fabrikam.f365"],
  "admin center": ["/admin", "/admin/licenses", "/admin/licenses/fabrikam.f365.gold", "/admin/users", "/admin/reports", "/admin/explain"],
};
// Pages that one must sign in for are for nobody's search engine, and say so.
const CATEGORIES = { storefront: ["performance", "accessibility", "best-practices", "seo"], "admin center": ["performance", "accessibility", "best-practices"] };

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", `--remote-debugging-port=${PORT}`],
});
const answer = await fetch(`${server}/api/v1/sessions`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(ADMIN) });
const { token } = await answer.json();
let wrong = 0;
for (const [portal, paths] of Object.entries(PAGES))
  for (const path of paths)
    for (const [device, config] of [["phone", undefined], ["desktop", desktopConfig]]) {
      const extraHeaders = portal === "storefront" ? undefined : { Cookie: `session=${token}` };
      const options = { port: PORT, output: "json", logLevel: "error", onlyCategories: CATEGORIES[portal], extraHeaders };
      const { lhr } = await lighthouse(server + path, options, config);
      const scores = Object.values(lhr.categories).map(({ title, score }) => [title, Math.round(100 * score)]);
      console.log(`${path} (${device}): ${scores.map(([title, score]) => `${title} ${score}`).join(", ")}; first paint ${lhr.audits["first-contentful-paint"].displayValue}`);
      if (scores.every(([, score]) => score >= REQUIRED)) continue;
      wrong += 1;
      for (const { id, title, score, displayValue } of Object.values(lhr.audits))
        if (score !== null && score < 0.9) console.error(`    ${id}: ${title} ${displayValue ?? ""}`);
    }
await browser.close();
if (wrong) throw new Error(`${wrong} pages have less than ${REQUIRED} in a category`);
