"""The programs: flow, link, storage and screen plugged together."""
