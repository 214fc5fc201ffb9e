/** Where a client keeps its state between runs. */
export interface Store {
  /** What was saved last, null if nothing was. */
  load(): string | null | Promise<string | null>;
  save(text: string): void | Promise<void>;
}

/** In a browser. Who can change it can make up answers, though no leases: those are signed. */
export class LocalStore implements Store {
  constructor(readonly key = "seatline") {}

  load(): string | null {
    return localStorage.getItem(this.key);
  }

  save(text: string): void {
    localStorage.setItem(this.key, text);
  }
}
