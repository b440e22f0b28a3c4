"""What a centre is installed from, and the demonstration hall."""
