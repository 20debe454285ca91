"""The composition root and how a process is run: built here, joined here, nowhere else."""
