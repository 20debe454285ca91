# Shared by the set-up scripts: where we are, how to speak, and what the machine's own pip configuration says. Sourced, never run.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd -P)
cd "$root"
venv=.venv
case "$(uname -s)" in
  MINGW* | MSYS* | CYGWIN*) venv_bin="$venv/Scripts" ;;
  *) venv_bin="$venv/bin" ;;
esac

say() { printf '%s\n' "mneme: $*" >&2; }
fail() {
  say "$*"
  exit 1
}

# First 16 hex digits of the files' SHA-256 together.
digest() {
  if command -v sha256sum >/dev/null 2>&1; then cat "$@" | sha256sum | cut -c1-16; else cat "$@" | shasum -a 256 | cut -c1-16; fi
}

# uv does not read pip's configuration: hand over its index and its certificate, so that both fetch from the same place.
adopt_pip_config() {
  py=$1
  # `pip config get` of older versions overlooks the machine-wide file; the list does not.
  pip_config=$("$py" -m pip --disable-pip-version-check config list 2>/dev/null || true)
  pip_setting() { printf '%s\n' "$pip_config" | sed -n "s/^global\.$1='\(.*\)'\$/\1/p" | tail -n 1; }
  if [ -z "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}" ]; then
    index=${PIP_INDEX_URL:-$(pip_setting index-url)}
    if [ -n "$index" ]; then export UV_DEFAULT_INDEX="$index"; fi
  fi
  if [ -z "${SSL_CERT_FILE:-}" ]; then
    cert=${PIP_CERT:-$(pip_setting cert)}
    if [ -n "$cert" ] && [ -f "$cert" ]; then
      export SSL_CERT_FILE="$cert"
    elif [ -f /etc/ssl/certs/ca-certificates.crt ]; then
      export SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
    fi
  fi
}
