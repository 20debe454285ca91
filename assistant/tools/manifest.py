"""Reads what a tool declares of itself in its tool.json; plug-ins declare themselves alike. Used by the registry."""

from pathlib import Path

from pydantic import ValidationError

from assistant.domain.errors import ConfigError
from assistant.domain.tool import CommandSpec, ToolManifest

LANGUAGES = ("en", "ru")


def read_manifest(path: Path) -> ToolManifest:
    """Return what a tool.json declares; raises ConfigError naming the file and what is wrong with it."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise unusable(str(path), f"it cannot be read: {error.strerror}") from error
    return parse_manifest(content, str(path))


def parse_manifest(content: bytes, name: str) -> ToolManifest:
    """Return what the bytes of a tool.json declare; `name` is what it is called in a ConfigError."""
    try:
        manifest = ToolManifest.model_validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        raise unusable(name, f"{place}: {first['msg']}") from error
    names = [command.name for command in manifest.commands]
    if len(set(names)) < len(names):
        raise unusable(name, "a command is declared twice")
    for command in manifest.commands:
        wrong = _wrong(command)
        if wrong:
            raise unusable(name, f"{command.name}: {wrong}")
    return manifest


def _wrong(command: CommandSpec) -> str:
    """Return what is wrong with a command, "" when nothing is."""
    from jsonschema import Draft202012Validator, SchemaError  # noqa: PLC0415 a start without requests does not wait for it

    try:
        Draft202012Validator.check_schema(command.arguments)
    except SchemaError as error:
        return f"its schema of arguments is none: {error.message}"
    if command.arguments.get("type") != "object" or command.arguments.get("additionalProperties") is not False:
        return "its schema of arguments has to be an object without additional properties"
    if not command.effects:
        return "it declares no effects; one that only looks declares read"
    guide = command.guide
    lacking = [one for one in LANGUAGES if not (guide.title.get(one) and guide.summary.get(one) and guide.examples.get(one))]
    return f"title, summary or examples are missing in: {', '.join(lacking)}" if lacking else ""


def unusable(name: str, why: str) -> ConfigError:
    """Return the error that says why a tool is left out."""
    return ConfigError(
        f"The tool {name} cannot be used: {why}.",
        kept="The other tools work as before.",
        remedy="Correct its tool.json, or remove the tool.",
    )
