# What the scripts share that drive a real server through the command line: the program, a folder that is gone
# afterwards, a server that is stopped, and what to do about answers.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
name=$(basename "$0" .sh)
work=$(mktemp -d)
server=

finish() {
  local code=${1:-$?}
  if [[ -n $server ]]; then
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  if [[ $code -ne 0 && -s $work/server.log ]]; then
    echo "$name: failed; the server's last lines:" >&2
    tail -n 20 "$work/server.log" >&2
  fi
  rm -rf "$work"
  exit "$code"
}
trap finish EXIT

seatline=${SEATLINE_BIN:-}
for candidate in "$root/target/release/seatline" "$root/target/debug/seatline"; do
  if [[ -z ${SEATLINE_BIN:-} && -x $candidate && (-z $seatline || $candidate -nt $seatline) ]]; then
    seatline=$candidate
  fi
done
[[ -n $seatline ]] || { echo "$name: build the program first: cargo build" >&2; exit 1; }

# Nothing of this machine's own configuration.
for variable in $(compgen -v SEATLINE_ || true); do unset "$variable"; done
export SEATLINE_CONFIG=$work/profiles.toml

step() { printf '\n== %s\n' "$*"; }
fail() { echo "$name: $*" >&2; exit 1; }
# Starts the server on a folder and waits until it listens.
serve() {
  [[ -p $work/ready ]] || mkfifo "$work/ready"
  "$seatline" serve --listen 127.0.0.1:0 --data "$1" > "$work/ready" 2> "$work/server.log" &
  server=$!
  exec 3< "$work/ready"
  read -r line <&3
  url=${line#listening on }
  echo "$line"
}

# The first match of a pattern's group in a JSON text.
pick() {
  [[ $2 =~ $1 ]] || fail "nothing like $1 in: $2"
  printf '%s' "${BASH_REMATCH[1]}"
}

# Runs a command that must fail with this exit code and say each of these texts.
refused() {
  local code=$1 texts=() output status=0
  shift
  while [[ $1 != -- ]]; do texts+=("$1"); shift; done
  shift
  output=$("$@" 2>&1) || status=$?
  [[ $status -eq $code ]] || fail "exit code $status instead of $code from: $* — $output"
  for text in "${texts[@]}"; do
    [[ $output == *"$text"* ]] || fail "no “$text” in the refusal: $output"
  done
  printf '%s\n' "$output"
}

