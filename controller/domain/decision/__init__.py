"""What a decision consists of, and how rules build one; pure."""
