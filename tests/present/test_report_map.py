import numpy as np
import pytest
from report_programme import make_result

from coproduce.present.report.atlas import countries, country_at
from coproduce.present.report.coastline import clip, shapes
from coproduce.present.report.flows import arcs, lane_flows
from coproduce.present.report.projection import Projection, fit
from coproduce.present.report.sitemap import SiteMap, site_map
from coproduce.present.words.names import read_names
from coproduce.results.result import PlanResult

# (place, longitude, latitude, code under the policy of docs/map.md)
PLACES = (
    ("Simferopol", 34.104, 44.948, "UA"),
    ("Sevastopol", 33.525, 44.605, "UA"),
    ("Kerch", 36.47, 45.356, "UA"),
    ("Yalta", 34.166, 44.495, "UA"),
    ("Kherson", 32.6, 46.65, "UA"),
    ("Cayenne", -52.33, 4.92, "GF"),
    ("Saint-Denis de la Réunion, inland", 55.5, -21.1, "RE"),
    ("Paris", 2.35, 48.86, "FR"),
    ("northern Nicosia", 33.36, 35.22, "CY"),
    ("Hargeisa", 44.06, 9.56, "SO"),
    ("Pristina", 21.17, 42.66, "XK"),
    ("Moscow", 37.6, 55.7, "RU"),
    ("Chukotka west of 180 degrees", 175.0, 66.5, "RU"),
    ("Chukotka east of 180 degrees", -172.0, 66.0, "RU"),
    ("Valletta, inland", 14.45, 35.88, "MT"),
    ("the South Pole", 10.0, -85.0, "AQ"),
    ("the middle of the Black Sea", 34.0, 43.3, ""),
)


@pytest.mark.parametrize(("place", "longitude", "latitude", "code"), PLACES, ids=[place[0] for place in PLACES])
def test_places_lie_in_the_country_that_the_policy_says(
    place: str, longitude: float, latitude: float, code: str
) -> None:
    assert country_at(longitude, latitude) == code, place


def test_no_line_is_drawn_between_crimea_and_the_rest_of_ukraine() -> None:
    ukraine = next(country for country in countries() if country.code == "UA")
    mainland = max((polygon[0] for polygon in ukraine.polygons), key=len)
    assert mainland[:, 1].min() < 44.5  # its outline goes round the southern coast of Crimea
    assert mainland[:, 1].max() > 52


def test_the_shape_of_france_stays_in_europe_and_its_territories_know_where_they_belong() -> None:
    by_code = {country.code: country for country in countries() if country.code}
    points = np.vstack([polygon[0] for polygon in by_code["FR"].polygons])
    assert points[:, 0].min() > -6
    assert points[:, 1].min() > 41
    assert {code for code, country in by_code.items() if country.part_of == "FR"} == {"GF", "GP", "MQ", "RE", "YT"}


def test_no_outline_jumps_across_the_sheet_at_180_degrees() -> None:
    for country in countries():
        for polygon in country.polygons:
            jumps = np.abs(np.diff(polygon[0][:, 0])) > 180
            # Only the lower edge of the sheet, the South Pole, runs from one side to the other.
            assert np.all(polygon[0][:-1, 1][jumps] == -90), country.name


def test_the_azimuthal_projection_keeps_areas() -> None:
    # A small quadrilateral's area on the sheet equals its area on the sphere: width x (sin north - sin south).
    projection = Projection(20.0, 50.0)
    for west, south in ((5.0, 43.0), (30.0, 60.0)):
        longitude = np.array([west, west + 0.1, west + 0.1, west])
        latitude = np.array([south, south, south + 0.1, south + 0.1])
        x, y = projection(longitude, latitude).T
        area = abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2
        sphere = np.radians(0.1) * (np.sin(np.radians(south + 0.1)) - np.sin(np.radians(south)))
        assert area == pytest.approx(sphere, rel=1e-4)


@pytest.mark.parametrize(
    ("longitude", "latitude"),
    [([4.84, 30.52], [45.76, 50.45]), ([-74.0, 139.7], [40.7, 35.7]), ([2.35], [48.86])],
    ids=["a region", "the world", "one site"],
)
def test_the_window_shows_every_site_with_a_margin(longitude: list[float], latitude: list[float]) -> None:
    x, y = np.array(longitude), np.array(latitude)
    window = fit(x, y, 1000, 600)
    pixels = window.pixels(x, y)
    assert pixels.min() > 50
    assert pixels[:, 0].max() < 950
    assert pixels[:, 1].max() < 550


def test_clipping_a_square_in_half_leaves_half_of_it() -> None:
    square = np.array([[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0]])
    half = clip(square, 0, 1.0, 1)
    assert half[:, 0].max() == 1.0
    assert sorted(map(tuple, half.tolist())) == [(0.0, 0.0), (0.0, 2.0), (1.0, 0.0), (1.0, 2.0)]


def lay_out(result: PlanResult) -> SiteMap:
    names = read_names(result.tables)
    return site_map(result.tables, names, arcs(lane_flows(result.frames["shipments"], result.tables)))


def test_the_map_tints_the_countries_of_the_sites_and_marks_the_border_that_lanes_cross() -> None:
    drawn = lay_out(make_result())
    assert {shape.name for shape in drawn.shapes if shape.taking_part} == {"France", "Poland", "Ukraine"}
    assert {curve.border for curve in drawn.curves} == {"", "Border: medyka"}
    assert max(curve.width for curve in drawn.curves) == pytest.approx(9.0)
    assert all(0 < spot.x < drawn.width and 0 < spot.y < drawn.height for spot in drawn.spots)


def test_a_programme_without_positions_has_no_map_and_names_its_sites_as_missing() -> None:
    drawn = lay_out(make_result(coordinates=False))
    assert not drawn.spots
    assert not drawn.shapes
    assert len(drawn.missing) == 5


def test_names_of_sites_do_not_cover_each_other() -> None:
    drawn = lay_out(make_result())
    boxes = []
    for spot in drawn.spots:
        length = 7.8 * len(spot.name)
        left = {"start": spot.label_x, "middle": spot.label_x - length / 2, "end": spot.label_x - length}[spot.anchor]
        boxes.append((left, spot.label_y - 11, left + length, spot.label_y + 4))
    for number, a in enumerate(boxes):
        for b in boxes[number + 1 :]:
            assert not (a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3])


def test_a_world_map_shows_land_on_both_sides_of_180_degrees() -> None:
    window = fit(np.array([-74.0, 139.7]), np.array([40.7, 35.7]), 1000, 600)
    names = {shape.name for shape in shapes(window, {"US", "JP"})}
    assert {"United States of America", "Japan", "Russia"} <= names
