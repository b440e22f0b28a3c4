"""The link that carries the contract: MQTT over a real broker, or in memory for tests."""
