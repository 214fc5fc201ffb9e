// People, each in a browser of their own, who find things by what is written on them; and the steps that they take.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { escaped, language, repository, t } from "./words.mjs";

const server = process.env.SEATLINE_SERVER ?? "http://127.0.0.1:8080";
const out = process.env.OUT ?? join(repository, "target/screenshots");

export const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});

/** Somebody in a browser of their own, who sees the page in the language of this run. */
export class Person {
  static async new(name) {
    const context = await browser.newContext({ locale: { en: "en-US", ko: "ko-KR" }[language], acceptDownloads: true });
    context.setDefaultTimeout(20_000);
    const person = new Person();
    person.name = name;
    person.page = await context.newPage();
    person.page.on("response", (answer) => {
      if (answer.status() >= 500) person.broken = `${answer.url()} answers ${answer.status()}`;
    });
    person.page.on("pageerror", (error) => {
      // The browser's own: a picture of the page before, which came too late.
      if (!/ViewTransition|Transition was/.test(error.message)) person.broken = `a script failed: ${error}`;
    });
    return person;
  }

  async open(path) {
    await this.page.goto(server + path);
    await this.wellFormed();
  }

  async signIn(email, password) {
    await this.open("/sign-in");
    await this.fill(t("identity/pages:field-email"), email);
    await this.fill(t("identity/pages:field-password"), password);
    await this.click(t("identity/pages:sign-in"));
    if (new URL(this.page.url()).pathname === "/sign-in") throw new Error(`${email} could not sign in`);
  }

  /** The main part of the page, or the group (fieldset) of fields with this legend in it. */
  part(group) {
    const main = this.page.locator("main");
    if (!group) return main;
    return main.getByRole("group", { name: new RegExp(`^\\s*${escaped(group)}`) });
  }

  /** A field by its visible label, which may say in addition that it is optional or required. */
  field(label, group) {
    const mark = [t("kit/page:optional"), t("kit/page:required")].map(escaped).join("|");
    // A list of suggestions is called as its field is.
    const field = this.page.locator("input, select, textarea");
    return this.part(group).getByLabel(new RegExp(`^\\s*${escaped(label)}\\s*(${mark})?\\s*$`)).and(field);
  }

  fill = (label, value, group) => this.field(label, group).fill(value);
  check = (label, group) => this.field(label, group).check();
  choose = (label, option, group) => this.field(label, group).selectOption({ label: option });

  /** Clicks a button or link by its text, and waits for the page it leads to. */
  async click(text, where = this.part()) {
    const name = new RegExp(`^\\s*${escaped(text)}\\s*$`);
    const buttons = where.getByRole("button", { name }).filter({ visible: true });
    const links = where.getByRole("link", { name }).filter({ visible: true });
    await buttons.or(links).first().waitFor();
    // A crumb may be called as the button is: the button is meant.
    const target = (await buttons.count()) > 0 ? buttons : links;
    await Promise.all([this.page.waitForEvent("load"), target.first().click()]);
    await this.wellFormed();
  }

  /** Clicks a button that asks whether one is sure, and says yes: the dialog has a button of the same name, or `yes`. */
  async confirm(text, yes = text) {
    const opener = this.part().getByRole("button", { name: new RegExp(`^\\s*${escaped(text)}\\s*$`) });
    await opener.filter({ visible: true }).first().click();
    const dialog = this.page.getByRole("dialog").filter({ visible: true });
    await dialog.waitFor();
    await this.click(yes, dialog);
  }

  /** A page of the portal's or the offer's navigation. */
  navigate = async (text) => {
    const link = this.page.getByRole("navigation").getByRole("link", { name: new RegExp(`^\\s*${escaped(text)}`) });
    await Promise.all([this.page.waitForEvent("load"), link.filter({ visible: true }).first().click()]);
    await this.wellFormed();
  };

  /** The page must say this, sooner or later; `again` looks at it anew meanwhile. */
  async sees(text, { again = false, where } = {}) {
    const shown = () => (where ?? this.page.locator("body")).getByText(text).filter({ visible: true }).first();
    for (let tries = again ? 30 : 1; ; tries -= 1) {
      try {
        return await shown().waitFor({ timeout: again ? 1_000 : 10_000 });
      } catch (error) {
        if (tries === 1) throw new Error(`the page does not say “${text}”`);
        await this.page.reload();
      }
    }
  }

  async wellFormed() {
    if (this.broken) throw new Error(this.broken);
    const [lang, headings, refused] = await this.page.evaluate(() => [
      document.documentElement.lang,
      document.querySelectorAll("h1").length,
      document.querySelector("[role=alert]")?.innerText,
    ]);
    if (lang !== language) throw new Error(`the page is in ${lang}`);
    if (headings !== 1) throw new Error(`the page has ${headings} first headings`);
    this.refusal = refused;
  }
}

let at = 0;
export async function step(person, what, action) {
  at += 1;
  console.log(`${String(at).padStart(2)}  ${person.name}: ${what}`);
  try {
    return await action(person);
  } catch (error) {
    console.error(`FAILED in step ${at} (${person.name}: ${what})\n  at ${person.page.url()}\n  ${error.message ?? error}`);
    if (person.refusal) console.error(`  the page says: ${person.refusal.replace(/\s+/g, " ")}`);
    mkdirSync(out, { recursive: true });
    const picture = join(out, `main-job-${language}-${String(at).padStart(2, "0")}.png`);
    await person.page.screenshot({ path: picture, fullPage: true }).catch(() => {});
    console.error(`  see ${picture}`);
    await browser.close();
    process.exit(1);
  }
}
