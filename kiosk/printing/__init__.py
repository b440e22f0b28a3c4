"""Slips: what stands on one (pure), how it is drawn, how it reaches a printer, and what became of it."""

import os
from pathlib import Path

# Before python-escpos is first imported, which reads the file that this names.
os.environ["ESCPOS_CAPABILITIES_FILE"] = str(Path(__file__).with_name("capabilities.yml"))
