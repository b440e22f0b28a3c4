"""People who sign in, login throttling, call budgets."""
