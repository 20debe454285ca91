#!/bin/sh
# Sees to the system libraries Qt needs on Linux: `system.sh window` for a real window, `system.sh offscreen` for tests.
# Where they are missing: installs them with apt-get as root, else prints the one line to type and lets the caller go on.
. "$(dirname "$0")/lib.sh"

if [ "$(uname -s)" != Linux ]; then exit 0; fi

# soname:Debian package
offscreen='libEGL.so.1:libegl1 libGL.so.1:libgl1 libxkbcommon.so.0:libxkbcommon0 libdbus-1.so.3:libdbus-1-3
  libfontconfig.so.1:libfontconfig1 libfreetype.so.6:libfreetype6 libX11.so.6:libx11-6 libglib-2.0.so.0:libglib2.0-0
  libgthread-2.0.so.0:libglib2.0-0 libstdc++.so.6:libstdc++6'
window="$offscreen"' libxkbcommon-x11.so.0:libxkbcommon-x11-0 libxcb-cursor.so.0:libxcb-cursor0 libxcb-icccm.so.4:libxcb-icccm4
  libxcb-keysyms.so.1:libxcb-keysyms1 libxcb-shape.so.0:libxcb-shape0 libxcb-xinerama.so.0:libxcb-xinerama0 libxcb-xkb.so.1:libxcb-xkb1
  libxcb-render-util.so.0:libxcb-render-util0 libxcb-image.so.0:libxcb-image0 libxcb-randr.so.0:libxcb-randr0
  libxcb-sync.so.1:libxcb-sync1 libxcb-xfixes.so.0:libxcb-xfixes0 libxcb-shm.so.0:libxcb-shm0 libxcb-render.so.0:libxcb-render0
  libX11-xcb.so.1:libx11-xcb1'

case ${1:-window} in
  window) wanted=$window ;;
  offscreen) wanted=$offscreen ;;
  *) fail "system.sh knows 'window' and 'offscreen', not '$1'." ;;
esac

linker=$(command -v ldconfig || echo /sbin/ldconfig)
present=$("$linker" -p 2>/dev/null || true)
missing=
for pair in $wanted; do
  case $present in
    *"${pair%%:*} "*) ;;
    *)
      package=${pair#*:}
      case " $missing " in *" $package "*) ;; *) missing="$missing $package" ;; esac ;;
  esac
done
# A window without a single font shows boxes.
if ! ls /usr/share/fonts/*/* >/dev/null 2>&1; then missing="$missing fonts-dejavu-core"; fi
missing=${missing# }
if [ -z "$missing" ]; then exit 0; fi

if ! command -v apt-get >/dev/null 2>&1; then
  say "Qt needs libraries this system lacks; on Debian their packages are: $missing"
elif [ "$(id -u)" = 0 ]; then
  say "installing system libraries with apt-get: $missing"
  # The names are ours and hold no spaces, so the list is meant to be split.
  # shellcheck disable=SC2086
  if ! { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null; }; then
    say "they could not be installed; go on by hand with:  apt-get install -y $missing"
  fi
else
  say "Qt needs system libraries. Type this line, then run make again:"
  printf '\n    sudo apt-get install -y %s\n\n' "$missing" >&2
fi
