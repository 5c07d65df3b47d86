# Sourced by the proofs that need Exim's program beside Postfix.

# unpack_exim DIRECTORY: Debian has room for one mail server, so the program is only unpacked; its path is in exim.
unpack_exim() {
  exim=$(PATH=$PATH:/usr/sbin command -v exim4 || true)
  [ -z "$exim" ] || return 0
  echo "unpacking exim4-daemon-light"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends libgnutls-dane0 libidn12 libnsl2 libpcre2-8-0 \
    libdb5.3 >/dev/null
  (cd "$1" && apt-get download -qq exim4-daemon-light 2>/dev/null && dpkg -x exim4-daemon-light_*.deb exim-program)
  id -u Debian-exim >/dev/null 2>&1 ||
    useradd --system --user-group --no-create-home --shell /usr/sbin/nologin Debian-exim
  exim=$1/exim-program/usr/sbin/exim4
}
