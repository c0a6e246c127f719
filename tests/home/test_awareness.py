"""The quiz: what somebody answered is nobody's business, and what all answered is told only of five at least."""

import sqlite3
from collections import Counter
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.directory import Directory, Person
from engine.core.quantities import DAY
from engine.core.world import Calendar
from engine.home.awareness import Awareness, arranged
from engine.journal.training import FEWEST, TRAINING_FILE, Training
from engine.library.catalogue import Library

QUESTIONS = Library.load().quiz
NOW = 1_795_500_000_000
PEOPLE = tuple(f"agent{number}" for number in range(8))
DIRECTORY = Directory(people={name: Person(id=name, name=name) for name in PEOPLE})


def _quiz(folder: Path, people: Directory = DIRECTORY) -> Awareness:
    return Awareness(folder, QUESTIONS, Calendar(), people)


ANSWERS = st.lists(
    st.tuples(
        st.sampled_from(PEOPLE),
        st.sampled_from(sorted(QUESTIONS)[:3]),
        st.sampled_from("abc"),
        st.integers(min_value=0, max_value=30),
    ),
    max_size=40,
)


@given(ANSWERS)
@settings(deadline=None, max_examples=25)
def test_nothing_is_told_of_fewer_than_five_and_nothing_is_counted_twice(
    answers: list[tuple[str, str, str, int]],
) -> None:
    with TemporaryDirectory() as folder:
        quiz, last, given = _quiz(Path(folder)), dict[tuple[str, str], int](), Counter[str]()
        for person, question, choice, month in sorted(answers, key=lambda one: one[3]):
            counted = quiz.answer(person, question, choice, NOW + month * 31 * DAY).counted
            if counted:
                given[question] += 1
                assert month - last.get((person, question), -99) >= 11  # a round later, and not before
                last[person, question] = month
        told = {name: sum(counts.values()) for name, counts in quiz.results().items()}
        for question, count in given.items():
            # Told in batches of five at least; fewer than five always wait.
            assert FEWEST <= told[question] <= count if question in told else count < FEWEST
            assert count - told.get(question, 0) < FEWEST


def test_no_row_of_the_file_holds_somebody_and_their_answer(tmp_path: Path) -> None:
    """Nothing in it has somebody and an answer in one row, nor an order or an hour by which the two could be joined."""
    quiz = _quiz(tmp_path)
    for person, (name, question) in product(PEOPLE[:3], list(QUESTIONS.items())[:2]):
        quiz.answer(person, name, next(iter(question.choices)), NOW)
    with sqlite3.connect(tmp_path / TRAINING_FILE) as book:
        tables = {
            name: {column for _, column, *_ in book.execute(f"PRAGMA table_info({name})")}
            for (name,) in book.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        }
    assert not any({"person", "choice"} <= columns for columns in tables.values())
    assert tables["coverage"] == {"person", "question", "month"}
    assert tables["counts"] == {"question", "choice", "pooled", "told"}


def test_each_question_comes_once_a_year_in_an_order_of_ones_own(tmp_path: Path) -> None:
    quiz, seen = _quiz(tmp_path), list[str]()
    while name := quiz.next("agent1", NOW):
        verdict = quiz.answer("agent1", name, QUESTIONS[name].answer, NOW)
        assert verdict.right
        assert verdict.counted
        assert verdict.question.why
        seen.append(name)
    assert seen == list(QUESTIONS)
    assert not quiz.answer("agent1", seen[0], "a", NOW).counted
    assert quiz.next("agent1", NOW + 366 * DAY) == seen[0]
    # « Toujours la deuxième » n'est pas une réponse.
    places = {
        arranged(name, question, person).index(question.answer)
        for name, question in QUESTIONS.items()
        for person in PEOPLE
    }
    assert places == {0, 1, 2}


def test_nobody_is_sent_two_questions_a_week(tmp_path: Path) -> None:
    quiz = _quiz(tmp_path)
    monday = NOW // (7 * DAY) * 7 * DAY
    for day, turn in ((0, True), (0, False), (3, False), (6, False), (7, True)):
        assert quiz.is_turn("agent1", monday + day * DAY) is turn
        if turn:
            quiz.asked("agent1", monday + day * DAY)


def test_who_left_the_directory_is_forgotten_and_what_they_answered_stays_counted(tmp_path: Path) -> None:
    name = next(iter(QUESTIONS))
    quiz = _quiz(tmp_path)
    for person in PEOPLE[:FEWEST]:
        quiz.answer(person, name, "a", NOW)
    stayed = Directory(people={one: DIRECTORY.people[one] for one in PEOPLE[1:]})
    later = _quiz(tmp_path, stayed)
    later.answer("agent7", name, "b", NOW)
    with Training(tmp_path) as book:
        assert PEOPLE[0] not in book.trained(0)
    assert sum(later.results()[name].values()) == FEWEST
    assert later.coverage(NOW)["agent7"] == 1


def test_a_town_that_never_played_has_no_book_and_no_results(tmp_path: Path) -> None:
    quiz = _quiz(tmp_path)
    assert not quiz.results()
    assert set(quiz.coverage(NOW).values()) == {0}
    assert not (tmp_path / TRAINING_FILE).exists()


def test_a_damaged_book_is_put_aside_and_the_main_courante_is_not_accused(tmp_path: Path) -> None:
    """A town that was told that its main courante is damaged would restore an older one."""
    book, name = tmp_path / TRAINING_FILE, next(iter(QUESTIONS))
    for number in (1, 2):
        book.write_bytes(b"no database" * 1000)
        assert _quiz(tmp_path).answer("agent1", name, "a", NOW).counted
        assert (tmp_path / f"{TRAINING_FILE}.damaged-{number}").is_file()
