"""Guess a million sign-in codes against the house's own rule: ``python -m bench.codes``.

The guesser is as clever as the policy lets anybody be: they ask for every code that the limits of a
day allow for one number, never guess the same twice, and use up every try. What opens is judged by
`portal.sign_in.rules.why_not_pass`, the rule that the pages ask; how many codes there are by the
limits that `portal.sign_in.caps` counts by. Printed: how often a day of guessing opened, and the
exact chance, 1 - (1 - tries / codes)^codes a day.
"""

import argparse
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from portal.sign_in import caps, rules

MIDNIGHT = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Policy:
    """What the house allows; the defaults are its own."""

    digits: int = 6
    tries: int = rules.CODE_TRIES
    per_hour: int = caps.CODES_PER_HOUR.count
    per_day: int = caps.CODES_PER_DAY.count


@dataclass(frozen=True)
class Found:
    """What guessing brought. A day is one number's; `most_in_a_day` counts judged guesses."""

    days: int
    guesses: int
    days_opened: int
    most_in_a_day: int


def exact(policy: Policy) -> float:
    """Return the chance that one day of guessing at one number opens it."""
    return float(1 - (1 - policy.tries / 10**policy.digits) ** policy.per_day)


def simulate(policy: Policy, *, days: int, seed: int) -> Found:
    """Guess for so many days, each at a number of its own."""
    draw = random.Random(seed)
    guesses = opened = most = 0
    for _ in range(days):
        judged, is_open = _guess_for_a_day(policy, draw)
        guesses, opened, most = guesses + judged, opened + is_open, max(most, judged)
    return Found(days, guesses, opened, most)


def _guess_for_a_day(policy: Policy, draw: random.Random) -> tuple[int, bool]:
    judged, is_open, asked = 0, False, 0
    for hour in range(24):
        for _ in range(min(policy.per_hour, policy.per_day - asked)):
            asked += 1
            now = MIDNIGHT + timedelta(hours=hour)
            count, is_right = _guess_at_one(policy, draw, now=now)
            judged, is_open = judged + count, is_open or is_right
    return judged, is_open


def _guess_at_one(policy: Policy, draw: random.Random, *, now: datetime) -> tuple[int, bool]:
    """Guess at one code until the rule says that no try is left; go on after a hit, to count."""
    code = draw.randrange(10**policy.digits)
    judged, is_open = 0, False
    for guess in draw.sample(range(10**policy.digits), policy.tries + 3):
        verdict = rules.why_not_pass(
            now=now,
            expires_at=rules.code_expires_at(now),
            tries=judged,
            is_right=guess == code,
        )
        if verdict is rules.Refusal.NO_TRIES_LEFT:
            break
        judged += 1
        is_open = is_open or verdict is None
    return judged, is_open


def main() -> None:
    """Run it whole and print the figures."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--guesses", type=int, default=1_000_000)
    asked.add_argument("--seed", type=int, default=20261121)
    said = asked.parse_args()
    policy = Policy()
    a_day = policy.per_day * policy.tries
    found = simulate(policy, days=-(-said.guesses // a_day), seed=said.seed)
    rate, one_code = found.days_opened / found.days, policy.tries / 10**policy.digits
    print(f"policy    {policy}")
    print(f"guesses   {found.guesses} in {found.days} days, at most {found.most_in_a_day} a day")
    print(f"opened    {found.days_opened} days of {found.days}: {rate:.1e} a day")
    print(f"allowed   {exact(policy):.6e} a day and number ({one_code:.1e} for one code)")
    print(f"expected  {found.days * exact(policy):.3f} days of {found.days}")


if __name__ == "__main__":
    main()
