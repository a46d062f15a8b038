"""The links that a mail would carry: made as the worker makes them, from the rows."""

from sqlalchemy import select

from consult.actions.change import Desk
from consult.core.tokens import code_of, link_token
from consult.tables import AddressChange, Invitation, SignInRequest, reading


def sign_in_token(desk: Desk) -> str:
    """The token of the link that was asked for last."""
    with reading(desk.engine) as session:
        nonce = session.scalars(
            select(SignInRequest.nonce).order_by(SignInRequest.id.desc()).limit(1)
        ).one()
    return link_token(desk.secret, "sign-in", nonce)


def sign_in_code(desk: Desk) -> str:
    return code_of(sign_in_token(desk))


def invitation_token(desk: Desk) -> str:
    """The token of the newest invitation."""
    with reading(desk.engine) as session:
        nonce = session.scalars(
            select(Invitation.nonce).order_by(Invitation.id.desc()).limit(1)
        ).one()
    return link_token(desk.secret, "invitation", nonce)


def address_token(desk: Desk) -> str:
    """The token of the link that was sent last to a new address."""
    with reading(desk.engine) as session:
        nonce = session.scalars(
            select(AddressChange.nonce).order_by(AddressChange.id.desc()).limit(1)
        ).one()
    return link_token(desk.secret, "address", nonce)
