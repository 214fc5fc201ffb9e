// CHK-08: what is kept, in a case of the vectors: files, keys, the store.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type Question, Rejected } from "../src/index.js";
import { FileStore } from "../src/node.js";
import { vectors } from "./vectors.js";
import { GOLD, assertRefused, setUp } from "./world.js";

const steps = vectors.cases.find(({ name }: any) => name === "A list revokes a lease").steps;
const LEASE: string = steps[1].lease;
const LIST: string = steps[3].revocations;
const LEASED: Question = { tenant: steps[2].ask.tenant, user: steps[2].ask.user, service: steps[2].ask.service_id };

async function setUpKept(context: TestContext) {
  const world = await setUp(context);
  const directory = await mkdtemp(join(tmpdir(), "seatline-"));
  context.after(() => rm(directory, { recursive: true }));
  const path = join(directory, "state.json");
  const kept = {
    ...world,
    path,
    online: true,
    client: () => world.client({ issuer: vectors.issuer, store: new FileStore(path), clock: () => kept.now }),
  };
  world.server.script = () => (kept.online ? { body: vectors.key_sets.old } : { status: 503 });
  return kept;
}

test("A lease from a file is carried through restarts until a list revokes it", async (context) => {
  const world = await setUpKept(context);
  await world.client().leases.load(`${LEASE}\n`);
  world.online = false;
  const seatline = world.client();
  assert.equal((await seatline.check(LEASED)).how, "leased");
  assert.equal((await seatline.leases.list()).length, 1);
  assert.equal((await seatline.revocations.load(LIST))?.seq, 7);
  assert.equal(await seatline.revocations.load(LIST), null);
  assertRefused(await seatline.check(LEASED), "revoked");
  assertRefused(await world.client().check(LEASED), "revoked");
});

test("A lease is acquired, used and given back", async (context) => {
  const world = await setUpKept(context);
  world.server.script = ({ path }) => {
    if (path === "/.well-known/jwks.json") return { body: vectors.key_sets.old };
    return { status: 201, body: { id: "lse_1", token: path.includes("revocations") ? LIST : LEASE } };
  };
  const { tenant, user } = LEASED;
  const seatline = world.client();
  const { id } = await seatline.leases.acquire({ tenant, user, services: [GOLD], seconds: 3600 });
  const [asked] = world.server.asked;
  assert.deepEqual([asked?.path, asked?.json], ["/api/v1/customer-leases", { tenant, user, service_ids: [GOLD], seconds: 3600 }]);
  assert.ok(asked?.headers["idempotency-key"]);
  assert.equal((await seatline.leases.list()).length, 1);
  await seatline.leases.giveBack(id, { tenant, user });
  assert.equal((await seatline.leases.list()).length, 0);
  const returned = world.server.asked.at(-1);
  assert.deepEqual([returned?.path, returned?.json], [`/api/v1/customer-leases/${id}/return`, { tenant }]);
  await seatline.leases.acquire({ user: "me", component: "fab_Forecast", offer: "fabrikam.f365" });
  await seatline.leases.giveBack(id, { user: "me" });
  await seatline.leases.acquire({ seats: 5, services: [GOLD], algorithm: "EdDSA" });
  await seatline.leases.giveBack(id);
  await seatline.revocations.fetch({ user: "me" });
  await seatline.revocations.fetch();
  await seatline.revocations.fetch({ tenant: "ten_1" });
  assert.deepEqual(world.server.asked.slice(3).map(({ path }) => path), [
    "/api/v1/me/leases", `/api/v1/me/leases/${id}/return`, "/api/v1/leases", `/api/v1/leases/${id}/return`,
    "/api/v1/me/lease-revocations?publisher=fabrikam", "/api/v1/lease-revocations?publisher=fabrikam",
    "/api/v1/customer-lease-revocations?tenant=ten_1",
  ]);
  assert.deepEqual(world.server.asked[5]?.json, { seats: 5, service_ids: [GOLD], algorithm: "EdDSA" });
  for (const wrong of [{}, { user: "usr_1", seats: 5 }, { user: "" }]) await assert.rejects(seatline.leases.acquire({ ...wrong, services: [GOLD] }), TypeError);
});

test("Why a lease is not kept is told", async (context) => {
  const world = await setUpKept(context);
  const told = (cause: string) => (error: unknown) => error instanceof Rejected && error.cause === cause;
  world.online = false;
  await assert.rejects(world.client().leases.load(LEASE), told("key_unknown"));
  world.online = true;
  await assert.rejects(world.client().leases.load(LEASE.slice(0, -8)), told("forged"));
});

test("Keys by file", async (context) => {
  const world = await setUpKept(context);
  world.online = false;
  const seatline = world.client();
  await seatline.loadKeys(vectors.key_sets.old);
  await seatline.leases.load(LEASE);
  assert.equal((await seatline.check(LEASED)).how, "leased");
});

test("A lease in the store that was changed is dropped", async (context) => {
  const world = await setUpKept(context);
  await world.client().leases.load(LEASE);
  const state = JSON.parse(await readFile(world.path, "utf8"));
  const [header, body, signature] = state.leases[0].split(".");
  const claims = JSON.parse(Buffer.from(body, "base64url").toString());
  const forged = Buffer.from(JSON.stringify({ ...claims, exp: claims.exp * 2 })).toString("base64url");
  await writeFile(world.path, JSON.stringify({ ...state, leases: [`${header}.${forged}.${signature}`] }));
  world.online = false;
  assertRefused(await world.client().check(LEASED));
});

test("A store that is broken is as at the first run", async (context) => {
  const world = await setUpKept(context);
  world.online = false;
  for (const text of ["", "{", "[]", "null", '{"format":1}', "\xff", '{"highWater":0,"answers":[[1,2,3]],"leases":[],"revocations":[]}']) {
    await writeFile(world.path, text, "latin1");
    assertRefused(await world.client().check(LEASED));
  }
});

test("The time is known after a restart without a lease", async (context) => {
  const world = await setUpKept(context);
  world.online = false;
  const seatline = world.client();
  await seatline.check(LEASED);
  await seatline.loadKeys(vectors.key_sets.old);
  world.now -= 301;
  assertRefused(await world.client().check(LEASED), "clock_rolled_back");
});
