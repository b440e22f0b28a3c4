"""What sign and board share."""
