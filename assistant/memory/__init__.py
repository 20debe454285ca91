"""The memory room; its door is `assistant.memory.service`."""
