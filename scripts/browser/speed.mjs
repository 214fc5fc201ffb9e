// How fast pages are where there is much: a demo is grown to 100,000 users, 10,000 offers and 5,000 deals, then every
// kind of page is asked for again and again, one at a time, by everybody who may see it.
//
// SEATLINE_SERVER is the address of a fresh `seatline demo`, SEATLINE_BIN the program; SHARE, below 1, grows it less, to
// try this program itself. Fails where a page takes longer, or weighs more, than it may.
import { mkdtempSync, readFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { freePackage, sample } from "./solution.mjs";

const server = new URL(process.env.SEATLINE_SERVER ?? "http://127.0.0.1:8080");
const share = Number(process.env.SHARE ?? 1);
const PASSWORD = "seatline demo";
const PEOPLE = {
  anybody: null,
  operator: "operator@marketplace.example",
  publisher: "admin@fabrikam.example",
  customer: "admin@contoso.example",
  user: "hana@contoso.example",
};
/** What 95 of 100 answers may take, from the first byte asked to the last one read, in milliseconds. */
const LIMIT = 30;
/** What a page, its style and its script may weigh, compressed, in bytes. */
const WEIGHT = 60_000;
const TURNS = 40;
const AT_ONCE = 24;

const agent = new http.Agent({ keepAlive: true, maxSockets: AT_ONCE });

/** One request: status, headers, bytes as they came, and how long it took. */
function ask(method, path, headers = {}, body) {
  return new Promise((answered, failed) => {
    const started = performance.now();
    const request = http.request({ agent, host: server.hostname, port: server.port, method, path, headers }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () => answered({ status: answer.statusCode, headers: answer.headers, bytes: Buffer.concat(parts), took: performance.now() - started }));
    });
    request.on("error", failed);
    request.end(body);
  });
}

class Caller {
  static async signIn(email) {
    const caller = new Caller();
    caller.token = email && (await caller.call("POST", "/sessions", { email, password: PASSWORD })).token;
    return caller;
  }

  async call(method, path, body) {
    const type = Buffer.isBuffer(body) ? "application/octet-stream" : "application/json";
    const sent = Buffer.isBuffer(body) ? body : JSON.stringify(body ?? {});
    for (;;) {
      const headers = { "content-type": type, ...(this.token && { authorization: `Bearer ${this.token}` }) };
      const { status, headers: said, bytes } = await ask(method, `/api/v1${path}`, headers, method === "GET" ? undefined : sent);
      if (status < 300) return bytes.length ? JSON.parse(bytes) : undefined;
      if (![429, 503].includes(status)) throw new Error(`${method} ${path}: ${status} ${bytes}`);
      await new Promise((passed) => setTimeout(passed, 1000 * Number(said["retry-after"] ?? 1)));
    }
  }

  page = (path) => ask("GET", path, { accept: "text/html", "accept-encoding": "gzip", ...(this.token && { cookie: `session=${this.token}` }) });
}

/** So many times, so many at once. */
async function each(what, count, action) {
  const started = performance.now();
  let next = 0;
  const one = async () => {
    while (next < count) await action(next++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  console.log(`${String(count).padStart(7)} ${what} in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

const of = (count) => Math.max(1, Math.round(count * share));

async function customers(operator, fabrikam) {
  await each("customers", of(300), async (n) => {
    const email = `admin@customer${n}.example`;
    await operator.call("POST", "/tenants", { slug: `customer${n}`, name: `Customer ${n} of many`, country: "KR", admin: { email, name: "Admin", password: PASSWORD } });
    const { token } = await fabrikam.call("POST", "/invitations", { note: `Customer ${n}` });
    await (await Caller.signIn(email)).call("POST", "/relationships", { token });
  });
}

async function people(contoso) {
  await each("users", of(100_000), (n) => contoso.call("POST", "/users", { email: `person${n}@contoso.example`, name: `Person ${n} of many` }));
  await each("groups", of(1_000), (n) => contoso.call("POST", "/groups", { name: `Team ${n}` }));
  const { id } = await contoso.call("POST", "/groups", { name: "Half of everybody" });
  await each("times a thousand members", of(50), (n) => {
    const users = Array.from({ length: Math.min(1000, of(100_000)) }, (_, at) => `person${(n * 1000 + at) % of(100_000)}@contoso.example`);
    return contoso.call("POST", `/groups/${id}/members`, { users });
  });
  return id;
}

/** A tenth of them live, in two categories; the others drafts. */
async function offers(fabrikam, operator, contoso) {
  const support = { name: "Sam Support", email: "support@publisher.example", phone: "+1 555 0100" };
  const files = ["sample_logo.png", "sample_screenshot.png", "sample_guide.pdf"].map((name) => readFileSync(sample(name)));
  const zip = readFileSync(freePackage(mkdtempSync(join(tmpdir(), "seatline-"))));
  await each("live offers", of(1_000), async (n) => {
    const offer = `/offers/live${n}`, name = `Product ${n} of many`;
    await fabrikam.call("POST", "/offers", { offer_id: `live${n}`, alias: name });
    await fabrikam.call("PUT", `${offer}/setup`, { license_management: false, listing_option: "contact_me" });
    await fabrikam.call("PUT", `${offer}/properties`, { primary_category: n % 2 ? "operations" : "sales", app_version: "1.0", terms_url: "https://terms.example/" });
    const uploaded = [];
    for (const file of files) uploaded.push((await fabrikam.call("POST", `${offer}/files`, file)).sha256);
    await fabrikam.call("PUT", `${offer}/listing`, {
      name, summary: `What product ${n} does`, description: `**${name}**, among many.`, keywords: ["many"], help_url: "https://help.example/",
      support_url: "https://support.example/", privacy_url: "https://privacy.example/", support_contact: support, engineering_contact: support,
      logo: uploaded[0], screenshots: [{ file: uploaded[1], caption: "The first page" }], documents: [{ file: uploaded[2], caption: "How to begin" }],
    });
    await fabrikam.call("PUT", `${offer}/availability`, { markets: ["US", "KR"] });
    await fabrikam.call("PUT", `${offer}/technical-configuration`, { base_license_model: "user" });
    await fabrikam.call("PUT", `${offer}/package`, zip);
    await fabrikam.call("PUT", `${offer}/supplemental-content`, { key_usage_scenarios: uploaded[2] });
    await fabrikam.call("POST", `${offer}/publish`);
  });
  for (let queue; (queue = await operator.call("GET", "/certifications?limit=100")).items.length; ) {
    const many = queue.items.filter(({ address }) => address.startsWith("fabrikam.live"));
    if (!many.length) break;
    await Promise.all(many.map(async ({ id, address }) => {
      await operator.call("POST", `/certifications/${id}/approve`);
      await fabrikam.call("POST", `/offers/${address.slice("fabrikam.".length)}/go-live`);
    }));
  }
  await each("drafts", of(9_000), (n) => fabrikam.call("POST", "/offers", { offer_id: `draft${n}`, alias: `Draft ${n} of many` }));
  await each("leads", of(1_000), (n) => contoso.call("POST", `/storefront/offers/fabrikam.live${n}/contact`, { consent: true }));
}

async function deals(fabrikam, contoso) {
  const { id } = await contoso.call("GET", "/tenant");
  const deal = (company) => ({
    customer: { company, country: "KR" }, offer: "f365", contract_type: "new", total_value: { amount: 1_200_000, currency: "USD" },
    solution_value: { amount: 900_000, currency: "USD" }, hosting: "customer_cloud", consumption_tenant: "customer", consumption_tenant_id: id,
    signed_on: "2026-01-01", starts_on: "2026-01-01", contact: { first_name: "Rae", last_name: "Ferral", phone: "+1 555 0101", email: "rae@fabrikam.example" },
  });
  await each("deals", of(5_000), async (n) => {
    const { id } = await fabrikam.call("POST", "/deals", deal(`Company ${n} of many`));
    if (n % 2) await fabrikam.call("POST", `/deals/${id}/submit`);
  });
  const { id: large } = await fabrikam.call("POST", "/deals", deal("Contoso Ltd."));
  await fabrikam.call("POST", `/deals/${large}/submit`);
  await fabrikam.call("PUT", `/deals/${large}/licenses`, { customer: id, plans: [{ plan: "silver", quantity: of(100_000) }], remove: [] });
}

const PATTERN = /[a-z]+_[0-9a-z]{20,}|(draft|live|customer)\d+|[0-9a-f]{8}-[0-9a-f-]{27,}/g;
/** Pages that differ only in what they are of are of one kind; what follows the question mark makes another. */
const kind = (path) => path.replace(PATTERN, "*").replace(/([?&])([^=&]+)=[^&]*/g, "$1$2=");

/** Every page that a link leads to, two of each kind. */
async function pages(caller) {
  const seen = new Set(), counted = new Map(), waiting = ["/"], found = [];
  for (let path; (path = waiting.shift()) !== undefined; ) {
    if (seen.has(path) || path.startsWith("/api/") || (counted.get(kind(path)) ?? 0) >= 2) continue;
    seen.add(path);
    const { status, headers, bytes } = await caller.page(path);
    if (status >= 400) throw new Error(`${path} answers ${status}`);
    if (!headers["content-type"]?.startsWith("text/html")) continue;
    counted.set(kind(path), (counted.get(kind(path)) ?? 0) + 1);
    found.push(path);
    for (const [, href] of text(bytes, headers).matchAll(/<a [^>]*href="([^"]*)"/g)) {
      const [address] = href.replaceAll("&#38;", "&").split("#");
      if (/^\/(?!\/)/.test(address)) waiting.push(address);
    }
  }
  return found;
}

const text = (bytes, headers) => (headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes).toString();

/** What a page weighs with its style and its script, as they are sent. */
async function weight(caller, { bytes, headers }) {
  const parts = [...text(bytes, headers).matchAll(/(?:href|src)="(\/assets\/[^"#]+\.(?:css|js))"/g)].map(([, path]) => path);
  const sizes = await Promise.all([...new Set(parts)].map(async (path) => (await caller.page(path)).bytes.length));
  return sizes.reduce((sum, size) => sum + size, bytes.length);
}

async function measure(who, caller) {
  const figures = [];
  for (const path of await pages(caller)) {
    const turns = [];
    for (let turn = 0; turn < TURNS; turn += 1) turns.push((await caller.page(path)).took);
    turns.sort((one, other) => one - other);
    figures.push({ who, path, p95: turns[Math.floor(TURNS * 0.95) - 1], median: turns[TURNS / 2], weight: await weight(caller, await caller.page(path)) });
  }
  return figures;
}

function table(title, figures, unit, limit, of) {
  console.log(`\n| ${title} | who | ${unit} | may | ratio | |\n|---|---|--:|--:|--:|---|`);
  for (const figure of figures)
    console.log(`| ${figure.path} | ${figure.who} | ${of(figure).toFixed(unit === "ms" ? 1 : 0)} | ${limit} | ${(of(figure) / limit).toFixed(2)} | ${of(figure) > limit ? "**not met**" : "met"} |`);
}

const sign = async (who) => Caller.signIn(PEOPLE[who]);
const [operator, fabrikam, contoso] = await Promise.all(["operator", "publisher", "customer"].map(sign));
await customers(operator, fabrikam);
const half = await people(contoso);
await deals(fabrikam, contoso);
await contoso.call("PUT", `/groups/${half}/licenses/fabrikam.f365.silver`);
await offers(fabrikam, operator, contoso);
console.log("waiting until everybody who follows has followed");
while ((await contoso.call("GET", `/groups/${half}/licenses`)).items.some(({ pending }) => pending)) await new Promise((passed) => setTimeout(passed, 1000));
await new Promise((passed) => setTimeout(passed, 10_000));
const figures = [];
for (const who of Object.keys(PEOPLE)) figures.push(...(await measure(who, await sign(who))));
const slow = figures.toSorted((one, other) => other.p95 - one.p95), heavy = figures.toSorted((one, other) => other.weight - one.weight);
console.log(`\n${figures.length} pages, ${TURNS} times each; half of them within ${slow[Math.floor(slow.length / 2)].p95.toFixed(1)} ms at p95`);
table("the slowest pages, p95", slow.slice(0, 20), "ms", LIMIT, ({ p95 }) => p95);
table("the heaviest pages, with style and script, gzip", heavy.slice(0, 5), "bytes", WEIGHT, ({ weight }) => weight);
const over = figures.filter(({ p95, weight }) => p95 > LIMIT || weight > WEIGHT).length;
if (over) throw new Error(`${over} pages take longer, or weigh more, than they may`);
