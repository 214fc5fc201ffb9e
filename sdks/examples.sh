#!/usr/bin/env bash
# The example apps of the SDKs against a demo marketplace: who has a license sees the premium page, who has none sees
# the refusal screen, and each goes on with the last answer when the marketplace is gone.
#
# Takes the program as scripts/server.sh does. Needs what sdks/check.sh has made, and curl.
. "$(dirname "$0")/../scripts/server.sh"
export SEATLINE_PASSWORD='seatline demo'
apps=()
end_apps() { for app in "${apps[@]}"; do kill "$app" 2>/dev/null || true; done; }
trap 'code=$?; end_apps; finish "$code"' EXIT

step "A demo marketplace, and a client that may check Fabrikam's customers"
mkfifo "$work/told"
"$seatline" demo --listen 127.0.0.1:0 --data "$work/data" > "$work/told" 2> "$work/server.log" &
server=$!
exec 3< "$work/told"
while read -r line <&3 && [[ $line != "listening on "* ]]; do :; done
url=${line#listening on }
"$seatline" --profile fabrikam login --server "$url" --email admin@fabrikam.example
client=$("$seatline" --profile fabrikam api-client create --name forecast --scope check.customers --json)
export SEATLINE_SERVER=$url SEATLINE_CLIENT_ID SEATLINE_CLIENT_SECRET
SEATLINE_CLIENT_ID=$(pick '"id":"([^"]+)"' "$client")
SEATLINE_CLIENT_SECRET=$(pick '"secret":"([^"]+)"' "$client")

me=$("$seatline" --profile ana login --server "$url" --email ana@contoso.example >/dev/null && "$seatline" --profile ana whoami --json)
ana=$(pick '"user":\{"id":"([^"]+)"' "$me")
tenant=$(pick '"tenant":\{"id":"([^"]+)"' "$me")

shows() { # what, user, path, status, text
  local page
  page=$(curl --silent --write-out '%{http_code}' --cookie "$work/$2" "$app$3")
  [[ $page == *"$5"*"$4" ]] || fail "$1: no “$5” with status $4 in: $page"
  echo "$1: $5"
}
signs_in() { # user
  curl --silent --output "$work/ignored" --cookie-jar "$work/$1" --data-urlencode "email=$1@contoso.example" \
    --data-urlencode "password=$SEATLINE_PASSWORD" "$app/sign-in"
}
try() { # name, command...
  step "The example for $1"
  local name=$1
  shift
  "$@" 0 > "$work/$name.log" 2>&1 &
  apps+=($!)
  for _ in $(seq 100); do
    app=$(sed -n 's/^listening on //p' "$work/$name.log")
    [[ -n $app ]] && break
    sleep 0.1
  done
  [[ -n $app ]] || fail "the example does not start: $(cat "$work/$name.log")"
  shows "nobody" nobody / 200 "Sign in"
  for user in ana hana; do signs_in "$user"; done
  shows "with a license" ana / 200 "Scheduling"
  shows "with a license" ana /forecast 200 "Sales will grow"
  shows "without" hana / 200 "Scheduling"
  shows "without" hana /forecast 403 "Invalid License"
  shows "without" hana /forecast 403 "fabrikam.f365.gold"
  shows "without" hana /forecast 403 "0x80050301"
  eval "${name}_app=\$app"
}

try python env PYTHONPATH="$root/sdks/python/src" "$root/target/tools/sdk-python/bin/python" "$root/sdks/python/examples/forecast.py"
cp "$work/ana" "$work/ana.python"
(cd "$root/sdks/typescript" && npm run --silent build)
try typescript node "$root/sdks/typescript/examples/forecast.mjs"
cp "$work/ana" "$work/ana.typescript"
(cd "$root" && cargo build --quiet --example forecast)
try rust "${CARGO_TARGET_DIR:-$root/target}/debug/examples/forecast"
cp "$work/ana" "$work/ana.rust"

step "The marketplace is gone"
# One that does not say how long its answers may be kept allows nothing once it is gone.
check=$("$seatline" --profile fabrikam check --tenant "$tenant" --user "$ana" --component fab_Forecast --json)
expected=403
[[ $check != *'"grace_seconds"'* ]] || expected=200
kill "$server"
wait "$server" 2>/dev/null || true
server=
for name in python typescript rust; do
  app_variable=${name}_app
  app=${!app_variable}
  cp "$work/ana.$name" "$work/ana"
  if [[ $expected == 200 ]]; then
    shows "$name, with a license" ana /forecast 200 "Sales will grow"
  else
    shows "$name, with a license" ana /forecast 403 "could not be checked"
  fi
done
