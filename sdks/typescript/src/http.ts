/** Calls to the server. */

import { isObject } from "./tokens.js";

const LARGEST = 16 * 1024 * 1024;
const LONGEST_PAUSE = 300;

/** There is no answer: no connection, too slow, overloaded, failed, or something else answers at this address. */
export class Unreachable extends Error {
  override name = "Unreachable";
}

/** The server refused the call itself: the secret is wrong, a field is, something is not allowed. */
export class SeatlineError extends Error {
  override name = "SeatlineError";
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
  ) {
    super(`${detail} (${status} ${code})`);
  }
}

export interface Credentials {
  /** Of an API client, with its secret. */
  clientId?: string | undefined;
  clientSecret?: string | undefined;
  /** Or a token: of a signed-in user's session, or a personal one. */
  token?: string | undefined;
}

interface Call {
  body?: unknown;
  headers?: Record<string, string>;
}

/** Authenticated JSON over HTTP. After a failure the server is left alone for as long as it said, or a little longer each time. */
export class Http {
  readonly #server: string;
  readonly #credentials: Credentials;
  readonly #timeout: number;
  readonly #language: string;
  readonly #fetch: typeof fetch;
  #token: { text: string; renewAt: number } | null = null;
  #renewing: Promise<string> | null = null;
  #pausedUntil = 0;
  #failures = 0;

  constructor(server: string, credentials: Credentials, timeout: number, language: string, fetcher: typeof fetch) {
    if (!/^https?:$/.test(new URL(server).protocol)) throw new TypeError("server must be an address: https://…");
    const { token, clientId, clientSecret } = credentials;
    if (!token === !(clientId && clientSecret)) throw new TypeError("give either a token, or clientId and clientSecret");
    this.#server = server.replace(/\/+$/, "");
    this.#credentials = credentials;
    this.#timeout = timeout;
    this.#language = language;
    this.#fetch = fetcher;
  }

  /** The JSON that the server answers, undefined if it is none. Throws {@link Unreachable} or {@link SeatlineError}. */
  async call(method: string, path: string, { body, headers = {} }: Call = {}): Promise<unknown> {
    for (let again = true; ; again = false) {
      const token = await this.#currentToken();
      const sent: Record<string, string> = { Authorization: `Bearer ${token}`, "Accept-Language": this.#language, ...headers };
      if (body !== undefined) sent["Content-Type"] = "application/json";
      try {
        return await this.#send(path, { method, headers: sent, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
      } catch (error) {
        const mayHaveEnded = error instanceof SeatlineError && error.status === 401 && !this.#credentials.token;
        if (!mayHaveEnded || !again) throw error;
        if (this.#token?.text === token) this.#token = null;
      }
    }
  }

  /** GET without a token. */
  public(path: string): Promise<unknown> {
    return this.#send(path, { method: "GET" });
  }

  async #currentToken(): Promise<string> {
    if (this.#credentials.token) return this.#credentials.token;
    if (this.#token && performance.now() < this.#token.renewAt) return this.#token.text;
    // One call, however many wait for it.
    this.#renewing ??= this.#newToken().finally(() => (this.#renewing = null));
    return this.#renewing;
  }

  async #newToken(): Promise<string> {
    const { clientId = "", clientSecret = "" } = this.#credentials;
    const pair = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`;
    const asked = performance.now();
    const body = await this.#send("/oauth2/token", {
      method: "POST",
      headers: { Authorization: `Basic ${btoa(pair)}` },
      body: new URLSearchParams({ grant_type: "client_credentials" }),
    });
    if (!isObject(body) || typeof body.access_token !== "string") throw new Unreachable("the answer of /oauth2/token has no token");
    const seconds = typeof body.expires_in === "number" ? body.expires_in : 0;
    this.#token = { text: body.access_token, renewAt: asked + Math.max(seconds - 30, seconds / 2) * 1000 };
    return body.access_token;
  }

  async #send(path: string, init: RequestInit): Promise<unknown> {
    if (performance.now() < this.#pausedUntil) throw new Unreachable("the server is left alone for a while");
    const signal = AbortSignal.timeout(this.#timeout * 1000);
    const attempt = async (): Promise<[Response, unknown]> => {
      // A token must not follow to wherever an address points.
      const response = await this.#fetch(this.#server + path, { ...init, redirect: "manual", cache: "no-store", signal });
      return [response, await json(response)];
    };
    const [response, body] = await attempt()
      .catch((error) => {
        // A connection that was kept may have been closed meanwhile: once more, within the same time.
        if (signal.aborted) throw error;
        return attempt();
      })
      .catch((error) => {
        throw this.#failed(null, { cause: error });
      });
    const refused = response.ok ? null : refusedBy(response.status, body);
    if (!response.ok && !refused) throw this.#failed(response);
    this.#failures = 0;
    if (refused) throw refused;
    return body;
  }

  #failed(response: Response | null, options?: ErrorOptions): Unreachable {
    let pause = response && retryAfter(response);
    if (pause === null) {
      pause = Math.min(2 ** this.#failures, 30);
      this.#failures = Math.min(this.#failures + 1, 5);
    }
    this.#pausedUntil = performance.now() + Math.min(pause, LONGEST_PAUSE) * 1000;
    return new Unreachable(response ? `the server answered ${response.status}` : "the server does not answer", options);
  }
}

/** What the server says is wrong with the call; null if it is the server that is, or not ours. */
function refusedBy(status: number, body: unknown): SeatlineError | null {
  if (status < 400 || status >= 500 || status === 408 || status === 429 || !isObject(body)) return null;
  if (body.type === `urn:seatline:problem:${body.code}`) return new SeatlineError(status, String(body.code), String(body.detail));
  const ofTokens = (status === 400 || status === 401) && typeof body.error === "string"; // RFC 6749
  return ofTokens ? new SeatlineError(status, String(body.error), String(body.error_description)) : null;
}

/** Seconds, null if it does not say. */
function retryAfter(response: Response): number | null {
  const text = response.headers.get("Retry-After")?.trim() ?? "";
  if (/^[0-9]+$/.test(text)) return Number(text);
  // Dates begin with a day's name; JavaScript would read much else as one.
  const date = /^[A-Z][a-z]{2}/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? null : Math.max(0, (date - Date.now()) / 1000);
}

async function json(response: Response): Promise<unknown> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for (const reader = response.body?.getReader(); reader; ) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > LARGEST) throw new RangeError("the answer is too long");
    chunks.push(value);
  }
  try {
    return JSON.parse(await new Blob(chunks).text());
  } catch {
    return undefined;
  }
}
