"""What people hand in to have it checked."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileSize
from wtforms import TextAreaField
from wtforms.validators import Length

from transactions.log.checking import BYTES_LIMIT


class CheckForm(FlaskForm):
    """A proof as a file or as text; checking changes nothing, so the form needs no token."""

    class Meta:
        """As FlaskForm reads it."""

        csrf = False

    file = FileField(
        _("Proof as a file"),
        [
            FileSize(
                BYTES_LIMIT, message=_("The file is larger than 256 KB: it is not a proof of one record.")
            )
        ],
    )
    text = TextAreaField(_("or as text"), [Length(max=BYTES_LIMIT)])

    def handed_in(self) -> bytes:
        """What was handed in; the file where there is one."""
        content: bytes = self.file.data.read(BYTES_LIMIT + 1) if self.file.data else b""
        return content or (self.text.data or "").strip().encode()
