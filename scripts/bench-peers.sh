#!/usr/bin/env bash
# Installs below target/peers what `cargo xtask bench peers` measures beside ours: unleash-edge and Cerbos as servers,
# cedar-policy and casbin in a program of our own. What is there in the version wanted is left as it is.
#
# Needs node and npm, python3, tar, and for the first time a quarter of an hour and 2 GB of memory
# (CARGO_BUILD_JOBS=1 takes longer and less).
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
peers=$root/target/peers
edge=19.15.1
cerbos=0.55.0
# The version of Swagger UI that the build of unleash-edge packs.
swagger=5.17.14

step() { printf '\n== %s\n' "$*"; }
mkdir -p "$peers/bin"
cd "$peers"
export CARGO_TARGET_DIR=$peers/build

step "cedar-policy and casbin"
cargo build --quiet --release --locked --manifest-path "$root/crates/bench/peers/Cargo.toml"
cp "$CARGO_TARGET_DIR/release/seatline-bench-peers" bin/

step "Cerbos $cerbos"
case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) platform=linux-x64 ;;
  Linux-aarch64) platform=linux-arm64 ;;
  *) echo "the measurements read /proc: Linux only" >&2; exit 1 ;;
esac
npm install --silent --no-fund --no-audit --prefix cerbos "@cerbos/cerbos-$platform@$cerbos"
ln -sf "../cerbos/node_modules/@cerbos/cerbos-$platform/cerbos-$platform" bin/cerbos

step "unleash-edge $edge"
# Its build would fetch Swagger UI from the web: it gets what npm has, as the archive that it expects.
archive=$peers/v$swagger.zip
if [[ ! -f $archive ]]; then
  rm -rf swagger
  mkdir -p "swagger/swagger-ui-$swagger"
  npm pack --silent --pack-destination swagger "swagger-ui-dist@$swagger"
  tar -xzf "swagger/swagger-ui-dist-$swagger.tgz" -C swagger
  mv swagger/package "swagger/swagger-ui-$swagger/dist"
  (cd swagger && python3 -m zipfile -c "$archive" "swagger-ui-$swagger")
fi
# Without S3, from which it could read flags.
SWAGGER_UI_DOWNLOAD_URL=file://$archive \
  cargo install --quiet --locked --no-default-features --root "$peers" "unleash-edge@$edge"

step "Installed"
ls -L bin
