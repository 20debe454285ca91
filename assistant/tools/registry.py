"""All commands by their full names ("files.rename"), with what they declare. Filled by `app`, used by the invoker."""

from collections.abc import Callable, Iterable, Mapping

from assistant.domain.errors import NotFoundError
from assistant.domain.tool import CommandSpec, ToolManifest
from assistant.tools.command import Command
from assistant.tools.manifest import unusable
from assistant.tools.usage import completed

Tools = Callable[[], Iterable[tuple[ToolManifest, Mapping[str, Command]]]]


class Registry:
    """Tools as they declare themselves, and the commands behind them; both must name the same ones.

    `tools` gives them when one is first asked for, so that a start need not wait for them. Everything here raises
    ConfigError when a name is taken, or a manifest and its commands differ.
    """

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._known: _Known | None = None

    def command(self, name: str) -> tuple[CommandSpec, Command]:
        """Return what a command declares, and the command; raises NotFoundError."""
        found = self._all().commands.get(name)
        if found is None:
            raise NotFoundError(f"There is no command {name}.", kept="Nothing was done.", remedy="Ask for one that there is.")
        return found

    def manifests(self) -> tuple[ToolManifest, ...]:
        """Return the tools in the order in which they came, with their guides completed."""
        return tuple(self._all().manifests.values())

    def all(self) -> dict[str, CommandSpec]:
        """Return what every command declares, by its full name."""
        return {name: spec for name, (spec, _) in self._all().commands.items()}

    def requires(self, name: str) -> tuple[str, ...]:
        """Return the programs that the tool of a command needs; raises NotFoundError."""
        self.command(name)
        return self._all().manifests[name.partition(".")[0]].requires

    def _all(self) -> "_Known":
        if self._known is None:  # two threads may both get here: what they find is the same
            known = _Known()
            for manifest, commands in self._tools():
                known.add(manifest, commands)
            self._known = known
        return self._known


class _Known:
    """What the tools declare, by their names, and the commands by their full names."""

    def __init__(self) -> None:
        self.manifests: dict[str, ToolManifest] = {}
        self.commands: dict[str, tuple[CommandSpec, Command]] = {}

    def add(self, manifest: ToolManifest, commands: Mapping[str, Command]) -> None:
        if manifest.name in self.manifests:
            raise unusable(manifest.name, "another tool has this name")
        manifest = manifest.model_copy(update={"commands": tuple(completed(manifest.name, one) for one in manifest.commands)})
        declared = {spec.name: spec for spec in manifest.commands}
        differing = sorted(declared.keys() ^ commands.keys())
        if differing:
            raise unusable(manifest.name, f"its manifest and its commands differ in: {', '.join(differing)}")
        self.manifests[manifest.name] = manifest
        self.commands |= {f"{manifest.name}.{name}": (spec, commands[name]) for name, spec in declared.items()}
