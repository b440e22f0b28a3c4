"""Proofs on real parts: the kiosk's real window before a real broker and controller, touched by a synthetic finger."""
