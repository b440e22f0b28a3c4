"""The other commands of the machine: the lock of a data directory, and the socket to the controller that holds it."""
