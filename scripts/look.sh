#!/usr/bin/env bash
# A demo in Chromium. `scripts/look.sh main-job` does the main job by clicking, `scripts/look.sh finding` finds things by
# typing, with the keyboard alone, each in English and in Korean; `scripts/look.sh axe` looks at every page and fails where
# axe-core finds a violation; `scripts/look.sh keyboard` goes through every page with the Tab key, at 320 pixels and on
# paper (`scripts/look.sh axe keyboard` does both in one visit); `scripts/look.sh screenshots` puts pictures of every page
# into target/screenshots; `scripts/look.sh speed` grows
# the demo to 100,000 users and measures every page; `scripts/look.sh lighthouse` installs Lighthouse below target and has
# it judge the storefront and the admin center. Needs node 20 or newer.
. "$(dirname "$0")/server.sh"

chromium=${CHROMIUM:-$(command -v chromium || true)}
if [[ -z $chromium ]]; then
  [[ -z ${CI:-} ]] || fail "there is no Chromium, and CI must have one"
  echo "look: SKIPPED, no page was looked at: there is no Chromium (apt-get install chromium, or say CHROMIUM=…)" >&2
  exit 0
fi

(
  cd "$root/scripts/browser"
  # Whoever else looks at pages waits until it is there.
  exec 9< package-lock.json
  flock 9
  [[ node_modules/.package-lock.json -nt package-lock.json ]] || npm ci --silent
)
"$seatline" demo --listen 127.0.0.1:0 --data "$work/demo" > "$work/said" 2> "$work/server.log" &
server=$!
until grep -q '^listening on ' "$work/said"; do
  kill -0 "$server" 2>/dev/null || fail "the demo did not start"
  sleep 0.2
done
SEATLINE_SERVER=$(sed -n 's/^listening on //p' "$work/said")
export SEATLINE_SERVER SEATLINE_BIN="$seatline" CHROMIUM="$chromium" OUT="$root/target/screenshots"
if [[ ${1:-} == main-job || ${1:-} == finding ]]; then
  for language in en ko; do node "$root/scripts/browser/$1.mjs" "$language"; done
elif [[ ${1:-} == speed ]]; then
  node "$root/scripts/browser/speed.mjs"
elif [[ ${1:-} == lighthouse ]]; then
  tools=$root/target/tools/lighthouse
  npm install --silent --no-fund --no-audit --prefix "$tools" lighthouse@12.8.2
  node "$root/scripts/browser/lighthouse.mjs" "$tools"
else
  node "$root/scripts/browser/look.mjs" "$@"
fi
