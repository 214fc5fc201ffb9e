// A managed solution with one app, licensed with an offer's plans by the program itself and packed for the store.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { repository } from "./words.mjs";

const seatline = process.env.SEATLINE_BIN ?? join(repository, "target/release/seatline");
/** A file of the samples that the program's own tests use. */
export const sample = (name) => join(repository, "crates/package/src", name);
const COMPONENT = "sl_MainJob";

/** A zip whose entries are stored as they are. */
function zip(path, entries) {
  const local = [], central = [];
  let offset = 0;
  for (const [name, text] of Object.entries(entries)) {
    const [file, data] = [Buffer.from(name), Buffer.from(text)];
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x21, 8); // 1980-01-01
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(file.length, 22);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    local.push(Buffer.from("PK\x03\x04", "latin1"), common, file, data);
    central.push(Buffer.from("PK\x01\x02\x14\x00", "latin1"), common, rest, file);
    offset += 30 + file.length + data.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  const count = Object.keys(entries).length;
  end.writeUInt16LE(count, 4);
  end.writeUInt16LE(count, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  writeFileSync(path, Buffer.concat([...local, directory, Buffer.from("PK\x05\x06", "latin1"), end]));
}

const run = (...args) => execFileSync(seatline, args, { stdio: ["ignore", "ignore", "inherit"] });

function plainSolution(work) {
  const plain = join(work, "plain.zip");
  zip(plain, {
    "solution.xml": `<ImportExportXml version="9.2" languagecode="1033"><SolutionManifest>
<UniqueName>MainJob</UniqueName>
<LocalizedNames><LocalizedName description="Main job" languagecode="1033" /></LocalizedNames>
<Version>1.0.0.0</Version>
<Managed>1</Managed>
<Publisher><UniqueName>fabrikam</UniqueName></Publisher>
</SolutionManifest></ImportExportXml>`,
    "customizations.xml": `<ImportExportXml>
  <Entities />
  <AppModules><AppModule><UniqueName>${COMPONENT}</UniqueName></AppModule></AppModules>
  <EntityDataProviders />
  <Languages><Language>1033</Language></Languages>
</ImportExportXml>`,
    "[Content_Types].xml":
      '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="text/xml" /></Types>',
  });
  return plain;
}

function packed(work, solution) {
  const terms = join(work, "TermsOfUse.html"), store = join(work, "store.zip");
  writeFileSync(terms, "<html><body><p>Be kind.</p></body></html>");
  run("package", "build", "--solution", solution, "--provider-name", "Fabrikam", "--icon", sample("sample_icon.png"),
    "--terms", terms, "--countries", "US,KR", "--start-date", "2026-01-31", "--end-date", "2036-01-31",
    "--learn-more", "https://fabrikam.example/main-job", "--output", store);
  return store;
}

/** Where a package that no plan opens is, in the folder `work`. */
export const freePackage = (work) => packed(work, plainSolution(work));

/** Where the package is, in the folder `work`. */
export function storePackage(work, definitions, serviceIds) {
  const licensed = join(work, "MainJob_managed.zip"), mapping = join(work, "mapping.csv");
  writeFileSync(mapping, `Service ID,Component name\n${serviceIds.map((id) => `${id},${COMPONENT}\n`).join("")}`);
  run("solution", "add-license", "--solution", plainSolution(work), "-pd", definitions, "-pm", mapping, "--output", licensed);
  return packed(work, licensed);
}
