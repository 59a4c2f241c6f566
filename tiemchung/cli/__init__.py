"""The command line: each command in a file of its own, loaded when it is called."""
