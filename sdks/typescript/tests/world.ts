// A server, a clock, and clients of both.
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { type Decision, type Options, type Question, Seatline } from "../src/index.js";
import { type Answer, FakeServer } from "./fake-server.js";

export const T = 1_800_000_000;
export const GOLD = "fabrikam.f365.gold";
export const ANA: Question = { tenant: "ten_1", user: "usr_1", service: GOLD };
export const BEN: Question = { ...ANA, user: "usr_2" };
export const REFUSAL = { title: "Invalid License", code: "0x80050301", message: "m", details: "d", more_info_url: null };

export function yes(more = {}): Record<string, unknown> {
  const times = { at: T, fresh_seconds: 60, grace_seconds: 3600 };
  return { allowed: true, reason: "licensed", service_ids: [GOLD], features: { export: true }, ...times, ...more };
}
export const no = () => yes({ allowed: false, reason: "no_seat", refusal: REFUSAL });

export async function setUp(context: TestContext) {
  const server = await FakeServer.start(context, () => ({ body: yes() }));
  const world = {
    now: T,
    server,
    answers: (answer: Answer) => (server.script = () => answer),
    client: (more: Partial<Options> = {}) => {
      const credentials = more.token ? {} : { clientId: "cli_1", clientSecret: "s/:é" };
      return new Seatline({ server: server.address, clock: () => world.now, timeout: 0.4, publisher: "fabrikam", ...credentials, ...more });
    },
  };
  return world;
}

export function assertRefused(decision: Decision, reason = "unknown") {
  assert.deepEqual([decision.allowed, decision.how, decision.reason], [false, "refused", reason]);
  assert.ok(!decision.allowed);
  const { title, code, message, details } = decision.refusal;
  assert.deepEqual([title, code], ["Invalid License", "0x80050301"]);
  assert.ok(message && details.includes(GOLD));
}
