"""Code reader and keyboard: keys in, codes and operations out; pure."""
