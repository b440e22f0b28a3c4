"""The machine's own time in texts: it is named, so that two recordings agree; driven times stay as they are."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

BEGAN = datetime.now(UTC)
"""When the recording began."""
SLACK = timedelta(seconds=10)
NOW = "<now>"

DATE = re.compile(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT")
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z")


def is_now(moment: datetime) -> bool:
    """Tell whether a moment lies within the recording by the machine's own clock."""
    return BEGAN - SLACK <= moment <= datetime.now(UTC) + SLACK


def without_now(text: str) -> str:
    """Name each date of a header and each time stamp of a log that is of the machine's own time."""
    text = DATE.sub(lambda match: NOW if is_now(parsedate_to_datetime(match[0])) else match[0], text)
    return STAMP.sub(lambda match: NOW if is_now(datetime.fromisoformat(match[0])) else match[0], text)
