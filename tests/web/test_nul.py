"""An address with a NUL in it names nothing, whichever the database."""

import pytest
from flask.testing import FlaskClient

from consult.actions.change import Desk
from tests import build, published


@pytest.mark.parametrize("language", ["en", "ar"])
def test_an_address_with_a_nul_is_refused_before_the_database_is_asked(
    client: FlaskClient, desk: Desk, language: str
) -> None:
    """T96, T106."""
    of = published.office(desk)
    published.publish(desk, of)
    for address, status in {
        f"/{language}/decisions?q=%00": 400,
        f"/{language}/decisions?%00=q": 400,
        f"/{language}/decisions?page=1%00": 400,
        f"/{language}/decisions/CONS-2020-1%00": 404,
        f"/{language}/%00": 404,
    }.items():
        answer = client.get(address)
        assert answer.status_code == status, address
        assert f'<html lang="{language}"' in answer.text, address
    build.sign_in(client, desk, of.officer, "link password")
    assert client.get(f"/{language}/office/CONS-2020-1%00").status_code == 404
    assert client.get(f"/{language}/office?q=%00").status_code == 400
    build.sign_in(client, desk, next(iter(of.heads.values())))
    code = next(iter(of.heads))
    assert client.get(f"/{language}/c/CONS-2020-1/{code}%00").status_code == 404
