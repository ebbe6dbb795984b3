"""The whole system in one process, one thread and one seed: nodes, database, LINE and people.

Start with `world`: it puts everything together and reads like a table of contents. What has to
hold, whatever happens, is in `invariants`; what happens is in `chaos` and `people`. The bot's own
code is the real one, down to the signed bytes of a webhook; only the edges are models: the event
loop (`loop`), the database (`database`, `store`) and LINE (`line`, `messaging`).
"""
