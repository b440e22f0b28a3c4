"""The state of one local day, the order of calls, and what each event does to it; pure."""
