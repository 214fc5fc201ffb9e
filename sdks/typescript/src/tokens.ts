/** Leases and revocation lists: JWTs signed with ES256 or EdDSA (docs/client-state-machine.md). */

/** Why something was not kept: `refused` is of leases (a later answer refused it), `older` of lists. */
export type Cause = "forged" | "key_unknown" | "refused" | "older";

/** A lease or list that was not kept. */
export class Rejected extends Error {
  override name = "Rejected";
  constructor(override readonly cause: Cause) {
    super(cause);
  }
}

export interface LeasedService {
  readonly id: string;
  readonly features: Readonly<Record<string, unknown>>;
  /** Of a block: how many users may use it at once, which the app counts. */
  readonly seats?: number;
}

/** What a lease says that verified. */
export interface Lease {
  readonly id: string;
  readonly tenant: string;
  /** The user's id, or the tenant's in a lease of a tenant. */
  readonly subject: string;
  /** `tenant` is a block of its seats. */
  readonly kind: "user" | "tenant";
  readonly services: readonly LeasedService[];
  readonly components: readonly string[];
  /** Seconds, as are the others. */
  readonly issuedAt: number;
  readonly notBefore: number;
  readonly expiresAt: number;
  /** The token itself. */
  readonly text: string;
}

export interface RevocationList {
  readonly tenant: string;
  readonly issuedAt: number;
  readonly seq: number;
  /** Ids of leases. */
  readonly revoked: ReadonlySet<string>;
}

type Alg = "ES256" | "EdDSA";
export type Keys = ReadonlyMap<string, { alg: Alg; key: CryptoKey }>;
type Json = Record<string, unknown>;

/** Whose tokens are accepted: of this issuer, for this publisher. */
export interface Expected {
  readonly issuer: string;
  readonly audience: string | undefined;
}

export async function readLease(text: string, keys: Keys, expected: Expected): Promise<Lease> {
  const claims = await verified(text, "seatline-lease+jwt", keys, expected);
  const { jti, tenant, sub, kind, services, components, iat, nbf, exp, version } = claims;
  must(typeof jti === "string" && /^lse_[0-9a-f]{32}$/.test(jti));
  must(isText(tenant) && isText(sub));
  must(kind === "user" || (kind === "tenant" && sub === tenant));
  must(Array.isArray(services) && services.every((service) => isService(service, kind === "tenant")));
  must(Array.isArray(components) && components.every((component) => typeof component === "string"));
  must(isWhole(iat) && isWhole(nbf) && isWhole(exp) && isWhole(version));
  return { id: jti, tenant, subject: sub, kind, services, components, issuedAt: iat, notBefore: nbf, expiresAt: exp, text };
}

export async function readList(text: string, keys: Keys, expected: Expected): Promise<RevocationList> {
  const { tenant, iat, seq, revoked } = await verified(text, "seatline-revocations+jwt", keys, expected);
  must(isText(tenant) && isWhole(iat) && isWhole(seq));
  const bytes = decode(revoked);
  must(bytes.length % 16 === 0);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const ids = hex.match(/.{32}/g) ?? [];
  return { tenant, issuedAt: iat, seq, revoked: new Set(ids.map((id) => `lse_${id}`)) };
}

/** The keys of a JWKS that can sign for us, by `kid`; others are passed over. */
export async function readKeys(jwks: unknown): Promise<Keys> {
  const keys = new Map<string, { alg: Alg; key: CryptoKey }>();
  const entries = isObject(jwks) && Array.isArray(jwks.keys) ? jwks.keys : [];
  for (const jwk of entries) {
    try {
      keys.set(jwk.kid, await publicKey(jwk));
    } catch {
      continue;
    }
  }
  return keys;
}

async function publicKey(jwk: Json): Promise<{ alg: Alg; key: CryptoKey }> {
  const { kty, crv, kid, x, y, use = "sig" } = jwk;
  const alg = kty === "EC" && crv === "P-256" ? "ES256" : "EdDSA";
  must(typeof kid === "string" && use === "sig" && (jwk.alg ?? alg) === alg);
  must(typeof x === "string" && (alg === "ES256" ? typeof y === "string" : kty === "OKP" && crv === "Ed25519"));
  const algorithm = alg === "ES256" ? { name: "ECDSA", namedCurve: "P-256" } : { name: "Ed25519" };
  const plain = (alg === "ES256" ? { kty, crv, x, y } : { kty, crv, x }) as JsonWebKey;
  return { alg, key: await crypto.subtle.importKey("jwk", plain, algorithm, false, ["verify"]) };
}

async function verified(text: string, typ: string, keys: Keys, expected: Expected): Promise<Json> {
  const parts = text.split(".");
  must(parts.length === 3);
  const [head, body, signature] = parts.map(decode) as [Bytes, Bytes, Bytes];
  const header = json(head);
  const { alg, kid } = header;
  must((alg === "ES256" || alg === "EdDSA") && header.typ === typ && !("crit" in header));
  must(typeof kid === "string");
  const known = keys.get(kid);
  if (!known) throw new Rejected("key_unknown");
  must(known.alg === alg && signature.length === 64);
  const algorithm = alg === "ES256" ? { name: "ECDSA", hash: "SHA-256" } : { name: "Ed25519" };
  const signed = new TextEncoder().encode(`${parts[0]}.${parts[1]}`);
  must(await crypto.subtle.verify(algorithm, known.key, signature, signed));
  const claims = json(body);
  must(claims.iss === expected.issuer && expected.audience !== undefined && claims.aud === expected.audience);
  return claims;
}

type Bytes = Uint8Array<ArrayBuffer>;

function decode(text: unknown): Bytes {
  must(typeof text === "string" && /^[A-Za-z0-9_-]*$/.test(text) && text.length % 4 !== 1);
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

function json(bytes: Bytes): Json {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new Rejected("forged");
  }
  must(isObject(value));
  return value;
}

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isService(value: unknown, block: boolean): value is LeasedService {
  return isObject(value) && isText(value.id) && isObject(value.features) && (!block || isWhole(value.seats));
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function must(condition: boolean): asserts condition {
  if (!condition) throw new Rejected("forged");
}
