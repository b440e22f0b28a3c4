"""The journal: hash chain, replay, projections, verification."""
