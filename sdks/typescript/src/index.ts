/** Seatline: may this user? Online, and without the server as far as that is allowed. */
export { type Decision, type HeldRight, type Options, Seatline } from "./client.js";
export { type Credentials, SeatlineError, Unreachable } from "./http.js";
export { Leases, Revocations, type Whose, type Wish } from "./leases.js";
export type { Question, Refusal, Ruling } from "./machine.js";
export { LocalStore, type Store } from "./store.js";
export { type Cause, type Lease, type LeasedService, Rejected, type RevocationList } from "./tokens.js";
