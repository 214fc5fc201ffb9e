/** The client's state machine (docs/client-state-machine.md): told the time and what came in, it does no I/O. */

import { type Keys, type Lease, Rejected, type RevocationList, isObject, readKeys, readLease, readList } from "./tokens.js";

const TOLERANCE = 300;
const NOT_BEFORE_TOLERANCE = 60;

/** May this user use this service id, or open this component? */
export type Question = {
  /** The customer's tenant id; left out by an app of the tenant itself. */
  readonly tenant?: string | undefined;
  /** An id, or `me` for whoever the token belongs to. Nobody is nobody: an empty one is an error. */
  readonly user: string;
} & (
  | {
      /** `publisherid.offerid.planid` */
      readonly service: string;
      readonly component?: undefined;
      readonly offer?: undefined;
    }
  | {
      readonly service?: undefined;
      /** The unique name of a component. */
      readonly component: string;
      /** `publisherid.offerid`, where several offers have a component of this name. */
      readonly offer?: string | undefined;
    }
);

/** What a refused person reads. */
export interface Refusal {
  readonly title: string;
  readonly code: string;
  readonly message: string;
  /** For the administrator: what was asked for, and the plans that would do. */
  readonly details: string;
  readonly moreInfoUrl: string | null;
}

/** Whether, how it is known, and why. */
export interface Ruling {
  readonly allowed: boolean;
  readonly how: "fresh" | "cached" | "leased" | "grace" | "refused";
  /** Of the server; or `unknown`, `expired`, `revoked`, `clock_rolled_back` where `how` is `refused`. */
  readonly reason: string | null;
  readonly state: string | null;
  /** The service ids that would do. */
  readonly serviceIds: readonly string[];
  readonly enforcement: string | null;
  readonly features: Readonly<Record<string, unknown>>;
  readonly version: number | null;
  readonly refusal: Refusal | null;
  /** What to show to who was let in without a license, because the plan only warns. */
  readonly notice: Refusal | null;
  /** The lease that allows it. Of a block (`kind` is `tenant`) the app counts the seats itself. */
  readonly lease: Lease | null;
}

type Answer = Record<string, unknown> & { allowed: boolean };
type KeptAnswer = Answer & { at: number; fresh_seconds: number; grace_seconds: number };
interface Kept {
  readonly question: Question;
  readonly answer: KeptAnswer;
  readonly received: number;
}

export class Machine {
  highWater = 0;
  readonly #expected;
  readonly #most;
  // In the order in which they were received.
  #answers = new Map<string, Kept>();
  #leases = new Map<string, Lease>();
  #lists = new Map<string, RevocationList>();
  #jwks: unknown = { keys: [] };
  #keys: Keys = new Map();

  /** @param answers how many are kept; the one that was received first goes first. */
  constructor(issuer: string, audience?: string, answers = 10_000) {
    this.#expected = { issuer, audience };
    this.#most = answers;
  }

  // What comes in

  /** Takes what the server said; null if that is no answer. */
  answer(question: Question, body: unknown, now: number): Ruling | null {
    if (!isAnswer(body)) return null;
    this.#answers.delete(nameOf(question));
    if (isSeconds(body.at)) this.highWater = body.at;
    if (!body.allowed) {
      const issuedUntil = isSeconds(body.at) ? body.at : now;
      for (const lease of this.#leases.values()) {
        if (refuses(question, lease) && lease.issuedAt <= issuedUntil) this.#leases.delete(lease.id);
      }
    }
    if (mayBeKept(body)) {
      this.#answers.set(nameOf(question), { question, answer: body, received: now });
      const [first] = this.#answers.keys();
      if (this.#answers.size > this.#most && first !== undefined) this.#answers.delete(first);
    }
    return asItSays(body, "fresh");
  }

  /** Takes a lease; throws {@link Rejected} with the cause if it is not kept. */
  async lease(text: string): Promise<Lease> {
    const lease = await this.#withKeys((keys) => readLease(text, keys, this.#expected));
    this.highWater = Math.max(this.highWater, lease.issuedAt);
    for (const { question, answer } of this.#answers.values()) {
      if (!answer.allowed && refuses(question, lease) && lease.issuedAt <= answer.at) throw new Rejected("refused");
    }
    this.#leases.set(lease.id, lease);
    return lease;
  }

  /** It was given back. */
  dropLease(id: string): void {
    this.#leases.delete(id);
  }

  /** Takes a revocation list; throws {@link Rejected} with the cause if it is not kept. */
  async revocations(text: string): Promise<RevocationList> {
    const list = await this.#withKeys((keys) => readList(text, keys, this.#expected));
    this.highWater = Math.max(this.highWater, list.issuedAt);
    const kept = this.#lists.get(list.tenant);
    if (kept && list.seq <= kept.seq) throw new Rejected("older");
    this.#lists.set(list.tenant, list);
    return list;
  }

  /** Takes the issuer's JWKS in place of those kept; leases whose key is gone are dropped. */
  async keys(jwks: unknown): Promise<void> {
    const keys = await readKeys(jwks);
    this.#jwks = jwks;
    this.#keys = keys;
    for (const lease of this.leases()) {
      if (!(await this.#verified(lease.text))) this.#leases.delete(lease.id);
    }
  }

  // What is decided

  /** Without asking the server; null if it is to be asked. */
  atOnce(question: Question, now: number): Ruling | null {
    const kept = this.#answers.get(nameOf(question));
    if (this.#rolledBack(now) || !kept || !lasts(kept, kept.answer.fresh_seconds, now)) return null;
    return asItSays(kept.answer, "cached");
  }

  /** Where {@link atOnce} was null and the server is not reachable. */
  withoutServer(question: Question, now: number): Ruling {
    if (this.#rolledBack(now)) return refused("clock_rolled_back");
    let over = false;
    let revoked = false;
    for (const lease of this.#leases.values()) {
      if (!covers(lease, question) || now < lease.notBefore - NOT_BEFORE_TOLERANCE) continue;
      if (now >= lease.expiresAt) over = true;
      else if (this.#lists.get(lease.tenant)?.revoked.has(lease.id)) revoked = true;
      else return leased(lease, question);
    }
    const kept = this.#answers.get(nameOf(question));
    if (kept && lasts(kept, kept.answer.grace_seconds, now)) return asItSays(kept.answer, "grace");
    over ||= kept !== undefined && now >= kept.received + kept.answer.grace_seconds;
    return refused(revoked ? "revoked" : over ? "expired" : "unknown");
  }

  leases(): Lease[] {
    return [...this.#leases.values()];
  }

  #rolledBack(now: number): boolean {
    if (now + TOLERANCE < this.highWater) return true;
    this.highWater = Math.max(this.highWater, now);
    return false;
  }

  // The store

  save(): string {
    const answers = [...this.#answers.values()];
    const leases = this.leases().map((lease) => lease.text);
    const revocations = [...this.#lists.values()].map((list) => ({ ...list, revoked: [...list.revoked] }));
    return JSON.stringify({ format: 1, highWater: this.highWater, keys: this.#jwks, answers, leases, revocations });
  }

  /** Reads what {@link save} wrote; leases are verified anew. Throws and changes nothing if it is no state. */
  async restore(text: string): Promise<void> {
    const state = JSON.parse(text);
    const answers: Kept[] = [...state.answers];
    const lists: RevocationList[] = state.revocations.map((list: RevocationList) => ({ ...list, revoked: new Set(list.revoked) }));
    const sound = answers.every(({ answer, received }) => isAnswer(answer) && mayBeKept(answer) && isSeconds(received));
    if (!sound || !isSeconds(state.highWater) || !lists.every((list) => isSeconds(list.seq))) throw new TypeError("this is no state of a client");
    const named = answers.map((kept): [string, Kept] => [nameOf(kept.question), kept]);
    const leases: string[] = state.leases.map(String);
    const keys = await readKeys(state.keys);
    this.highWater = state.highWater;
    this.#answers = new Map(named);
    this.#lists = new Map(lists.map((list) => [list.tenant, list]));
    this.#jwks = state.keys;
    this.#keys = keys;
    this.#leases = new Map();
    for (const text of leases) {
      const lease = await this.#verified(text);
      if (lease) this.#leases.set(lease.id, lease);
    }
  }

  #verified(text: string): Promise<Lease | null> {
    return this.#withKeys((keys) => readLease(text, keys, this.#expected)).catch(() => null);
  }

  /** Verifying takes a while; what was verified with keys that were replaced meanwhile is verified again. */
  async #withKeys<T>(read: (keys: Keys) => Promise<T>): Promise<T> {
    for (;;) {
      const keys = this.#keys;
      const value = await read(keys);
      if (keys === this.#keys) return value;
    }
  }
}

export function isAnswer(body: unknown): body is Answer {
  return isObject(body) && typeof body.allowed === "boolean";
}

function mayBeKept(answer: Answer): answer is KeptAnswer {
  return isSeconds(answer.at) && isSeconds(answer.fresh_seconds) && isSeconds(answer.grace_seconds);
}

function isSeconds(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

export function nameOf({ tenant, user, service, component, offer }: Question): string {
  return JSON.stringify([tenant, user, service, component, offer]);
}

function lasts(kept: Kept, seconds: number, now: number): boolean {
  return kept.received - TOLERANCE <= now && now < kept.received + seconds;
}

function covers(lease: Lease, { tenant, user, service, component, offer }: Question): boolean {
  if (lease.tenant !== tenant || (lease.kind === "user" && lease.subject !== user)) return false;
  if (service !== undefined) return lease.services.some(({ id }) => id === service);
  const offered = offer === undefined || lease.services.some(({ id }) => id.startsWith(`${offer}.`));
  return offered && lease.components.includes(component);
}

/** Whether a refusal of this question is one of this lease: a block is not a single user's to lose. */
function refuses(question: Question, lease: Lease): boolean {
  return lease.kind === "user" && covers(lease, question);
}

const NOTHING = {
  reason: null, state: null, serviceIds: [], enforcement: null, features: {}, version: null, refusal: null, notice: null, lease: null,
};

export function refused(reason: string): Ruling {
  return { ...NOTHING, allowed: false, how: "refused", reason };
}

function leased(lease: Lease, { service }: Question): Ruling {
  const named = lease.services.filter(({ id }) => service === undefined || id === service);
  const features = named.reduceRight((all, one) => ({ ...all, ...one.features }), {});
  return { ...NOTHING, allowed: true, how: "leased", serviceIds: named.map(({ id }) => id), features, lease };
}

function asItSays(body: Answer, how: Ruling["how"]): Ruling {
  const text = (value: unknown) => (typeof value === "string" ? value : null);
  return {
    allowed: body.allowed,
    how,
    reason: text(body.reason),
    state: text(body.state),
    // Copies: what an app does with them must not change what is kept.
    serviceIds: Array.isArray(body.service_ids) ? [...body.service_ids] : [],
    enforcement: text(body.enforcement),
    features: isObject(body.features) ? { ...body.features } : {},
    version: typeof body.version === "number" ? body.version : null,
    refusal: refusalOf(body.refusal),
    notice: refusalOf(body.notice),
    lease: null,
  };
}

function refusalOf(value: unknown): Refusal | null {
  if (!isObject(value)) return null;
  const text = (name: string) => String(value[name] ?? "");
  const url = value.more_info_url;
  return {
    title: text("title"), code: text("code"), message: text("message"), details: text("details"),
    moreInfoUrl: typeof url === "string" ? url : null,
  };
}
