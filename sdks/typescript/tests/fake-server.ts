// A server that answers as a test says; it gives tokens by itself.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

export interface Asked {
  method: string;
  path: string;
  headers: NodeJS.Dict<string | string[]>;
  json: any;
}
export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  /** Text as it is, else JSON. */
  body?: unknown;
  /** Milliseconds before each byte. */
  drip?: number;
}
export type Script = (asked: Asked) => Answer | Promise<Answer>;

export class FakeServer {
  asked: Asked[] = [];
  tokens = 0;
  expiresIn = 600;
  address = "";
  readonly #server;

  constructor(public script: Script) {
    this.#server = createServer(async (request, response) => {
      let text = "";
      for await (const part of request) text += part;
      const { method = "", url: path = "", headers } = request;
      const asked = { method, path, headers, json: text.startsWith("{") ? JSON.parse(text) : text };
      const answer = await this.#answer(asked);
      if (answer.status === 0) return void request.socket.destroy(); // Hangs up.
      const { status = 200, headers: extra = {}, body = "", drip } = answer;
      const data = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
      response.writeHead(status, { "Content-Length": String(data.length), ...extra });
      if (!drip) return void (extra["Content-Length"] ? response.write(data, () => response.destroy()) : response.end(data));
      for (const byte of data) {
        await sleep(drip);
        response.write(Buffer.of(byte));
      }
      response.end();
    });
  }

  static async start(context: TestContext, script: Script): Promise<FakeServer> {
    const fake = new FakeServer(script);
    await new Promise<void>((done) => fake.#server.listen(0, "127.0.0.1", done));
    fake.address = `http://127.0.0.1:${(fake.#server.address() as AddressInfo).port}`;
    context.after(() => fake.stop());
    return fake;
  }

  #answer(asked: Asked): Answer | Promise<Answer> {
    if (asked.path !== "/oauth2/token") {
      this.asked.push(asked);
      return this.script(asked);
    }
    this.tokens += 1;
    return { body: { access_token: `token-${this.tokens}`, token_type: "Bearer", expires_in: this.expiresIn } };
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

export function problem(status: number, code: string, headers: Record<string, string> = {}): Answer {
  return { status, headers, body: { type: `urn:seatline:problem:${code}`, status, code, title: "…", detail: "…" } };
}
