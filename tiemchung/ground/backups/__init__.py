"""How does a database come back, to any second, on another machine? Base backups, and the journal since.

shelf.py    the folder of backups: what lies in it, what may go
source.py   the server that is backed up
base.py     take and verify a base backup
journal.py  receive the server's journal as it is written
recovery.py make a data folder anew, as it was at a moment
"""
