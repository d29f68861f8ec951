"""The form of allauth for a new passkey, with the one text that a person types into it."""

from allauth.mfa.webauthn.forms import AddWebAuthnForm

from ..text import normalise


class PasskeyForm(AddWebAuthnForm):
    """The name of the device, and what the browser says of it."""

    def clean_name(self) -> str:
        return normalise(super().clean_name())
