"""Use cases, one a file: what a request, a press or an HTTP call means. Ports to the outside stand in `ports.py`."""
