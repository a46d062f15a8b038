"""The form by which a person is named: what every such form asks."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, SelectChoice, SelectField, StringField
from wtforms.validators import Email, InputRequired

from consult.web.forms import at_most, plain_text
from consult.wording import LANGUAGES


class PersonForm(FlaskForm):
    """Who it is, where mail goes, and in which language."""

    name = StringField(
        _l("Name"),
        validators=[InputRequired(_l("Write the name")), at_most(200), plain_text],
        render_kw={"autocomplete": "off"},
    )
    address = EmailField(
        _l("E-mail"),
        validators=[
            InputRequired(_l("Write the e-mail address")),
            at_most(254),
            Email(_l("Write an e-mail address, such as name@mission.example")),
        ],
        render_kw={"autocomplete": "off"},
    )
    language = SelectField(
        _l("Language of the mail"), choices=[SelectChoice(*pair) for pair in LANGUAGES.items()]
    )
