"""The look of a counter sign. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from broker.contract.payloads import CounterStatus
from displays.base.view_parts import TextPair
from displays.sign.flow import face

if TYPE_CHECKING:
    from broker.contract.payloads import CounterState, Text
    from displays.base.view_parts import DisplaySettings, ViewContext
    from displays.sign.flow import SignFlow

Tone = Literal["quiet", "called", "serving", "lost", "connecting"]

_TONES: dict[CounterStatus, Tone] = {CounterStatus.CALLING: "called", CounterStatus.SERVING: "serving"}


@dataclass(frozen=True, slots=True)
class SignView:
    """What a sign shows: the counter's label, the number (or none) and a headline; `light` is the phase of a flash."""

    label: TextPair
    number: str
    headline: TextPair
    detail: TextPair
    tone: Tone
    light: bool
    identify: str


def sign_view(flow: SignFlow, setting: DisplaySettings, moment: ViewContext, label: Text | None = None) -> SignView:
    """Give the look of a sign; `label` is the configured one, for before the first state."""
    known = flow.state.label if flow.state else label or {}
    title = setting.pair(known)
    identify = setting.say("identify", device=setting.device).first if moment.identify else ""
    if flow.state is None:
        return SignView(title, "", setting.say("starting"), setting.say("starting.hint"), "connecting", False, identify)
    if moment.stale:
        return SignView(title, "", setting.say("lost"), _last(flow.state, setting), "lost", False, identify)
    shown = face(flow, moment.now)
    return SignView(
        label=title,
        number=shown.number or "",
        headline=setting.say(f"sign.{flow.state.status.value}"),
        detail=_detail(flow.state, setting),
        tone=_TONES.get(flow.state.status, "quiet"),
        light=shown.light is True,
        identify=identify,
    )


def _last(state: CounterState, setting: DisplaySettings) -> TextPair:
    """The last number as something of the past: with its time, never as the number that is called."""
    if state.number is None:
        return setting.say("lost.hint")
    return setting.say("lost.last.at", number=state.number, time=setting.time(state.since))


def _detail(state: CounterState, setting: DisplaySettings) -> TextPair:
    if state.status is CounterStatus.PAUSED and state.reason:
        return setting.pair(state.reason)
    if state.status is CounterStatus.CALLING and state.recall:
        return setting.say("sign.recall", count=state.recall)
    return TextPair("")


def picture_name(look: SignView) -> str:
    """Name a look's picture by what stands on it, not by its number."""
    name = "out-of-date" if look.tone == "lost" else look.tone
    return f"sign-{name}-light" if look.light else f"sign-{name}"
