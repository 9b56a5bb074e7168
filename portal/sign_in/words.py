"""Words for doors, proofs and refusals."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.sign_in.rules import Door, FactorKind, Refusal

DOORS: dict[Door, LazyString] = {
    Door.PHONE: _l("by a code to the phone"),
    Door.SLIP: _l("by a printed slip"),
    Door.WECHAT: _l("by WeChat"),
    Door.PASSKEY: _l("by passkey"),
    Door.PIN: _l("by PIN"),
}
FACTORS: dict[FactorKind, LazyString] = {
    FactorKind.PASSKEY: _l("Passkey"),
    FactorKind.APP: _l("Authenticator app"),
    FactorKind.RECOVERY: _l("Recovery codes"),
}
REFUSALS: dict[StrEnum, LazyString] = {
    Refusal.BAD_PHONE: _l("This is not a mobile number. It should have 11 digits."),
    Refusal.TOO_MANY_CODES: _l("Five codes were sent to this number. Try again in an hour."),
    Refusal.TOO_MANY_TODAY: _l("Ten codes were sent to this number today. Try again tomorrow."),
    Refusal.BUSY_ADDRESS: _l("Too many codes were asked for over this line. Try again in an hour."),
    Refusal.NO_MESSAGES_LEFT: _l("The village has used up its messages of today. Use your slip."),
    Refusal.CODE_EXPIRED: _l("This code is no longer good. Ask for a new one."),
    Refusal.NO_TRIES_LEFT: _l("The code was wrong five times. Ask for a new one."),
    Refusal.WRONG_CODE: _l("The code is not right. Look at the message again."),
    Refusal.UNKNOWN_SLIP: _l("We do not know this code. Look at the slip again."),
    Refusal.NOBODY: _l("Nobody of this village can sign in with that. Ask the committee."),
    Refusal.OLD_SLIP: _l("This slip is more than a year old. Ask the committee for a new one."),
    Refusal.TOO_MANY_SLIPS: _l("Too many unknown codes were tried. Try again in an hour."),
    Refusal.PRINTED_MEANWHILE: _l(
        "New slips were made since you opened the page; they are the ones that work now. If you do"
        " not have their file, print once more."
    ),
    Refusal.WECHAT_STATE: _l("This was not begun in this browser, or too long ago. Begin again."),
    Refusal.WECHAT_REFUSED: _l("WeChat did not confirm who you are. Try once more."),
    Refusal.WECHAT_SNAPSHOT: _l(
        "WeChat shows only a preview of this page. Choose “Use the full service” below it, then try"
        " once more."
    ),
    Refusal.WECHAT_DOWN: _l("WeChat does not answer now. Sign in by phone or slip."),
    Refusal.WECHAT_UNKNOWN: _l(
        "Your WeChat is not tied to anybody here yet. Sign in by phone or slip, then tie it under"
        " “Sign-in and security”."
    ),
    Refusal.WECHAT_TAKEN: _l(
        "This WeChat is tied to another account of the village, or your account to another WeChat."
        " Untie that one first."
    ),
    Refusal.TOO_YOUNG: _l(
        "Under 14 nobody has an account here. A guardian can take part for the family."
    ),
    Refusal.DOOR_SHUT: _l("This way in is closed. Choose another one."),
    Refusal.WRONG_FACTOR: _l("The second proof is not right. Try again."),
    Refusal.USED_FACTOR: _l("This code was used already. Wait for the next one."),
    Refusal.FACTOR_TRIES: _l("Too many wrong tries today. Ask the administrator to help you."),
    Refusal.PASSKEY_REFUSED: _l("The passkey was not accepted. Try again, or use another proof."),
    Refusal.LAST_FACTOR: _l(
        "Your post needs a second proof. Add another one before you remove this one."
    ),
    Refusal.TOO_MANY_FACTORS: _l("Ten proofs are enough. Remove one before you add another."),
    Refusal.NOT_ONES_OWN: _l(
        "Nobody takes away their own proofs like this. Somebody else has to do it."
    ),
    Refusal.BAD_PIN: _l("A PIN has four to six digits."),
    Refusal.EASY_PIN: _l("This PIN is too easy to guess. Choose another one."),
    Refusal.WRONG_PIN: _l("The PIN is not right."),
    Refusal.PIN_LOCKED: _l("The PIN was wrong five times. Sign in with a code or a slip."),
    Refusal.SHOW_FACTOR_FIRST: _l("Show your second proof first. Then you can change your proofs."),
    Refusal.OWN_DOOR_FIRST: _l(
        "You hold a post. Set up its first proof after signing in by your own phone, or by a slip"
        " for you alone; the administrator prints one."
    ),
    Refusal.NOT_BEHIND_THIS_DOOR: _l("This person cannot take a turn on this phone."),
}
