"""How often somebody may ask, counted in this process."""

from math import ceil
from time import time

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

DEFAULT_RATE = "60000/minute"
"""More than one person needs and a server answers in passing; it stops a program that runs wild."""
FAILED_SIGN_INS = parse("30/minute")
"""Wrong keys from one address."""


class TooMany(Exception):
    """More requests came than the rate allows; the next is welcome after `seconds`."""

    def __init__(self, sentence: str, seconds: int) -> None:
        super().__init__(sentence)
        self.seconds = seconds


class Limits:
    """Counts requests by who sends them, in windows that begin with the first of them.

    `rate` is a number and a unit of time, such as 600/minute. Raises `ValueError` for any other text.
    """

    def __init__(self, rate: str = DEFAULT_RATE) -> None:
        self._rate = parse(rate)
        self._counter = FixedWindowRateLimiter(MemoryStorage())

    def asked(self, who: str) -> None:
        """Somebody asks. Raises `TooMany`."""
        self._take(self._rate, f"at most {self._rate} requests a key", "asked", who)

    def failed(self, address: str) -> None:
        """A wrong key came from an address. Raises `TooMany`."""
        self._take(FAILED_SIGN_INS, f"at most {FAILED_SIGN_INS} wrong keys an address", "failed", address)

    def may_sign_in(self, address: str) -> None:
        """Raises `TooMany` if too many wrong keys came from an address."""
        if not self._counter.test(FAILED_SIGN_INS, "failed", address):
            raise self._refusal(FAILED_SIGN_INS, "too many wrong keys came from this address", "failed", address)

    def _take(self, rate: RateLimitItem, sentence: str, *who: str) -> None:
        if not self._counter.hit(rate, *who):
            raise self._refusal(rate, sentence, *who)

    def _refusal(self, rate: RateLimitItem, sentence: str, *who: str) -> TooMany:
        seconds = max(1, ceil(self._counter.get_window_stats(rate, *who).reset_time - time()))
        return TooMany(f"{sentence}; try again in {seconds} s", seconds)
