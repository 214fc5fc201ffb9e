#!/usr/bin/env bash
# What happens around the main job, through the command line against a real server that goes on with the demo's
# story: leads, groups, fewer licenses and more again, a private plan, an update and its installation, lists of seats,
# reports, a webhook whose signature another language verifies, and the audit trail.
#
# Takes the program from SEATLINE_BIN, or else from target/release or target/debug, the newer one. Needs bash,
# coreutils and python3; verifies the webhook with the package `standardwebhooks` of PyPI, where it can be had.
set -euo pipefail
. "$(dirname "$0")/server.sh"

export SEATLINE_PASSWORD='seatline demo'
operator() { "$seatline" --profile operator "$@"; }
fabrikam() { "$seatline" --profile fabrikam "$@"; }
contoso() { "$seatline" --profile contoso "$@"; }
northwind() { "$seatline" --profile northwind "$@"; }
# An expression over the JSON that is read, called `it`.
of() { python3 -c "import json, sys; it = json.load(sys.stdin); print($1)"; }
expect() { [[ $2 == "$3" ]] || fail "$1: $2 instead of $3"; echo "$1: $2"; }
# Runs a command until its output has a text; the reconcilers of the server need a moment.
until_says() {
  local text=$1 output=
  shift
  for _ in $(seq 60); do
    output=$("$@" 2>&1) || true
    if [[ $output == *"$text"* ]]; then return; fi
    sleep 0.5
  done
  fail "no “$text” from: $* — $output"
}
sign_in() {
  for who in fabrikam contoso northwind; do
    "$seatline" --profile "$who" login --server "$url" --email "admin@$who.example"
  done
  "$seatline" --profile operator login --server "$url" --email operator@marketplace.example
}
stop() { kill "$server"; wait "$server" 2>/dev/null || true; server=; }

step "Tell the demo's story, and serve what it left; addresses of this machine may be sent to"
mkfifo "$work/told"
"$seatline" demo --listen 127.0.0.1:0 --data "$work/data" > "$work/told" 2> "$work/server.log" &
server=$!
while read -r line && [[ $line != "listening on "* ]]; do :; done < "$work/told"
stop
export SEATLINE_OUTBOUND_ALLOW_HTTP=true SEATLINE_OUTBOUND_ALLOW_NETWORKS=127.0.0.0/8
serve "$work/data"
sign_in

step "Have events sent to an endpoint of this machine"
cat > "$work/endpoint.py" <<'PY'
import http.server, json, sys

class Endpoint(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        with open(sys.argv[1], "a") as kept:
            kept.write(json.dumps({"headers": dict(self.headers), "body": body}) + "\n")
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass

server = http.server.HTTPServer(("127.0.0.1", 0), Endpoint)
print(server.server_port, flush=True)
server.serve_forever()
PY
mkfifo "$work/port"
python3 "$work/endpoint.py" "$work/received" > "$work/port" &
endpoint=$!
trap 'code=$?; kill "$endpoint" 2>/dev/null || true; finish "$code"' EXIT
read -r port < "$work/port"
made=$(contoso --json webhook create --url "http://127.0.0.1:$port/seatline" --kind 'seats.*')
secret=$(of 'it["secret"]' <<< "$made")
webhook=$(of 'it["id"]' <<< "$made")

step "Leads: somebody wants to be contacted, somebody wants more"
contoso storefront contact fabrikam.f365 --consent --phone "+82 2 555 0100"
expect "leads of Fabrikam" "$(fabrikam --json lead list | of 'sorted(lead["action"] for lead in it["items"])')" "['LIC', 'PLT', 'PLT']"
lead=$(fabrikam --json lead list | of 'it["items"][0]["id"]')
fabrikam lead status "$lead" contacted
fabrikam lead show "$lead"

step "A group waits for a seat where there is none, and has one when there are more"
customer=$(operator --json tenant list | of '[one["id"] for one in it["items"] if one["slug"] == "contoso"][0]')
deal=$(fabrikam --json deal list | of '[deal["id"] for deal in it["items"] if deal["customer"]["company"].startswith("Contoso")][0]')
group=$(contoso --json group create Planning | of 'it["id"]')
contoso group add "$group" hana@contoso.example
contoso group license "$group" --service-id fabrikam.f365.gold
refused 3 waiting -- contoso check --user hana@contoso.example --component fab_Forecast
fabrikam license update --deal "$deal" --customer "$customer" --plan gold=6
until_says allowed contoso check --user hana@contoso.example --component fab_Forecast

step "Fewer licenses: a dry run, a seat in its grace, and back"
fabrikam license update --deal "$deal" --customer "$customer" --plan gold=5 --dry-run
fabrikam license update --deal "$deal" --customer "$customer" --plan gold=5
expect "seats in their grace" "$(contoso --json license show --service-id fabrikam.f365.gold | of 'it["warning"]')" 1
until_says allowed contoso check --user hana@contoso.example --component fab_Forecast
fabrikam license update --deal "$deal" --customer "$customer" --plan gold=6
expect "seats in their grace" "$(contoso --json license show --service-id fabrikam.f365.gold | of 'it["warning"]')" 0

step "Without any grace the seat is gone at once, until there are licenses again"
stop
SEATLINE_GRACE_REDUCED_DAYS=0 serve "$work/data"
sign_in
fabrikam license update --deal "$deal" --customer "$customer" --plan gold=5
until_says refused contoso check --user hana@contoso.example --component fab_Forecast
fabrikam license update --deal "$deal" --customer "$customer" --plan gold=6
until_says allowed contoso check --user hana@contoso.example --component fab_Forecast

step "A private plan is seen by whom it is for"
plans='sorted(plan["service_id"].split(".")[2] for plan in it["plans"])'
expect "Contoso sees" "$(contoso --json storefront show fabrikam.f365 | of "$plans")" "['bronze', 'gold', 'pilot', 'silver']"
expect "Northwind sees" "$(northwind --json storefront show fabrikam.f365 | of "$plans")" "['bronze', 'gold', 'silver']"

step "Install, then update to the version that goes live"
environment=$(contoso --json environment create --name Main --kind production | of 'it["id"]')
installation=$(contoso --json installation create --offer fabrikam.f365 --environment "$environment" --accept-terms --share-contact | of 'it["id"]')
submission=$(operator --json certification list | of '[one["id"] for one in it["items"] if "f365" in json.dumps(one)][0]')
operator certification approve "$submission"
fabrikam offer go-live f365
contoso installation list
contoso installation update "$installation" --accept-terms
contoso installation show "$installation"

step "A list of seats, applied and taken back"
printf 'user,service_id\nfinn@contoso.example,fabrikam.f365.gold\nhana@contoso.example,fabrikam.f365.bronze\nnobody@contoso.example,fabrikam.f365.bronze\n' > "$work/seats.csv"
contoso license bulk preview "$work/seats.csv"
batch=$(contoso --json license bulk apply "$work/seats.csv" --wait | tail -n 1 | of 'it["id"]')
contoso license bulk rows "$batch"
until_says allowed contoso check --user hana@contoso.example --service-id fabrikam.f365.bronze
contoso license bulk undo "$batch" --wait

step "Reports"
until_says "Contoso" fabrikam report licenses --csv
expect "first column" "$(fabrikam report licenses --csv | head -n 1 | cut -d, -f1)" "Customer Country"
contoso report seats

step "The webhook's signature, verified by another language"
contoso webhook deliveries "$webhook"
until_says seats. cat "$work/received"
tools=$root/target/tools/python
if python3 -m venv "$tools" > "$work/venv.log" 2>&1 && "$tools/bin/pip" install --quiet standardwebhooks >> "$work/venv.log" 2>&1; then
  SECRET=$secret "$tools/bin/python" - "$work/received" <<'PY'
import json, os, sys
from standardwebhooks import Webhook, WebhookVerificationError

webhook, count = Webhook(os.environ["SECRET"]), 0
for line in open(sys.argv[1]):
    sent = json.loads(line)
    headers = {name.lower(): value for name, value in sent["headers"].items()}
    event = webhook.verify(sent["body"], headers)
    assert event["specversion"] == "1.0" and event["type"].startswith("seats."), event
    try:
        webhook.verify(sent["body"] + " ", headers)
        sys.exit("a changed body was taken for the one that was signed")
    except WebhookVerificationError:
        count += 1
assert count, "nothing was received"
print(f"{count} events, every signature right")
PY
else
  echo "SKIPPED: standardwebhooks cannot be installed here: $(tail -n 1 "$work/venv.log")"
fi

step "The audit trail"
contoso audit verify
contoso audit export --output "$work/trail.jsonl"
fabrikam audit verify

printf '\nwalk-through: ok\n'
