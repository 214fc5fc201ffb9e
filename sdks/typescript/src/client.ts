import { type Credentials, Http, SeatlineError, Unreachable } from "./http.js";
import { type Inside, Leases, Revocations } from "./leases.js";
import { Machine, type Question, type Refusal, type Ruling, nameOf, refused } from "./machine.js";
import { ownRefusal } from "./refusals.js";
import type { Store } from "./store.js";
import { Rejected, isObject } from "./tokens.js";

export interface Options extends Credentials {
  /** The address to ask, of the marketplace or of an edge near the app. */
  server: string;
  /** Your publisher id; needed for leases. */
  publisher?: string | undefined;
  /** The marketplace's address as its `base_url` says, where that is not `server`; leases name it. */
  issuer?: string | undefined;
  /** Where what is known is kept between runs; in memory only if left out. */
  store?: Store | undefined;
  /** What time it is, in seconds. */
  clock?: (() => number) | undefined;
  fetch?: typeof fetch | undefined;
  /** Seconds that one call may take; 5 if left out. */
  timeout?: number | undefined;
  /** Of refusals: `en` or `ko`. */
  language?: string | undefined;
}

/** Whether, how it is known, and why. It is an object and so always truthy: ask for `allowed`. */
export type Decision = Ruling & ({ readonly allowed: true } | { readonly allowed: false; readonly refusal: Refusal });

/** One service id that a user has. Times are RFC 3339. */
export interface HeldRight {
  readonly serviceId: string;
  /** The plan's name for people, null if the offer is not live. */
  readonly plan: string | null;
  readonly state: string;
  readonly usable: boolean;
  readonly since: string | null;
  readonly usableUntil: string | null;
  readonly features: Readonly<Record<string, unknown>>;
}

const BATCH = 1000;
const KEYS_EVERY = 86_400_000;
/** The time that is known to have been is written down this often (seconds), not with each question. */
const CLOCK_EVERY = 60;

/** A connection to a marketplace. One for the whole app. */
export class Seatline {
  readonly leases: Leases;
  readonly revocations: Revocations;
  readonly #http: Http;
  readonly #machine: Machine;
  readonly #store: Store | undefined;
  readonly #clock: () => number;
  readonly #language: string;
  readonly #ready: Promise<void>;
  readonly #asking = new Map<string, Promise<Decision>>();
  #keysAt: number | null = null;
  #savedHighWater = 0;

  constructor(options: Options) {
    const { server, store, clock = () => Date.now() / 1000, timeout = 5, language = "en" } = options;
    const fetcher = options.fetch ?? ((input, init) => fetch(input, init));
    this.#http = new Http(server, options, timeout, language, fetcher);
    this.#machine = new Machine(options.issuer ?? server.replace(/\/+$/, ""), options.publisher);
    this.#store = store;
    this.#clock = clock;
    this.#language = language;
    this.#ready = this.#restore();
    const inside: Inside = {
      http: this.#http,
      machine: this.#machine,
      ready: this.#ready,
      publisher: options.publisher,
      take: (read, text) => this.#take(read, text),
      save: () => this.#save(),
    };
    this.leases = new Leases(inside);
    this.revocations = new Revocations(inside);
  }

  /**
   * May this user use the service, or open the component? A publisher's client names `tenant` and `user`, a tenant's own
   * client `user` alone; `me` is whoever the token belongs to.
   *
   * Never throws because the server is gone: the decision says `how` it is known. Throws {@link SeatlineError} if the
   * server refuses the call itself.
   *
   * @param freshness the `Freshness-Token` of a write, or `latest`: decided by the server at that point or later, or refused.
   */
  async check(question: Question, { freshness }: { freshness?: string | undefined } = {}): Promise<Decision> {
    checkForm(question);
    await this.#ready;
    // What is kept may be older than what was asked for.
    if (freshness) return this.#shown((await this.#asked(question, freshness)) ?? refused("unknown"), question);
    return this.#known(question) ?? this.#shared(question);
  }

  /** As {@link check}, in the order of the questions; the server is asked for all that it has to be asked at once. */
  async checkMany(questions: readonly Question[]): Promise<Decision[]> {
    questions.forEach(checkForm);
    await this.#ready;
    const decisions = new Map<string, Decision>();
    const toAsk = new Map<string, Question>();
    for (const question of questions) {
      const known = this.#known(question);
      if (known) decisions.set(nameOf(question), known);
      else toAsk.set(nameOf(question), question);
    }
    for (const [path, part] of batches([...toAsk.values()])) {
      const answered = await this.#batch(path, part);
      part.forEach((question, index) => decisions.set(nameOf(question), answered[index] as Decision));
    }
    return questions.map((question) => decisions.get(nameOf(question)) as Decision);
  }

  /** All that a user has a right to, usable now or not. Throws {@link Unreachable} or {@link SeatlineError}. */
  async rights({ tenant, user }: { tenant?: string | undefined; user: string }): Promise<HeldRight[]> {
    checkForm({ tenant, user, service: "any" });
    const body = await this.#http.call("GET", `${personPath(tenant, user)}/rights`);
    if (!isObject(body) || !Array.isArray(body.items) || !body.items.every(isObject)) throw new Unreachable("the answer has no rights");
    // As the API document describes it.
    return body.items.map((item: any) => ({
      serviceId: item.service_id,
      plan: item.plan ?? null,
      state: item.state,
      usable: item.usable === true,
      since: item.since ?? null,
      usableUntil: item.usable_until ?? null,
      features: item.features ?? {},
    }));
  }

  /** Takes the keys of the marketplace from its JWKS that came by file, for an app that is never online. */
  async loadKeys(jwks: unknown): Promise<void> {
    await this.#ready;
    await this.#machine.keys(jwks);
    await this.#save();
  }

  #known(question: Question): Decision | null {
    const known = this.#machine.atOnce(question, this.#now());
    void this.#save(false);
    return known && this.#shown(known, question);
  }

  /** Asks the server once however many ask the same meanwhile. */
  #shared(question: Question): Promise<Decision> {
    const name = nameOf(question);
    let asking = this.#asking.get(name);
    if (!asking) {
      asking = this.#answeredOrNot(question).finally(() => this.#asking.delete(name));
      this.#asking.set(name, asking);
    }
    return asking;
  }

  async #answeredOrNot(question: Question): Promise<Decision> {
    const ruling = await this.#asked(question);
    if (!ruling) return this.#withoutServer(question);
    if (this.#machine.leases().length > 0 && this.#keysDue()) await this.#fetchKeys();
    return this.#shown(ruling, question);
  }

  async #asked(question: Question, freshness?: string): Promise<Ruling | null> {
    let body: unknown;
    try {
      const headers: Record<string, string> = freshness ? { "Freshness-Token": freshness } : {};
      body = await this.#http.call("POST", pathOf(question), { body: wire(question), headers });
    } catch (error) {
      if (error instanceof Unreachable) return null;
      // Not a mistake of the app: a customer that is none, or none any more, is refused.
      if (!(error instanceof SeatlineError) || error.status !== 404) throw error;
      body = { allowed: false, reason: error.code };
    }
    const ruling = this.#machine.answer(question, body, this.#now());
    await this.#save();
    return ruling;
  }

  async #batch(path: string, questions: Question[]): Promise<Decision[]> {
    const asked = this.#http.call("POST", path, { body: { checks: questions.map(wire) } });
    const body = await asked.catch((error) => {
      if (error instanceof Unreachable) return null;
      throw error;
    });
    const results = isObject(body) && Array.isArray(body.results) ? body.results : [];
    const complete = results.length === questions.length;
    const decisions = questions.map((question, index) => {
      const ruling = complete ? this.#machine.answer(question, results[index], this.#now()) : null;
      return ruling ? this.#shown(ruling, question) : this.#withoutServer(question);
    });
    await this.#save();
    return decisions;
  }

  #withoutServer(question: Question): Decision {
    const ruling = this.#machine.withoutServer(question, this.#now());
    void this.#save(false);
    return this.#shown(ruling, question);
  }

  #shown(ruling: Ruling, question: Question): Decision {
    if (ruling.allowed) return { ...ruling, allowed: true };
    return { ...ruling, allowed: false, refusal: ruling.refusal ?? ownRefusal(ruling, question, this.#language) };
  }

  /** Takes a lease or a list; fetches the keys where they are not known, or are a day old. */
  async #take<T>(read: (text: string) => Promise<T>, text: string): Promise<T> {
    await this.#ready;
    if (this.#keysDue()) await this.#fetchKeys();
    // Files end with a line end.
    const token = text.trim();
    try {
      return await read(token).catch(async (error) => {
        if (!(error instanceof Rejected) || error.cause !== "key_unknown" || !(await this.#fetchKeys())) throw error;
        return read(token);
      });
    } finally {
      await this.#save();
    }
  }

  #keysDue(): boolean {
    return this.#keysAt === null || performance.now() - this.#keysAt > KEYS_EVERY;
  }

  async #fetchKeys(): Promise<boolean> {
    const jwks = await this.#http.public("/.well-known/jwks.json").catch(() => null);
    if (!isObject(jwks) || !Array.isArray(jwks.keys)) return false;
    await this.#machine.keys(jwks);
    this.#keysAt = performance.now();
    await this.#save();
    return true;
  }

  #now(): number {
    return Math.floor(this.#clock());
  }

  async #restore(): Promise<void> {
    try {
      const text = await this.#store?.load();
      if (text) await this.#machine.restore(text);
    } catch {
      // A state that cannot be read is as at the first run.
    }
  }

  async #save(changed = true): Promise<void> {
    const highWater = this.#machine.highWater;
    if (!this.#store || (!changed && highWater < this.#savedHighWater + CLOCK_EVERY)) return;
    this.#savedHighWater = highWater;
    try {
      await this.#store.save(this.#machine.save());
    } catch {
      // A full disk locks nobody out; it is tried again.
      this.#savedHighWater = 0;
    }
  }
}

function checkForm({ user, tenant, service, component }: Question): void {
  const said = [user, tenant, service, component].filter((value) => value !== undefined);
  const texts = said.every((value) => typeof value === "string" && value !== "");
  if (!texts || user === undefined) throw new TypeError("user, tenant, service and component are texts that are not empty");
  if ((service === undefined) === (component === undefined)) throw new TypeError("ask about either a service or a component");
}

function pathOf({ tenant, user }: Question): string {
  if (tenant !== undefined) return "/api/v1/customer-checks";
  return user === "me" ? "/api/v1/me/checks" : "/api/v1/checks";
}

function personPath(tenant: string | undefined, user: string): string {
  if (tenant !== undefined) return `/api/v1/customers/${encodeURIComponent(tenant)}/users/${encodeURIComponent(user)}`;
  return user === "me" ? "/api/v1/me" : `/api/v1/users/${encodeURIComponent(user)}`;
}

function wire({ tenant, user, service, component, offer }: Question) {
  return { tenant, user: user === "me" ? undefined : user, service_id: service, component, offer };
}

function* batches(questions: Question[]): Generator<[string, Question[]]> {
  const byPath = new Map<string, Question[]>();
  for (const question of questions) {
    const path = `${pathOf(question)}/batch`;
    const alike = byPath.get(path);
    if (alike) alike.push(question);
    else byPath.set(path, [question]);
  }
  for (const [path, all] of byPath) {
    for (let start = 0; start < all.length; start += BATCH) yield [path, all.slice(start, start + BATCH)];
  }
}
