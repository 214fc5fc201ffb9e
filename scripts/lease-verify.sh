#!/usr/bin/env bash
# Has PyJWT and jose verify leases and a revocation list of a demo marketplace, with nothing but what it publishes at
# /.well-known/jwks.json: a lease in each algorithm, and one that was changed, which must be refused (CHK-08).
#
# Takes the program as main-job.sh does. Needs python3, node and npm; installs into target/tools.
set -euo pipefail
. "$(dirname "$0")/server.sh"
tools=$root/target/tools/leases

step "PyJWT and jose"
[[ -x $tools/bin/python ]] || python3 -m venv "$tools"
"$tools/bin/python" -m pip install --quiet --disable-pip-version-check "PyJWT[crypto]==2.10.1"
[[ -d $tools/node_modules/jose ]] || npm install --silent --no-fund --no-audit --prefix "$tools" jose@6.1.0

step "A marketplace with a story in it"
mkfifo "$work/ready"
"$seatline" demo --listen 127.0.0.1:0 --data "$work/demo" > "$work/ready" 2> "$work/server.log" &
server=$!
exec 3< "$work/ready"
until read -r line <&3 && [[ $line == "listening on "* ]]; do :; done
url=${line#listening on }
# It goes on saying what it can show.
cat <&3 > "$work/said" &
printf 'seatline demo' > "$work/password"
"$seatline" login --server "$url" --email admin@contoso.example --password-file "$work/password"

step "A lease in each algorithm, and what was revoked"
for algorithm in ES256 EdDSA; do
  "$seatline" lease issue --user ana@contoso.example --service-id fabrikam.f365.gold --algorithm "$algorithm" \
    --seconds 3600 --output "$work/$algorithm.lease"
done
lease=$("$seatline" lease issue --seats 1 --service-id fabrikam.f365.bronze --json)
id=$(pick '"id": *"(lse_[0-9a-f]+)"' "$lease")
"$seatline" lease revoke "$id"
"$seatline" lease revocations --publisher fabrikam --output "$work/list.jwt"
"$seatline" lease return "$id"
"$seatline" lease list

step "PyJWT"
"$tools/bin/python" - "$url" "$work" "$id" <<'PYTHON'
import base64, pathlib, sys
import jwt

url, work, revoked = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
keys = jwt.PyJWKClient(url + "/.well-known/jwks.json")

def verify(token):
    key = keys.get_signing_key_from_jwt(token)
    return jwt.decode(token, key, algorithms=["ES256", "EdDSA"], audience="fabrikam", issuer=url)

for algorithm in ("ES256", "EdDSA"):
    token = (work / f"{algorithm}.lease").read_text()
    assert jwt.get_unverified_header(token)["alg"] == algorithm
    assert [service["id"] for service in verify(token)["services"]] == ["fabrikam.f365.gold"]
    head, body, signature = token.split(".")
    body = base64.urlsafe_b64encode(base64.urlsafe_b64decode(body + "==").replace(b"gold", b"best")).decode().rstrip("=")
    try:
        verify(f"{head}.{body}.{signature}")
    except jwt.InvalidSignatureError:
        print(f"{algorithm}: right, and refused when changed")
    else:
        sys.exit("a lease that was changed was believed")
ids = base64.urlsafe_b64decode(verify((work / "list.jwt").read_text())["revoked"] + "==")
assert revoked.removeprefix("lse_") in {ids[at:at + 16].hex() for at in range(0, len(ids), 16)}
print("the list names what was revoked")
PYTHON

step "jose"
cat > "$tools/verify.mjs" <<'JAVASCRIPT'
import { readFileSync } from "node:fs";
import { createRemoteJWKSet, jwtVerify } from "jose";

const [url, work] = process.argv.slice(2);
const keys = createRemoteJWKSet(new URL("/.well-known/jwks.json", url));
const verify = (token, typ) => jwtVerify(token, keys, { audience: "fabrikam", issuer: url, typ });
for (const algorithm of ["ES256", "EdDSA"]) {
  const token = readFileSync(`${work}/${algorithm}.lease`, "utf8");
  const { payload, protectedHeader } = await verify(token, "seatline-lease+jwt");
  if (protectedHeader.alg !== algorithm || payload.services[0].id !== "fabrikam.f365.gold") throw new Error(token);
  const [head, body, signature] = token.split(".");
  const changed = Buffer.from(Buffer.from(body, "base64url").toString().replace("gold", "best")).toString("base64url");
  const believed = await verify(`${head}.${changed}.${signature}`, "seatline-lease+jwt").then(() => true, () => false);
  if (believed) throw new Error("a lease that was changed was believed");
  console.log(`${algorithm}: right, and refused when changed`);
}
await verify(readFileSync(`${work}/list.jwt`, "utf8"), "seatline-revocations+jwt");
console.log("the list is right");
JAVASCRIPT
node "$tools/verify.mjs" "$url" "$work"
