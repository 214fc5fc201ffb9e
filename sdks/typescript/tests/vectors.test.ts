// CHK-08, CHK-09: the cases that every SDK runs (docs/client-vectors.md).
import assert from "node:assert/strict";
import { test } from "node:test";
import { Machine, type Question } from "../src/machine.js";
import { Rejected } from "../src/tokens.js";
import { vectors } from "./vectors.js";

function question({ service_id, ...rest }: any): Question {
  return { ...rest, service: service_id };
}

async function kept(taken: Promise<unknown>) {
  try {
    await taken;
    return { kept: true };
  } catch (error) {
    if (!(error instanceof Rejected)) throw error;
    return { kept: false, cause: error.cause };
  }
}

class Client {
  machine = new Machine(vectors.issuer, vectors.audience);

  async step(step: any): Promise<unknown> {
    if ("keys" in step) return this.machine.keys(vectors.key_sets[step.keys]);
    if ("lease" in step) return kept(this.machine.lease(step.lease));
    if ("revocations" in step) return kept(this.machine.revocations(step.revocations));
    if ("answer" in step) return void this.machine.answer(question(step.for), step.answer, step.at);
    if ("restart" in step) {
      const state = this.machine.save();
      this.machine = new Machine(vectors.issuer, vectors.audience);
      return this.machine.restore(state);
    }
    const of = question(step.ask);
    const ruling =
      this.machine.atOnce(of, step.at) ??
      (step.server === null ? null : this.machine.answer(of, step.server, step.at)) ??
      this.machine.withoutServer(of, step.at);
    const { allowed, how, reason } = ruling;
    return reason === null ? { allowed, how } : { allowed, how, reason };
  }
}

assert.equal(vectors.format, 1);
assert.ok(vectors.cases.length >= 100);
for (const { name, steps } of vectors.cases) {
  test(name, async () => {
    const client = new Client();
    for (const [index, step] of steps.entries()) {
      assert.deepEqual(await client.step(step), step.expect, `step ${index + 1}`);
    }
  });
}
