"""When a changed file is looked at: after quiet, together with its neighbours, rarely where it never rests."""

from assistant.orchestrator import settling
from assistant.orchestrator.settling import Settling

R = "/r"


def test_a_change_waits_for_quiet_and_a_storm_of_saves_is_one_change() -> None:
    waiting = Settling(0.4)
    for at in (0.0, 0.1, 0.2, 0.3):
        waiting.note(R, "/r/a", at)
    assert waiting.due(0.6) == {}
    assert waiting.next_due() == 0.7
    assert waiting.due(0.7) == {R: {"/r/a"}}
    assert not waiting
    assert waiting.next_due() is None


def test_what_changes_together_is_looked_at_together() -> None:
    waiting = Settling(0.4)
    for number in range(1000):
        waiting.note(R, f"/r/{number}", number / 2000)
    assert waiting.due(0.8) == {}
    assert len(waiting.due(0.9)[R]) == 1000


def test_a_restless_neighbour_holds_nobody_up_for_long() -> None:
    waiting = Settling(0.4)
    waiting.note(R, "/r/a", 0.0)
    for step in range(1, 20):
        waiting.note(R, "/r/log", step / 10)
        waiting.note("/other", "/other/x", step / 10)
        found = waiting.due(step / 10)
        if found:
            assert (step, found) == (10, {R: {"/r/a"}})


def test_a_file_that_never_rests_is_looked_at_now_and_then() -> None:
    waiting = Settling(0.4)
    looks = [at / 10 for at in range(3000) if (waiting.note(R, "/r/log", at / 10), waiting.due(at / 10))[1]]
    assert looks[0] >= settling.LONGEST_S
    assert len(looks) <= 300 / settling.LONGEST_S


def test_a_file_written_every_second_is_looked_at_ever_more_rarely_and_a_person_who_saves_often_is_not_held_up() -> None:
    waiting = Settling(0.4)
    looks: list[float] = []
    for tenth in range(6000):
        if tenth % 10 == 0:
            waiting.note(R, "/r/log", tenth / 10)
        if waiting.due(tenth / 10):
            looks.append(tenth / 10)
    assert len([at for at in looks if at < 10]) >= 9
    assert len([at for at in looks if at > 300]) <= 300 / settling.RAREST_S + 2
    waiting.note(R, "/r/log", 10_000.0)
    assert waiting.due(10_000.5) == {R: {"/r/log"}}
    for save in range(60):
        waiting.note(R, "/r/essay", 20_000.0 + save * 7)
        assert waiting.due(20_000.5 + save * 7) == {R: {"/r/essay"}}


def test_a_whole_root_stands_for_all_in_it() -> None:
    waiting = Settling(0.0)
    waiting.note(R, "/r/a", 0.0)
    waiting.note(R, R, 0.0)
    waiting.note(R, "/r/b", 0.0)
    assert waiting.due(0.0) == {R: {R}}
    for number in range(settling.MOST_PATHS + 10):
        waiting.note(R, f"/r/{number}", 1.0)
    assert waiting.due(1.0) == {R: {R}}
