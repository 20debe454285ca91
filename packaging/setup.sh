#!/bin/sh
# Makes .venv hold exactly what a lock file names: `setup.sh run` or `setup.sh dev`. Skips at once what is already done.
. "$(dirname "$0")/lib.sh"

kind=${1:-run}
run_lock=packaging/requirements.txt
dev_lock=packaging/requirements-dev.txt
run_stamp="$venv/.stamp-run-$(digest $run_lock packaging/bootstrap.txt)"
dev_stamp="$venv/.stamp-dev-$(digest $dev_lock packaging/bootstrap.txt)"

case $kind in
  run) # what tests need includes what a run needs, and one environment serves both
    lock=$run_lock stamp=$run_stamp
    if [ -x "$venv_bin/python" ] && { [ -f "$run_stamp" ] || [ -f "$dev_stamp" ]; }; then exit 0; fi ;;
  dev)
    lock=$dev_lock stamp=$dev_stamp
    if [ -x "$venv_bin/python" ] && [ -f "$dev_stamp" ]; then exit 0; fi ;;
  *) fail "setup.sh knows 'run' and 'dev', not '$kind'." ;;
esac

fits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' >/dev/null 2>&1; }

find_python() {
  for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
    if command -v "$candidate" >/dev/null 2>&1 && fits "$candidate"; then
      command -v "$candidate"
      return
    fi
  done
  fail "Python 3.11, 3.12 or 3.13 is needed and none was found. Install one, or name it: make run PYTHON=/path/to/python3.11"
}

make_venv() {
  python=$(find_python)
  version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  say "making .venv with Python $version"
  # Debian ships Python without the part that gives a new environment its pip.
  if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
      say "installing python$version-venv with apt-get"
      apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "python$version-venv" >/dev/null \
        || fail "python$version-venv could not be installed; nothing else was changed. Install it and run make again."
    else
      fail "Python has no venv module. Type this line, then run make again:  sudo apt-get install -y python$version-venv"
    fi
  fi
  rm -rf "$venv"
  "$python" -m venv "$venv" || fail "the environment .venv could not be made; is the disk full or the folder read-only?"
}

# An environment that was interrupted while it was made, or made by another tool, may lack pip: it is made anew.
if ! { [ -x "$venv_bin/python" ] && fits "$venv_bin/python" && "$venv_bin/python" -m pip --version >/dev/null 2>&1; }; then make_venv; fi
rm -f "$venv"/.stamp-run-* "$venv"/.stamp-dev-*

adopt_pip_config "$venv_bin/python"
bootstrapped=$(sed -n 's/^uv==\([0-9.]*\).*/\1/p' packaging/bootstrap.txt)
if ! [ -x "$venv_bin/uv" ] || [ "$("$venv_bin/uv" --version 2>/dev/null | cut -d' ' -f2)" != "$bootstrapped" ]; then
  say "fetching uv $bootstrapped, the installer, from the Python package index"
  "$venv_bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r packaging/bootstrap.txt \
    || fail "uv could not be fetched. Check the network and pip's configuration, then run make again."
fi

say "installing what $lock names, every file checked against its hash"
"$venv_bin/uv" --no-config pip sync --quiet --python "$venv_bin/python" --require-hashes --only-binary :all: "$lock" \
  || fail "the packages could not be installed; what was fetched stays in uv's cache. Check the network and run make again."

# The checkout itself is importable from anywhere, and `mneme` is a command of this environment.
site=$("$venv_bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
printf '%s\n' "$root" >"$site/mneme.pth"
cat >"$venv_bin/mneme" <<'SCRIPT'
#!/bin/sh
exec "$(dirname "$(readlink -f "$0")")/python" -P -m assistant.cli.main "$@"
SCRIPT
chmod +x "$venv_bin/mneme"
: >"$stamp"
