from __future__ import annotations

from dataclasses import replace

from deploy.demo.reckoning import Books, Witness, balances, reckon


def a_day() -> tuple[Witness, Books]:
    """Six numbers: three served, one absent, one cancelled, one still waiting."""
    seen = Witness(
        issued=["A001", "A002", "A003", "B001", "B002", "T001"],
        printed=["A001", "A002", "A003", "B001", "B002", "T001"],
        signed={"A001", "A002", "A003", "B001"},
        spoken={"A001", "A002", "A003", "B001"},
        cancelled={"B002"},
        ratings=2,
    )
    books = Books(
        issued=6, called=4, served=3, no_show=1, cancelled=1, expired=0, waiting=1, in_hand=0,
        completed=3, ratings=2, still_waiting=frozenset({"T001"}),
    )  # fmt: skip
    return seen, books


def broken(seen: Witness, books: Books, scraped: dict[str, int] | None = None) -> list[str]:
    lines = reckon(seen, books, scraped)
    assert balances(lines) is all(line.holds for line in lines)
    return [line.claim for line in lines if not line.holds]


def test_a_day_without_faults_balances() -> None:
    assert broken(*a_day()) == []


def test_a_lost_print_is_noticed_and_named() -> None:
    seen, books = a_day()
    seen.printed.remove("B001")

    lines = {line.claim: line for line in reckon(seen, books)}

    assert "issued at the kiosks = printed on paper" in broken(seen, books)
    assert lines["issued at the kiosks = printed on paper"].detail == "only issued: B001"


def test_a_slip_printed_twice_is_noticed() -> None:
    seen, books = a_day()
    seen.printed.append("A002")

    assert broken(seen, books) == ["no slip was printed twice"]


def test_a_number_given_twice_is_noticed() -> None:
    seen, books = a_day()
    seen.issued[1] = "A001"

    assert "no number was given twice" in broken(seen, books)


def test_a_call_that_the_voice_missed_is_noticed() -> None:
    seen, books = a_day()
    seen.spoken.discard("A003")

    assert broken(seen, books) == ["shown on the signs = said by the voice"]


def test_a_ticket_that_vanished_is_noticed() -> None:
    seen, books = a_day()

    assert broken(seen, replace(books, still_waiting=frozenset(), waiting=0)) == [
        "printed = called + left waiting + cancelled"
    ]


def test_ratings_beyond_the_served_are_noticed() -> None:
    seen, books = a_day()
    seen.ratings = 4

    assert "ratings ≤ served" in broken(seen, replace(books, ratings=4))


def test_figures_that_prometheus_does_not_hold_are_noticed() -> None:
    seen, books = a_day()

    assert broken(seen, books, {"issued": 6, "called": 4, "served": 3}) == ["no_show in Prometheus = in the report"]


def test_an_empty_table_never_balances() -> None:
    assert not balances([])
