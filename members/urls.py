"""Sign-in and accounts, and the pages that need nothing from the apps above.

Of django-allauth only what this site uses answers; each of its views gets its rule here.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.webauthn import views as passkeys
from allauth.usersessions import views as sessions
from django.urls import include, path, re_path
from django.views.decorators.vary import vary_on_cookie

from . import rules
from .access import access
from .views import account as own
from .views import (
    admitting,
    freezes,
    gallery,
    invitations,
    language,
    names,
    operations,
    own_people,
    people,
    record_tabs,
    tokens,
)
from .views import second_factor as factor
from .views import sign_in as doors

anyone = access(rules.anyone)
signed_in = access(rules.signed_in)
owner = access(rules.keeps_own_sign_in)

sign_in = [
    path("login/", anyone(account.login), name="account_login"),
    path("logout/", anyone(account.logout), name="account_logout"),
    path("inactive/", anyone(account.account_inactive), name="account_inactive"),
    path("reauthenticate/", signed_in(account.reauthenticate), name="account_reauthenticate"),
    path("sessions/", owner(sessions.list_usersessions), name="usersessions_list"),
]
passwords = [
    path("change/", owner(account.password_change), name="account_change_password"),
    # Asked for an account that there is, the view reads the session, and said so by this header.
    path("reset/", anyone(vary_on_cookie(account.password_reset)), name="account_reset_password"),
    path("reset/done/", anyone(account.password_reset_done), name="account_reset_password_done"),
    re_path(
        r"^reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        anyone(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "reset/key/done/",
        anyone(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
]
second_factor = [
    path("", owner(mfa.index), name="mfa_index"),
    path("authenticate/", anyone(mfa.authenticate), name="mfa_authenticate"),
    path("reauthenticate/", owner(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("totp/activate/", owner(factor.SetUpApp.as_view()), name="mfa_activate_totp"),
    path("totp/deactivate/", owner(factor.RemoveApp.as_view()), name="mfa_deactivate_totp"),
    path("passkeys/add/", owner(factor.AddPasskey.as_view()), name="mfa_add_webauthn"),
    path(
        "passkeys/<int:pk>/remove/",
        owner(factor.RemovePasskey.as_view()),
        name="mfa_remove_webauthn",
    ),
    path(
        "passkeys/reauthenticate/",
        owner(passkeys.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path("codes/", owner(recovery_codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "codes/generate/",
        owner(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "codes/download/",
        owner(recovery_codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
]

people_pages = [
    path("", people.people, name="people"),
    path("invite/", people.invite, name="invite"),
    path("frozen/", freezes.freezes, name="freezes"),
    path("frozen/<int:pk>/lift/", freezes.unfreeze, name="unfreeze"),
    path("<int:pk>/", people.person, name="person"),
    path("<int:pk>/roles/", people.give_role, name="give-role"),
    path("<int:pk>/roles/<int:role>/end/", people.end_role, name="end-role"),
    path("<int:pk>/active/", people.set_active, name="set-active"),
    path("<int:pk>/second-factor/", people.take_factors, name="take-factors"),
    path("<int:pk>/tokens/", people.revoke_tokens, name="revoke-tokens"),
    path("<int:pk>/sessions/", people.end_sessions, name="end-sessions"),
    path("invitations/<int:pk>/resend/", people.resend, name="resend-invitation"),
    path("invitations/<int:pk>/revoke/", people.revoke, name="revoke-invitation"),
]

RECORD = "secretariat/members/<slug:code>/"

urlpatterns = [
    path("secretariat/names/", names.names, name="names"),
    path("secretariat/members/new/", admitting.new, name="admit"),
    path(RECORD, record_tabs.membership, name="record"),
    path(f"{RECORD}names/", record_tabs.names, name="record-names"),
    path(f"{RECORD}groups/", record_tabs.groups, name="record-groups"),
    path(f"{RECORD}treaties/", record_tabs.treaties, name="record-treaties"),
    path(f"{RECORD}contacts/", record_tabs.contacts, name="record-contacts"),
    path("sign-in/", doors.sign_in, name="sign-in"),
    path("sign-in/demonstration/", doors.demonstration, name="demonstration-sign-in"),
    path("invitations/<slug:secret>/", invitations.invitation, name="invitation"),
    path("accounts/", own.account, name="account"),
    path("accounts/still-here/", own.still_here, name="still-here"),
    path("accounts/go-on/", factor.go_on, name="go-on"),
    path("accounts/people/", own_people.own_people, name="own-people"),
    path("accounts/people/<int:role>/end/", own_people.end_own, name="end-own-role"),
    path("accounts/tokens/", tokens.tokens, name="tokens"),
    path("accounts/tokens/<int:pk>/revoke/", tokens.revoke_token, name="revoke-token"),
    path("accounts/calendar/", own.calendar_key, name="calendar-key"),
    path("accounts/second-factor/totp/code.svg", own.totp_code, name="totp-code"),
    path("secretariat/people/", include(people_pages)),
    path("accounts/", include(sign_in)),
    path("accounts/password/", include(passwords)),
    path("accounts/second-factor/", include(second_factor)),
    path("secretariat/operations/", operations.operations, name="operations"),
    path("language/", language.language, name="language"),
    path("design/", gallery.gallery, name="design"),
]
