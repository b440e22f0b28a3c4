"""Drives a real kiosk window as a citizen would: finger, keys, eyes; shared by benchmarks and proofs."""
