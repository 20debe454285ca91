"""Where the machine's power comes from, as the system tells. Built by `app`, used as PowerSource."""

import psutil


class SystemPower:
    """The PowerSource of this machine."""

    def on_battery(self) -> bool:
        """Tell whether it runs on battery; False where that cannot be known."""
        try:
            battery = psutil.sensors_battery()
        except (AttributeError, OSError, RuntimeError):  # a system without such a sensor
            return False
        return battery is not None and battery.power_plugged is False
