"""`taikai bench`: our server beside others, in one run on one machine.

Each server is a process of its own on one core; what loads it, and the LINE it answers to, are
on another. A server is judged by the replies that arrived: one missing or doubled ends the run.
Only ratios within a run mean anything, for the machine is never ours alone.
"""
