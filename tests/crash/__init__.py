"""Real servers killed at random under load, and the proof that nobody lost or heard twice.

``python -m tests.crash sqlite --kills 20`` and ``python -m tests.crash postgres --nodes 2 --kills
20 --server-crashes 3`` show their figures in a table and end with 1 when a promise was broken;
``--help`` tells the rest. The seed they print makes the same dice fall again, though not at the
same instant: these are real processes.
"""
