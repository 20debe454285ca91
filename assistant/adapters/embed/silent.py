"""Keeps the inference engine from telling its maker what runs here. Called before the engine is loaded, in this room."""

import os

SWITCH = "ORT_DISABLE_TELEMETRY"


def silence() -> None:
    """Switch the engine's telemetry off for this process and its children.

    Since 1.32 onnxruntime resolves and calls its maker's collector, and leaves a device id in the user's cache folder, as
    soon as it is imported; only the environment stops that in time. The call afterwards is for builds without the switch.
    """
    os.environ[SWITCH] = "1"
    import onnxruntime

    onnxruntime.disable_telemetry_events()
