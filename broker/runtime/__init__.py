"""What every program of Lượt runs on: clock, logs, catalogues of texts, watchdog, files."""
