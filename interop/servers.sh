# Sourced by the proofs between real servers: what they all need.
passed=0 failed=0
name=$(basename "$0")

say() { printf '%s\n' "$name: $*"; }
fail() { say "FAILED  $*"; failed=$((failed + 1)); finish; }
finish() { echo "$passed passed, $failed failed"; [ "$failed" = 0 ] && [ "$passed" -gt 0 ] && exit 0; exit 1; }

# need COMMAND PACKAGE: installs the package if there is no such command.
need() {
  PATH=$PATH:/usr/sbin command -v "$1" >/dev/null && return 0
  say "installing $2"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$2" >/dev/null
}

# check WHAT COMMAND...
check() {
  local what=$1; shift
  if "$@" >/dev/null 2>&1; then
    passed=$((passed + 1)); say "ok      $what"
  else
    failed=$((failed + 1)); say "FAILED  $what"
  fi
}

# wait_for SECONDS COMMAND...
wait_for() {
  local end=$(($(date +%s) + $1)); shift
  until "$@" >/dev/null 2>&1; do
    [ "$(date +%s)" -lt "$end" ] || return 1
    sleep 0.2
  done
}

# start_bind DIRECTORY PORT FILE:ZONE...; its process is in named_pid.
start_bind() {
  local directory=$1/bind port=$2; shift 2
  mkdir -p "$directory"
  sed "/^zone/,\$d; s#@work@#$(dirname "$directory")#g; s#@dns@#$port#g" "$here/named.conf" >"$directory/named.conf"
  for zone in "$@"; do
    cp "${zone%%:*}" "$directory/"
    printf 'zone "%s" { type primary; file "%s"; };\n' "${zone##*:}" "$(basename "${zone%%:*}")" >>"$directory/named.conf"
  done
  named -c "$directory/named.conf" -f >"$directory/log" 2>&1 &
  named_pid=$!
}
