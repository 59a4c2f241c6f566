"""The database that comes with the project: PostgreSQL from a wheel, under our own keeper, one folder for each server.

`server.EmbeddedServer` is the door. Who lives and dies with whom:

- A *starter* (any command) makes the data folder and hands a held lock to the *keeper*, a small process in a session
  of its own. The starter may then be killed: the keeper goes on.
- The keeper is the parent of the *postmaster*, restarts it when it is killed, and ends it when nobody uses it any
  more. The kernel tells the postmaster to shut down cleanly when the keeper dies, so no server is ever left alone.
- Each process that uses the server holds a *lease*: a shared lock on one file, which the kernel gives back however
  the process ends. No lease for `linger` seconds, or the folder deleted: the keeper stops the server and goes.

pg_ctl is not used, as it puts the postmaster in nobody's care; initdb and postgres are.
"""
