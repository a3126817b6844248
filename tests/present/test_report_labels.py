from itertools import combinations

from coproduce.present.report.labels import HEIGHT, LETTER, LINE, WIDTH, Box, dot, place_label


def room(x: float, y: float, anchor: str, name: str) -> Box:
    """The room of a text by SVG's rules: it begins, is centred, or ends at its point, and stands on its line."""
    length = LETTER * len(name)
    left = x - length * {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor]
    return (left, y - LINE + 4, left + length, y + 4)


def apart(a: Box, b: Box) -> bool:
    return a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


def test_names_of_sites_in_one_town_do_not_cover_each_other() -> None:
    sites = [(500.0 + 3 * number, 300.0 + 2 * (number % 3), f"Assembly site {number}") for number in range(9)]
    taken: list[Box] = [dot(x, y) for x, y, _ in sites]
    placed = []
    for number, (x, y, name) in enumerate(sites):
        taken[number] = (0.0, 0.0, 0.0, 0.0)
        label = place_label(x, y, name, taken)
        taken[number] = dot(x, y)
        assert label is not None, name
        placed.append((room(label.x, label.y, label.anchor, name), label))
    assert all(apart(a, b) for (a, _), (b, _) in combinations(placed, 2))
    assert all(box[0] >= 0 and box[2] <= WIDTH and box[1] >= 0 and box[3] <= HEIGHT for box, _ in placed)
    # Those that stand apart from their dot are led to it.
    assert any(label.leader for _, label in placed)


def test_a_name_that_stands_beside_its_dot_needs_no_leader() -> None:
    label = place_label(500.0, 300.0, "Lyon", [])
    assert label is not None
    assert (label.anchor, label.leader) == ("start", "")


def test_a_name_without_room_is_left_out() -> None:
    assert place_label(500.0, 300.0, "Lyon", [(0.0, 0.0, WIDTH, HEIGHT)]) is None
