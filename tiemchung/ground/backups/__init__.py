"""How does a database come back, to any second, on another machine? Base backups, and the journal since.

shelf.py        the folder of backups: what lies in it, what may go
keys.py         what they are encrypted with
sealed_file.py  how a file of it is encrypted, piece by piece
source.py       the server that is backed up
base.py         take and verify a base backup
tarred.py       read a base backup, which is one file
manifest.py     hold it against PostgreSQL's own manifest
journal.py      follow the server's journal as it is written
replication.py  the protocol by which it comes
receiving.py    its parts in the folder
recovery.py     make a data folder anew, as it was at a moment
fetch.py        give the server that replays a part of the journal
"""
