"""Commands of the inbox."""

import base64

import click
from cryptography.hazmat.primitives.asymmetric import ec


@click.command("make-push-key")
def make_push_key() -> None:
    """Print a new key for web push, to be kept as PORTAL_PUSH_PRIVATE_KEY.

    Whoever changes it lets every browser that was allowed so far fall silent.
    """
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    print(base64.urlsafe_b64encode(number.to_bytes(32, "big")).rstrip(b"=").decode())
