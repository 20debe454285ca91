"""Where nothing is ever changed on this machine, and how much at most elsewhere. Pure; built by `app`, used by risk."""

from dataclasses import dataclass

_SYSTEM = {
    "linux": "/bin /boot /dev /etc /lib /lib32 /lib64 /libx32 /proc /sbin /sys /usr/bin /usr/lib /usr/lib32 /usr/lib64 "
    "/usr/sbin /usr/share /usr/include /var/cache /var/lib /var/log /var/spool",
    "darwin": "/System /Library /Applications /bin /sbin /dev /etc /private/etc /usr/bin /usr/lib /usr/libexec /usr/sbin "
    "/usr/share /private/var/db /private/var/log",
}


@dataclass(frozen=True, slots=True)
class OffLimits:
    """The home folder, folders of the system, Mneme's own, and the most entries one action may touch."""

    home: str
    system: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    most_entries: int = 20_000


def system_folders(platform: str, env: dict[str, str]) -> tuple[str, ...]:
    """Return the folders that belong to the system, by the name of the platform as Python tells it."""
    if platform == "win32":
        names = ("SystemRoot", "ProgramFiles", "ProgramFiles(x86)", "ProgramData")
        return tuple(env[name] for name in names if env.get(name))
    return tuple(_SYSTEM.get(platform, _SYSTEM["linux"]).split())
