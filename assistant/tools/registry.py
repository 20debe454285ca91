"""All commands by their full names ("files.rename"), with what they declare. Filled by `app`, used by the invoker."""

from collections.abc import Iterable, Mapping

from assistant.domain.errors import NotFoundError
from assistant.domain.tool import CommandSpec, ToolManifest
from assistant.tools.command import Command
from assistant.tools.manifest import unusable
from assistant.tools.usage import completed


class Registry:
    """Tools as they declare themselves, and the commands behind them; both must name the same ones."""

    def __init__(self, tools: Iterable[tuple[ToolManifest, Mapping[str, Command]]]) -> None:
        """Take tools; raises ConfigError when a name is taken, or a manifest and its commands differ."""
        self._manifests: dict[str, ToolManifest] = {}
        self._commands: dict[str, tuple[CommandSpec, Command]] = {}
        for manifest, commands in tools:
            self._add(manifest, commands)

    def command(self, name: str) -> tuple[CommandSpec, Command]:
        """Return what a command declares, and the command; raises NotFoundError."""
        found = self._commands.get(name)
        if found is None:
            raise NotFoundError(f"There is no command {name}.", kept="Nothing was done.", remedy="Ask for one that there is.")
        return found

    def manifests(self) -> tuple[ToolManifest, ...]:
        """Return the tools in the order in which they came, with their guides completed."""
        return tuple(self._manifests.values())

    def all(self) -> dict[str, CommandSpec]:
        """Return what every command declares, by its full name."""
        return {name: spec for name, (spec, _) in self._commands.items()}

    def requires(self, name: str) -> tuple[str, ...]:
        """Return the programs that the tool of a command needs; raises NotFoundError."""
        self.command(name)
        return self._manifests[name.partition(".")[0]].requires

    def _add(self, manifest: ToolManifest, commands: Mapping[str, Command]) -> None:
        if manifest.name in self._manifests:
            raise unusable(manifest.name, "another tool has this name")
        manifest = manifest.model_copy(update={"commands": tuple(completed(manifest.name, one) for one in manifest.commands)})
        declared = {spec.name: spec for spec in manifest.commands}
        differing = sorted(declared.keys() ^ commands.keys())
        if differing:
            raise unusable(manifest.name, f"its manifest and its commands differ in: {', '.join(differing)}")
        self._manifests[manifest.name] = manifest
        self._commands |= {f"{manifest.name}.{name}": (spec, commands[name]) for name, spec in declared.items()}
