// CHK-04, CHK-09: the client, with a server that is there, gone, slow, overloaded, or not ours.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Decision, type Question, Seatline, SeatlineError, Unreachable } from "../src/index.js";
import { type Answer, FakeServer, problem } from "./fake-server.js";
import { ANA, BEN, GOLD, assertRefused, no, setUp, yes } from "./world.js";

// Asking

test("A publisher's client asks for a user of a customer", async (context) => {
  const { client, server } = await setUp(context);
  const decision = await client({ language: "ko" }).check(ANA);
  assert.deepEqual([decision.allowed, decision.how, decision.reason, decision.features], [true, "fresh", "licensed", { export: true }]);
  const [asked] = server.asked;
  assert.deepEqual([asked?.method, asked?.path], ["POST", "/api/v1/customer-checks"]);
  assert.deepEqual(asked?.json, { tenant: "ten_1", user: "usr_1", service_id: GOLD });
  assert.deepEqual([asked?.headers["authorization"], asked?.headers["accept-language"]], ["Bearer token-1", "ko"]);
});

test("Others ask for their own", async (context) => {
  const { client, server } = await setUp(context);
  const seatline = client();
  await seatline.check({ user: "usr_1", component: "fab_Forecast", offer: "fabrikam.f365" });
  await seatline.check({ user: "me", component: "fab_Forecast" });
  assert.deepEqual(server.asked.map(({ path }) => path), ["/api/v1/checks", "/api/v1/me/checks"]);
  assert.deepEqual(server.asked[1]?.json, { component: "fab_Forecast" });
});

test("A question is about one thing and somebody: nobody is not whoever the token belongs to", async (context) => {
  const { client, server } = await setUp(context);
  const wrong = [{ user: "usr_1" }, { ...ANA, component: "c" }, { service: GOLD }, { service: GOLD, user: "" }, { service: GOLD, user: null }, { ...ANA, tenant: "" }];
  for (const question of wrong) {
    await assert.rejects(client().check(question as Question), TypeError);
    await assert.rejects(client().checkMany([ANA, question as Question]), TypeError);
  }
  assert.deepEqual(server.asked, []);
});

test("A refusal carries its screen", async (context) => {
  const { answers, client, server } = await setUp(context);
  answers({ body: no() });
  const seatline = client();
  for (const how of ["fresh", "cached"]) {
    const decision = await seatline.check(ANA);
    assert.deepEqual([decision.allowed, decision.how, decision.reason], [false, how, "no_seat"]);
    assert.deepEqual([decision.refusal?.code, decision.refusal?.message], ["0x80050301", "m"]);
  }
  assert.equal(server.asked.length, 1);
});

test("With freshness the server decides, or nobody", async (context) => {
  const world = await setUp(context);
  const seatline = world.client();
  await seatline.check(ANA);
  world.answers({ body: no() });
  const decision = await seatline.check(ANA, { freshness: "latest" });
  assert.deepEqual([decision.allowed, decision.how], [false, "fresh"]);
  assert.equal(world.server.asked[1]?.headers["freshness-token"], "latest");
  world.answers({ body: yes() });
  world.now += 61;
  await seatline.check(ANA);
  world.server.stop();
  assertRefused(await seatline.check(ANA, { freshness: "t" }));
  assert.equal((await seatline.check(ANA)).allowed, true);
});

test("Many at once: in order, and only what is not known", async (context) => {
  const { client, server } = await setUp(context);
  server.script = ({ path, json }) =>
    path.endsWith("/batch") ? { body: { results: json.checks.map((check: any) => (check.user === "usr_2" ? no() : yes())) } } : { body: yes() };
  const seatline = client();
  await seatline.check(ANA);
  const of = [2, 1, 3, 2].map((n): Question => ({ ...ANA, user: `usr_${n}` }));
  const decisions = await seatline.checkMany(of);
  assert.deepEqual(decisions.map(({ allowed, how }) => [allowed, how]), [[false, "fresh"], [true, "cached"], [true, "fresh"], [false, "fresh"]]);
  assert.equal(server.asked[1]?.path, "/api/v1/customer-checks/batch");
  assert.deepEqual(server.asked[1]?.json.checks.map((check: any) => check.user), ["usr_2", "usr_3"]);
  await seatline.checkMany(Array.from({ length: 2500 }, (_, n): Question => ({ ...ANA, tenant: "ten_2", user: `usr_${n}` })));
  assert.deepEqual(server.asked.slice(2).map(({ json }) => json.checks.length), [1000, 1000, 500]);
  assert.deepEqual(await seatline.checkMany([]), []);
});

test("A batch that answers too little, or in part, answers nothing else", async (context) => {
  const { answers, client } = await setUp(context);
  for (const body of [{ results: [yes()] }, { results: [yes(), yes(), yes()] }, { results: yes() }, {}, [yes(), yes()]]) {
    answers({ body });
    for (const decision of await client().checkMany([ANA, BEN])) assertRefused(decision);
  }
  answers({ body: { results: [null, yes()] } });
  const [first, second] = await client().checkMany([ANA, BEN]);
  assertRefused(first as Decision);
  assert.equal(second?.allowed, true);
});

test("All rights of a user", async (context) => {
  const { answers, client, server } = await setUp(context);
  const right = { service_id: GOLD, plan: "Gold", state: "active", usable: true, since: "2026-01-01T00:00:00Z" };
  answers({ body: { items: [right], version: 3 } });
  const seatline = client();
  const [held] = await seatline.rights({ tenant: "ten_1", user: "usr/1" });
  assert.deepEqual([held?.serviceId, held?.usable, held?.usableUntil, held?.features], [GOLD, true, null, {}]);
  await seatline.rights({ user: "a@b.example" });
  await seatline.rights({ user: "me" });
  const paths = ["/api/v1/customers/ten_1/users/usr%2F1/rights", "/api/v1/users/a%40b.example/rights", "/api/v1/me/rights"];
  assert.deepEqual(server.asked.map(({ path }) => path), paths);
  for (const body of ["", { items: {} }, { items: [1] }, []]) {
    answers({ body });
    await assert.rejects(seatline.rights({ user: "me" }), Unreachable);
  }
  await assert.rejects(seatline.rights({ user: "" }), TypeError);
});

test("Who asks the same meanwhile shares the call, and the token", async (context) => {
  const { client, server } = await setUp(context);
  server.script = async () => (await sleep(50), { body: yes() });
  const seatline = client();
  const decisions = await Promise.all([...Array.from({ length: 8 }, () => seatline.check(ANA)), seatline.check(BEN)]);
  assert.ok(decisions.every(({ allowed }) => allowed));
  assert.deepEqual([server.asked.length, server.tokens], [2, 1]);
});

// Tokens

test("A token is used until shortly before its end, then renewed", async (context) => {
  const { client, server } = await setUp(context);
  for (const [expiresIn, tokens] of [[600, 1], [0, 4]] as const) {
    server.expiresIn = expiresIn;
    const seatline = client();
    for (const n of [1, 2, 3]) await seatline.check({ ...ANA, user: `usr_${n}` });
    assert.equal(server.tokens, tokens);
  }
});

test("A token that is refused is renewed once", async (context) => {
  const { answers, client, server } = await setUp(context);
  server.script = ({ headers }) => (headers["authorization"] === "Bearer token-2" ? { body: yes() } : problem(401, "identity.unauthenticated"));
  assert.equal((await client().check(ANA)).allowed, true);
  answers(problem(401, "identity.unauthenticated"));
  await assert.rejects(client().check(ANA), (error) => error instanceof SeatlineError && error.status === 401 && error.code === "identity.unauthenticated");
  assert.equal(server.tokens, 4);
});

test("A given token is sent as it is; credentials are one or the other", async (context) => {
  const { client, server } = await setUp(context);
  await client({ token: "slp_1" }).check({ user: "me", service: GOLD });
  assert.deepEqual([server.asked[0]?.headers["authorization"], server.tokens], ["Bearer slp_1", 0]);
  for (const wrong of [{}, { clientId: "c" }, { token: "t", clientId: "c", clientSecret: "s" }]) {
    assert.throws(() => new Seatline({ server: "https://market.example", ...wrong }), TypeError);
  }
  assert.throws(() => new Seatline({ server: "market.example", token: "t" }), TypeError);
});

// Trouble: whatever the server does, the last answer for its grace, then no.

async function goesOnWithTheLastAnswer(world: Awaited<ReturnType<typeof setUp>>, trouble: Answer | (() => Promise<Answer>)) {
  const seatline = world.client();
  world.answers({ body: yes() });
  assert.equal((await seatline.check(ANA)).allowed, true);
  world.server.script = typeof trouble === "function" ? trouble : () => trouble;
  const began = world.now;
  world.now += 61;
  const decision = await seatline.check(ANA);
  assert.deepEqual([decision.allowed, decision.how], [true, "grace"]);
  assertRefused(await seatline.check(BEN));
  world.now += 3600;
  assertRefused(await seatline.check(ANA), "expired");
  world.now = began;
}

test("The server is gone, or was never there", async (context) => {
  const world = await setUp(context);
  const seatline = world.client();
  await seatline.check(ANA);
  world.server.stop();
  world.now += 61;
  assert.equal((await seatline.check(ANA)).how, "grace");
  assertRefused(await seatline.check(BEN));
  assertRefused(await world.client().check(ANA));
});

test("The server hangs up: once is tried again", async (context) => {
  const world = await setUp(context);
  world.server.script = () => (world.server.asked.length % 2 === 0 ? { body: yes() } : { status: 0 });
  assert.equal((await world.client().check(ANA)).allowed, true);
  await goesOnWithTheLastAnswer(world, { status: 0 });
});

test("The server fails", async (context) => {
  const world = await setUp(context);
  for (const status of [500, 502, 503, 408]) {
    await goesOnWithTheLastAnswer(world, { status, body: "…" });
    await goesOnWithTheLastAnswer(world, problem(status, "server.failed"));
  }
});

test("Garbage comes", async (context) => {
  const world = await setUp(context);
  const bodies = ["", "<html>Welcome to the hotel</html>", "true", "[]", "null", '{"allowed":"true"}', '{"allowed":1}', '{"allowed":true', "[".repeat(100_000), "\0", '"allowed"', "{}"];
  for (const body of bodies) await goesOnWithTheLastAnswer(world, { body });
});

test("Something else refuses", async (context) => {
  const world = await setUp(context);
  for (const status of [400, 401, 403, 404, 407, 410]) {
    for (const body of ["<html>no</html>", { message: "no" }, { code: "resource.not_found" }]) await goesOnWithTheLastAnswer(world, { status, body });
  }
});

test("The answer is cut off", async (context) => {
  await goesOnWithTheLastAnswer(await setUp(context), { headers: { "Content-Length": "9999" }, body: '{"allowed":true}' });
});

test("A redirect is not followed", async (context) => {
  const elsewhere = await FakeServer.start(context, () => ({ body: yes() }));
  const world = await setUp(context);
  for (const status of [301, 302, 303, 307, 308]) await goesOnWithTheLastAnswer(world, { status, headers: { Location: `${elsewhere.address}/x` } });
  assert.deepEqual(elsewhere.asked, []);
});

test("The server is slow, from the beginning or with each byte", async (context) => {
  const world = await setUp(context);
  await goesOnWithTheLastAnswer(world, async () => (await sleep(2000), { body: yes() }));
  await goesOnWithTheLastAnswer(world, { body: yes(), drip: 50 });
});

test("Overloaded, it is left alone for as long as it says", async (context) => {
  const { answers, client, server } = await setUp(context);
  const inSeconds = () => "2";
  const atThatTime = () => new Date(Date.now() + 3000).toUTCString();
  for (const status of [429, 503]) {
    for (const retryAfter of [inSeconds, atThatTime]) {
      const seatline = client();
      server.asked = [];
      answers(problem(status, "server.busy", { "Retry-After": retryAfter() }));
      for (const user of ["usr_1", "usr_2", "usr_3"]) assertRefused(await seatline.check({ ...ANA, user }));
      assert.equal(server.asked.length, 1);
      answers({ body: yes() });
      const deadline = performance.now() + 10000;
      while (!(await seatline.check(ANA)).allowed && performance.now() < deadline) await sleep(20);
      assert.equal((await seatline.check(ANA)).allowed, true);
    }
  }
});

test("A Retry-After that is none stops nobody", async (context) => {
  const { answers, client } = await setUp(context);
  const waiting: Seatline[] = [];
  for (const retryAfter of ["never", "-1", "1e9", "", "²", "Thu, 99 Foo 2026", "0"]) {
    const seatline = client();
    answers(problem(429, "server.busy", { "Retry-After": Buffer.from(retryAfter).toString("latin1") }));
    assertRefused(await seatline.check(ANA));
    waiting.push(seatline);
  }
  answers({ body: yes() });
  await sleep(1050);
  for (const seatline of waiting) assert.equal((await seatline.check(ANA)).allowed, true);
});

test("A customer that is none any more is refused and forgotten", async (context) => {
  const world = await setUp(context);
  const seatline = world.client();
  await seatline.check(ANA);
  world.now += 61;
  world.answers(problem(404, "resource.not_found"));
  const { allowed, how, reason, refusal } = await seatline.check(ANA);
  assert.deepEqual([allowed, how, reason], [false, "fresh", "resource.not_found"]);
  assert.match(refusal?.message ?? "", /Ask your administrator/);
  world.server.stop();
  assertRefused(await seatline.check(ANA));
});

test("What the app does wrong is thrown, not decided", async (context) => {
  const { answers, client } = await setUp(context);
  for (const status of [400, 403, 422]) {
    answers(problem(status, "request.wrong"));
    await assert.rejects(client().check(ANA), SeatlineError);
    await assert.rejects(client().checkMany([ANA]), SeatlineError);
  }
});
