# Sourced by the proofs in this directory: what they all need.
root=$(dirname "$here")
jar="$here/target/proofs.jar"

# need COMMAND PACKAGE: installs the package if there is no such command.
need() {
  PATH=$PATH:/usr/sbin command -v "$1" >/dev/null && return 0
  echo "installing $2"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$2" >/dev/null
}

# Builds the jar with the proofs and the spool in it when it is missing or older than its sources.
build() {
  if [ -f "$jar" ] && [ -z "$(find "$root/pom.xml" "$root"/{smtp,spool,interop}/pom.xml "$root"/{smtp,spool,interop}/src/main \
    -newer "$jar" -type f | head -n 1)" ]; then
    return 0
  fi
  echo "building $jar" >&2
  mvn -q -B -ntp -f "$root/pom.xml" -pl interop -am -DskipTests -Dspotless.check.skip=true package >&2
  # Maven leaves what has not changed as it is.
  touch "$jar"
}

# scratch NAME: a directory in memory where there is room, because a proof writes much. It stays only if the proof failed.
scratch() {
  local parent=/tmp
  if [ -d /dev/shm ] && [ "$(df --output=avail -k /dev/shm | tail -n 1)" -gt 2000000 ]; then
    parent=/dev/shm
  fi
  scratch=$(mktemp -d "$parent/understudy-$1.XXXXXX")
  trap clean EXIT
}

clean() {
  local code=$?
  if [ "$code" = 1 ]; then
    echo "what was found is kept in $scratch" >&2
  else
    rm -rf "$scratch"
  fi
}

# prove CLASS JVM-OPTION... -- ARGUMENT...
prove() {
  local class=$1 options=() java=${JAVA_HOME:+$JAVA_HOME/bin/}java
  shift
  while [ "$1" != -- ]; do
    options+=("$1")
    shift
  done
  shift
  "$java" "${options[@]}" -cp "$jar" "org.understudy.interop.$class" "$@"
}
