// The texts of the pages, by their names in the .ftl files: what a person reads is what a script looks for.
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const language = process.argv[2] ?? "en";
if (!["en", "ko"].includes(language)) throw new Error("say en or ko");
export const repository = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

const catalogs = new Map();

/** `folder:name`: the text of a message in the language of this run; variables are put in, of a plural the last form is taken. */
export function t(id, variables = {}) {
  const [catalog, key] = id.split(":");
  if (!catalogs.has(catalog)) {
    const file = join(repository, "crates/app/src", catalog, `${language}.ftl`);
    const messages = new Map();
    let last;
    for (const line of readFileSync(file, "utf8").split("\n")) {
      const begin = /^([a-z][\w-]*) =\s*(.*)$/i.exec(line);
      if (begin) messages.set((last = begin[1]), begin[2]);
      else if (/^\s+\*\[/.test(line)) messages.set(last, line.replace(/^\s+\*\[\w+\]\s*/, ""));
    }
    catalogs.set(catalog, messages);
  }
  const text = catalogs.get(catalog).get(key);
  if (text === undefined) throw new Error(`no message ${id} in ${language}`);
  return text.replace(/\{ \$(\w+) \}/g, (_, name) => variables[name] ?? `{ $${name} }`);
}
export const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
export const COUNTRIES = { en: { KR: "South Korea", US: "United States" }, ko: { KR: "대한민국", US: "미국" } }[language];
