"""Acting on a person's files: seeing them, changing them, keeping what was before, opening them. Built by `app`."""
