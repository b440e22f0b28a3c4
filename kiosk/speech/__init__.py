"""What is read aloud of a screen, and the reader that does it."""
