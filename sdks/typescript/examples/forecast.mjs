// A small web app with a base page for everybody and a premium page for who has a license.
//
//   SEATLINE_SERVER=… SEATLINE_CLIENT_ID=… SEATLINE_CLIENT_SECRET=… node examples/forecast.mjs [port]
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { Seatline } from "seatline";

const { SEATLINE_SERVER: server, SEATLINE_CLIENT_ID: clientId, SEATLINE_CLIENT_SECRET: clientSecret } = process.env;
const seatline = new Seatline({ server, clientId, clientSecret });

async function scheduling(user) {
  return page(user, "Scheduling", `<p>Everybody may plan the week.</p><p><a href="/forecast">Forecast</a></p>`);
}

async function forecast(user) {
  const decision = await seatline.check({ tenant: user.tenant, user: user.id, component: "fab_Forecast" });
  if (!decision.allowed) return refusalPage(user, decision.refusal);
  return page(user, "Forecast", `<p>Sales will grow by 12 %.</p><p class="note">Allowed: ${text(decision.how)}</p>`);
}

// What a person without a license sees: what is missing, and for the administrator what would do.
function refusalPage(user, { title, code, message, details, moreInfoUrl }) {
  const more = /^https?:/.test(moreInfoUrl ?? "") ? `<p><a href="${text(moreInfoUrl)}">More information</a></p>` : "";
  const body = `<p>${text(message)}</p>
    <details open><summary>For your administrator</summary><p>${text(details)}</p></details>
    ${more}<p class="note">Error code ${text(code)}</p><p><a href="/">Back to Scheduling</a></p>`;
  return { ...page(user, title, body), status: 403 };
}

// Signing in: your app has its own way. This one asks the marketplace who somebody is.
const sessions = new Map();

async function signIn(form) {
  const call = async (path, init) => {
    const response = await fetch(server + path, init);
    return response.ok ? response.json() : null;
  };
  const body = JSON.stringify({ email: form.get("email"), password: form.get("password") });
  const session = await call("/api/v1/sessions", { method: "POST", headers: { "Content-Type": "application/json" }, body });
  if (!session) return signInPage("That is not right.");
  const me = await call("/api/v1/me", { headers: { Authorization: `Bearer ${session.token}` } });
  const id = randomUUID();
  sessions.set(id, { id: me.user.id, name: me.user.name, tenant: me.tenant.id });
  return { status: 303, headers: { Location: "/", "Set-Cookie": `session=${id}; HttpOnly; SameSite=Lax` }, body: "" };
}

function signInPage(error = "") {
  const body = `<form method="post" action="/sign-in"><p>${text(error)}</p><p><label>E-mail <input name="email" type="email" required></label></p>
    <p><label>Password <input name="password" type="password" required></label></p><p><button>Sign in</button></p></form>`;
  return page(null, "Sign in", body);
}

function page(user, title, body) {
  const style = `body{font:1rem/1.5 system-ui;max-width:40rem;margin:3rem auto;padding:0 1rem}.note{color:#595959}input{font:inherit}`;
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
    <title>${text(title)} – Fabrikam 365</title><style>${style}</style>
    <p class="note">Fabrikam 365${user ? ` – ${text(user.name)}` : ""}</p><main><h1>${text(title)}</h1>${body}</main></html>`;
  return { status: 200, headers: { "Content-Type": "text/html; charset=utf-8" }, body: html };
}

function text(value) {
  return String(value).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

async function answer(request) {
  const { pathname } = new URL(request.url, "http://app");
  if (request.method === "POST" && pathname === "/sign-in") {
    let form = "";
    for await (const part of request) form += part;
    return signIn(new URLSearchParams(form));
  }
  const user = sessions.get(/session=([^;]+)/.exec(request.headers.cookie ?? "")?.[1]);
  if (!user) return signInPage();
  if (pathname === "/") return scheduling(user);
  if (pathname === "/forecast") return forecast(user);
  return { ...page(user, "Not found", ""), status: 404 };
}

createServer((request, response) => {
  answer(request)
    .catch((error) => {
      console.error(error);
      return { ...page(null, "Something went wrong", "<p>Try again later.</p>"), status: 500 };
    })
    .then(({ status, headers, body }) => response.writeHead(status, headers).end(body));
}).listen(Number(process.argv[2] ?? 8300), "127.0.0.1", function () {
  console.log(`listening on http://127.0.0.1:${this.address().port}`);
});
