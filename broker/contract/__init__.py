"""The contract as code: ids, instants, texts, payloads, channels and errors; no I/O."""
