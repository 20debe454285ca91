"""The command line: one file per command group over the façade. Started as `mneme` or `python -m assistant.cli.main`."""
