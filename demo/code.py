"""`python -m demo.code`: the second factor's present code, for whoever has no authenticator at hand."""

import pyotp

from demo.cast import SECOND_FACTOR


def main() -> None:
    """Print the code; it is the same for the whole cast and holds for up to thirty seconds."""
    print(pyotp.TOTP(SECOND_FACTOR).now())


if __name__ == "__main__":
    main()
