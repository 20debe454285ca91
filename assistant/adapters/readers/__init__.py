"""Reading of files in separate processes. `app` gives `pool.WorkerReader` to the memory as its Reader.

Nothing is imported here: a reading process would load with its first module what only Mneme itself needs, for half of the
time that it takes to start.
"""
