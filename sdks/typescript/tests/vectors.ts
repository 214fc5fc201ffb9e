import { readFileSync } from "node:fs";

// The compiled test is in dist/tests.
export const vectors = JSON.parse(readFileSync(new URL("../../../../docs/client-vectors.json", import.meta.url), "utf8"));
