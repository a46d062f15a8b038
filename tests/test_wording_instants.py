"""Days, instants and spans as each of the six languages writes them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask_babel import force_locale

from consult.wording import catalogues, instants
from consult.wording.catalogues import locale_of
from consult.wording.instants import Place

AT = datetime(2020, 7, 17, 14, 0, 3, tzinfo=UTC)
GENEVA = {
    "en": "Geneva",
    "fr": "Genève",
    "es": "Ginebra",
    "ru": "Женева",
    "zh": "日内瓦",
    "ar": "جنيف",
}


@pytest.fixture(scope="module")
def app() -> Flask:
    made = Flask("wording")
    catalogues.set_up(made, lambda: "en")
    return made


@pytest.fixture
def within(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        yield app


def place(language: str) -> Place:
    return Place("Europe/Zurich", GENEVA[language])


FULL = {
    "en": "Friday 17 July 2020, 16:00 Geneva (14:00 UTC)",
    "fr": "vendredi 17 juillet 2020, 16:00 Genève (14:00 UTC)",
    "es": "viernes 17 de julio de 2020, 16:00, hora de Ginebra (14:00 UTC)",
    "ru": "пятница, 17 июля 2020 г., 16:00 по времени г. Женева (14:00 UTC)",
    "zh": "2020年7月17日（星期五）日内瓦时间16:00（14:00 UTC）",
    "ar": "الجمعة 17 يوليو 2020، الساعة 16:00 بتوقيت جنيف (\u206614:00 UTC\u2069)",
}
EXACT = {
    "en": "Friday 17 July 2020, 16:00:03 Geneva (14:00:03 UTC)",
    "fr": "vendredi 17 juillet 2020, 16:00:03 Genève (14:00:03 UTC)",
    "es": "viernes 17 de julio de 2020, 16:00:03, hora de Ginebra (14:00:03 UTC)",
    "ru": "пятница, 17 июля 2020 г., 16:00:03 по времени г. Женева (14:00:03 UTC)",
    "zh": "2020年7月17日（星期五）日内瓦时间16:00:03（14:00:03 UTC）",
    "ar": "الجمعة 17 يوليو 2020، الساعة 16:00:03 بتوقيت جنيف (\u206614:00:03 UTC\u2069)",
}
SHORT = {
    "en": "Fri 17 July 2020, 16:00",
    "fr": "ven. 17 juillet 2020, 16:00",
    "es": "vie 17 de julio de 2020, 16:00",
    "ru": "пт, 17 июля 2020 г., 16:00",
    "zh": "2020年7月17日（周五）16:00",
    "ar": "الجمعة 17 يوليو 2020، 16:00",
}
CLOCK = {
    "en": "16:00 Geneva",
    "fr": "16:00 Genève",
    "es": "16:00, hora de Ginebra",
    "ru": "16:00 по времени г. Женева",
    "zh": "日内瓦时间16:00",
    "ar": "الساعة 16:00 بتوقيت جنيف",
}


@pytest.mark.parametrize("language", list(GENEVA))
def test_an_instant_names_day_time_city_and_utc(within: Flask, language: str):
    with force_locale(locale_of(language)):
        assert instants.full(AT, place(language)) == FULL[language]
        assert instants.exact(AT, place(language)) == EXACT[language]
        assert instants.short(AT, place(language)) == SHORT[language]
        assert instants.clock_time(AT, place(language)) == CLOCK[language]
        assert FULL[language].startswith(instants.long(AT, place(language)))
        assert instants.utc(AT) == "14:00 UTC"


DAYS = {
    "en": ("1 August 2020", "8 to 18 June 2021", "28 April to 8 May 2026"),
    "fr": ("1er août 2020", "du 8 au 18 juin 2021", "du 28 avril au 8 mai 2026"),
    "es": (
        "1 de agosto de 2020",
        "del 8 al 18 de junio de 2021",
        "del 28 de abril al 8 de mayo de 2026",
    ),
    "ru": ("1 августа 2020 г.", "8 – 18 июня 2021 г.", "28 апреля – 8 мая 2026 г."),
    "zh": ("2020年8月1日", "2021年6月8日至18日", "2026年4月28日至5月8日"),
    "ar": ("1 أغسطس 2020", "من 8 إلى 18 يونيو 2021", "من 28 أبريل إلى 8 مايو 2026"),
}


@pytest.mark.parametrize("language", list(DAYS))
def test_a_range_of_days_says_month_and_year_once(within: Flask, language: str):
    alone, in_a_month, in_a_year = DAYS[language]
    with force_locale(locale_of(language)):
        assert instants.day(date(2020, 8, 1)) == alone
        assert instants.days(date(2020, 8, 1), date(2020, 8, 1)) == alone
        assert instants.days(date(2021, 6, 8), date(2021, 6, 18)) == in_a_month
        assert instants.days(date(2026, 4, 28), date(2026, 5, 8)) == in_a_year


def test_a_range_over_the_new_year_names_both_years(within: Flask):
    with force_locale(locale_of("en")):
        said = instants.days(date(2020, 12, 28), date(2021, 1, 3))
    assert said == "28 December 2020 to 3 January 2021"


LEFT = {
    "en": ("3 days 4 hours left", "1 day left", "50 minutes left"),
    "fr": ("encore 3 jours et 4 heures", "encore 1 jour", "encore 50 minutes"),
    "es": (
        "tiempo restante: 3 días y 4 horas",
        "tiempo restante: 1 día",
        "tiempo restante: 50 minutos",
    ),
    "ru": ("осталось 3 дня 4 часа", "осталось 1 день", "осталось 50 минут"),
    "zh": ("剩余3天4小时", "剩余1天", "剩余50分钟"),
    "ar": ("بقي 3 أيام و4 ساعات", "بقي يوم", "بقي 50 دقيقة"),
}


@pytest.mark.parametrize("language", list(LEFT))
def test_the_time_left_has_two_units_rounded_down(within: Flask, language: str):
    spans = (
        timedelta(days=3, hours=4, minutes=59, seconds=59),
        timedelta(days=1, minutes=59),
        timedelta(minutes=50, seconds=59),
    )
    with force_locale(locale_of(language)):
        assert tuple(map(instants.left, spans)) == LEFT[language]


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(seconds=59), "59 seconds left"),
        (timedelta(0), "0 seconds left"),
        (timedelta(seconds=-5), "0 seconds left"),
        (timedelta(hours=2), "2 hours left"),
        (timedelta(days=40), "40 days left"),
    ],
)
def test_the_time_left_never_goes_below_nothing(within: Flask, span: timedelta, said: str):
    with force_locale(locale_of("en")):
        assert instants.left(span) == said


def test_an_hour_that_happens_twice_is_told_apart_by_utc(within: Flask):
    geneva = Place("Europe/Zurich", "Geneva")
    with force_locale(locale_of("en")):
        first = instants.full(datetime(2020, 10, 25, 0, 30, tzinfo=UTC), geneva)
        second = instants.full(datetime(2020, 10, 25, 1, 30, tzinfo=UTC), geneva)
    assert first == "Sunday 25 October 2020, 02:30 Geneva (00:30 UTC)"
    assert second == "Sunday 25 October 2020, 02:30 Geneva (01:30 UTC)"


def test_without_a_language_it_is_english():
    assert instants.day(date(2020, 7, 17)) == "17 July 2020"


@pytest.mark.parametrize(
    ("zone", "on", "city", "offset"),
    [
        ("Asia/Dubai", date(2021, 6, 8), "Dubai", "UTC+04:00"),
        ("America/New_York", date(2021, 1, 8), "New York", "UTC-05:00"),
        ("Europe/Zurich", date(1800, 1, 1), "Zurich", "UTC+00:34"),
        ("Factory", date(2021, 1, 8), "Factory", "UTC+00:00"),
    ],
)
def test_a_zone_is_said_by_its_city_and_its_distance_from_utc(
    zone: str, on: date, city: str, offset: str
) -> None:
    assert (instants.city_of(zone), instants.offset(zone, on)) == (city, offset)
