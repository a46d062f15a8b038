"""The command that sends one mail now, to see whether mail goes out at all."""

import secrets
import smtplib

import click

from consult import clock
from consult.actions.person_lines import is_address
from consult.app import create_app
from consult.cli.deployment import opened, settings
from consult.mail.message import MailContent, letter, open_transport


@click.command()
@click.argument("address")
def mail_test(address: str) -> None:
    """Send a test mail to ADDRESS at once, the way notices go; say what the server answered."""
    if not is_address(address):
        raise click.UsageError(f"{address} is no e-mail address")
    found = settings()
    with opened(found) as desk:
        app = create_app(found, clock.now, desk.engine)
        with app.app_context():
            message = letter(
                MailContent(
                    subject="Consult: test of the mail settings",
                    text=f"This mail shows that {found.public_url} can send.\n",
                    html=f"<p>This mail shows that {found.public_url} can send.</p>",
                    headers={"Auto-Submitted": "auto-generated"},
                ),
                ("Consult", found.mail_sender),
                ("", address),
                key=secrets.token_hex(16),
                at=clock.now(),
            )
            try:
                with open_transport(app, found).connect() as line:
                    line.send(message)
            except (OSError, smtplib.SMTPException) as refused:
                said = " ".join(str(refused).split())[:300]
                raise click.ClickException(f"The mail did not go out: {said}") from None
    where = found.mailbox if found.mail == "maildir" else found.mail_server
    click.echo(f"Handed over to {where}.")
