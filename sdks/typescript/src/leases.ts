import { type Http, Unreachable } from "./http.js";
import type { Machine } from "./machine.js";
import { type Lease, Rejected, type RevocationList, isObject } from "./tokens.js";

/** What these parts of a client need of it. */
export interface Inside {
  http: Http;
  machine: Machine;
  ready: Promise<void>;
  publisher: string | undefined;
  take<T>(read: (text: string) => Promise<T>, text: string): Promise<T>;
  save(): Promise<void>;
}

/** As in {@link Question}; without both it is the client's own tenant. */
export interface Whose {
  readonly tenant?: string | undefined;
  readonly user?: string | undefined;
}

/** Of `services`, or of what opens `component` of `offer`; for a user, or by a tenant's own client for a block of `seats`. */
export interface Wish extends Whose {
  readonly seats?: number | undefined;
  readonly services?: readonly string[] | undefined;
  readonly component?: string | undefined;
  readonly offer?: string | undefined;
  /** How long it is wished for, a day if left out; it may be shorter. */
  readonly seconds?: number | undefined;
  readonly algorithm?: "ES256" | "EdDSA" | undefined;
}

/** What the server signs. */
async function tokenOf(http: Http, method: string, path: string, body?: unknown): Promise<string> {
  const answer = await http.call(method, path, body === undefined ? {} : { body, headers: once() });
  if (!isObject(answer) || typeof answer.token !== "string") throw new Unreachable("the answer has no token");
  return answer.token;
}

/** A write that is sent again is done once. */
function once(): Record<string, string> {
  return { "Idempotency-Key": crypto.randomUUID() };
}

function leasePath(noun: string, { tenant, user }: Whose): string {
  if (tenant !== undefined) return `/api/v1/customer-${noun}`;
  return user === "me" ? `/api/v1/me/${noun}` : `/api/v1/${noun}`;
}

/** Licenses that are carried along, for when the server is not there. */
export class Leases {
  readonly #inside: Inside;
  /** @internal */
  constructor(inside: Inside) {
    this.#inside = inside;
  }

  async list(): Promise<Lease[]> {
    await this.#inside.ready;
    return this.#inside.machine.leases();
  }

  /** Asks the server for a lease and keeps it. Throws {@link Unreachable} or {@link SeatlineError}. */
  async acquire({ services, user, ...wish }: Wish): Promise<Lease> {
    if ((user === undefined) === (wish.seats === undefined) || user === "") throw new TypeError("a lease is for a user, or a block of seats");
    const body = { ...wish, user: user === "me" ? undefined : user, service_ids: services };
    return this.load(await tokenOf(this.#inside.http, "POST", leasePath("leases", { tenant: wish.tenant, user }), body));
  }

  /** Frees its seats before it ends; whose as it was acquired. Throws {@link Unreachable} or {@link SeatlineError}. */
  async giveBack(id: string, whose: Whose = {}): Promise<void> {
    const path = `${leasePath("leases", whose)}/${encodeURIComponent(id)}/return`;
    await this.#inside.http.call("POST", path, { body: { tenant: whose.tenant }, headers: once() });
    await this.#inside.ready;
    this.#inside.machine.dropLease(id);
    await this.#inside.save();
  }

  /** Keeps a lease that came by file. Throws {@link Rejected} if it is forged, refused, or its key unknown. */
  load(text: string): Promise<Lease> {
    return this.#inside.take((token) => this.#inside.machine.lease(token), text);
  }
}

/** Lists of leases that were taken back before their end. */
export class Revocations {
  readonly #inside: Inside;
  /** @internal */
  constructor(inside: Inside) {
    this.#inside = inside;
  }

  /**
   * Asks the server for the list: a publisher's client names `tenant`, a user's `user: "me"`; without both it is that of the
   * client's own tenant. Null if it is kept already. Throws {@link Unreachable} or {@link SeatlineError}.
   */
  async fetch(whose: Whose = {}): Promise<RevocationList | null> {
    const { tenant } = whose;
    const of = new URLSearchParams(tenant === undefined ? { publisher: this.#inside.publisher ?? "" } : { tenant });
    return this.load(await tokenOf(this.#inside.http, "GET", `${leasePath("lease-revocations", whose)}?${of}`));
  }

  /** Keeps a list that came by file; null if a later one is kept already. Throws {@link Rejected} if it is forged. */
  async load(text: string): Promise<RevocationList | null> {
    try {
      return await this.#inside.take((token) => this.#inside.machine.revocations(token), text);
    } catch (error) {
      if (error instanceof Rejected && error.cause === "older") return null;
      throw error;
    }
  }
}
