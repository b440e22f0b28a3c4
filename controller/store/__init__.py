"""The store: the only SQL; migrations, the journal, its projections, and what is kept apart."""
