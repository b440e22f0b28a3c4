"""A long frame does not make a code reader look like a person, nor a person like a code reader."""

from __future__ import annotations

from kiosk.flow.keys import Key
from kiosk.input.code_reader import FAST_S, CodeReader, KeyReading
from kiosk.input.frame_clock import FRAME_S, FrameClock

CODE = "051180-000001"


class World:
    """A window that draws frames, and keys that are pressed at times of their own."""

    def __init__(self) -> None:
        self.real = 100.0
        self.reader = CodeReader()
        self.clock = FrameClock(lambda: self.real)
        self.heard: list[KeyReading] = []

    def frame(self, seconds: float, keys: str = "") -> None:
        """Let a frame pass, in which keys were pressed: they are heard at its end."""
        self.real += seconds
        if self.reader.pending:
            self.clock.frame()
            self.heard.append(self.reader.look(self.clock.now()))
        for key in keys:
            self.real += 0.0005
            (self.clock.frame if self.reader.pending else self.clock.begin)()
            self.heard.append(self.reader.press(Key(key, key), self.clock.now()))

    def scans(self) -> list[str]:
        return [one.scan.meant for one in self.heard if one.scan]

    def free(self) -> str:
        return "".join(key.meant for one in self.heard for key in one.free)


def test_a_frame_counts_for_no_longer_than_a_usual_one() -> None:
    world = World()
    before = world.clock.now()
    world.real += 0.03
    world.clock.frame()
    world.real += 5.0
    world.clock.frame()
    assert round(world.clock.now() - before, 6) == round(0.03 + FRAME_S, 6)
    assert FRAME_S < FAST_S


def test_a_reader_is_a_reader_although_a_screen_is_being_drawn_at_its_first_keys() -> None:
    for first in range(1, 6):
        world = World()
        world.frame(0.033, CODE[:first])
        world.frame(0.4, CODE[first:])
        for _ in range(40):
            world.frame(0.033)
        assert world.scans() == [CODE]
        assert world.free() == ""


def test_a_person_is_a_person_at_every_usual_pace_of_frames() -> None:
    for frame in (0.005, 0.016, 0.033):
        world, typed = World(), "dat dai thu tuc"
        for key in typed:
            world.frame(frame, key)
            for _ in range(round(0.1 / frame)):
                world.frame(frame)
        for _ in range(40):
            world.frame(frame)
        assert world.free() == typed
        assert world.scans() == []


def test_time_in_which_nothing_was_held_back_is_not_lost() -> None:
    world = World()
    world.real += 60.0
    world.clock.begin()
    world.clock.frame()
    assert world.clock.now() == world.real
