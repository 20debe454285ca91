"""The tools that come with Mneme. Each package has a tool.json and gives its commands as COMMANDS."""
