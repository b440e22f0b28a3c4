"""The words on the wire, the link that carries them, and what every machine of a centre shares."""
