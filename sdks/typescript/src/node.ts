/** What needs Node: `import { FileStore } from "seatline/node"`. */
import { readFile, rename, writeFile } from "node:fs/promises";
import type { Store } from "./store.js";

/** A file that only its owner can read. Who can change it can make up answers, though no leases: those are signed. */
export class FileStore implements Store {
  #writing = Promise.resolve();
  constructor(readonly path: string) {}

  async load(): Promise<string | null> {
    try {
      return await readFile(this.path, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
      throw error;
    }
  }

  /** Puts the file in place whole, so that a crash leaves the old one; one after the other. */
  save(text: string): Promise<void> {
    const write = async () => {
      const temporary = `${this.path}.${process.pid}.new`;
      await writeFile(temporary, text, { mode: 0o600 });
      await rename(temporary, this.path);
    };
    const written = this.#writing.then(write);
    this.#writing = written.catch(() => {});
    return written;
  }
}
