"""Hypothesis strategies for every kind of token and for keys."""

from __future__ import annotations

from hypothesis import strategies as st

from pos_app.sts.amounts import LARGEST_CURRENCY, LARGEST_UNITS
from pos_app.sts.keys import DecoderKey
from pos_app.sts.tokens import (
    ClearCredit,
    ClearTamper,
    CreditToken,
    CurrencyCreditToken,
    ExtendedRead,
    ExtendedSet,
    KeyChangeFirst,
    KeyChangeFourth,
    KeyChangeSecond,
    KeyChangeSgc,
    KeyChangeThird,
    MaxPowerLimit,
    MeterTestToken,
    PhaseUnbalance,
    ProprietaryToken,
    TariffRate,
    WaterMeterFactor,
)

SHORT_KEYS = st.binary(min_size=8, max_size=8).map(DecoderKey)
LONG_KEYS = st.binary(min_size=16, max_size=16).map(DecoderKey)
RND = st.integers(0, 15)
TIDS = st.integers(0, 0xFFFFFF)
WORDS = st.integers(0, 0xFFFF)
UNITS = st.integers(0, LARGEST_UNITS)
KEY_WORDS = st.integers(0, 0xFFFFFFFF)
SGC = st.integers(0, 999_999).map("{:06d}".format)

CREDITS = st.builds(CreditToken, st.integers(0, 3), UNITS, TIDS, RND)
ENCRYPTED = st.one_of(
    CREDITS,
    st.builds(
        CurrencyCreditToken,
        st.integers(4, 7),
        st.integers(-LARGEST_CURRENCY, LARGEST_CURRENCY),
        TIDS,
    ),
    st.builds(MaxPowerLimit, UNITS, TIDS, RND),
    st.builds(PhaseUnbalance, UNITS, TIDS, RND),
    st.builds(ClearCredit, WORDS, TIDS, RND),
    st.builds(ClearTamper, TIDS, RND),
    st.builds(TariffRate, WORDS, TIDS, RND),
    st.builds(WaterMeterFactor, WORDS, TIDS, RND),
    st.builds(ExtendedSet, WORDS, TIDS, RND),
    st.builds(
        KeyChangeFirst,
        RND,
        st.integers(1, 9),
        st.integers(0, 1),
        st.integers(0, 1),
        st.integers(0, 3),
        KEY_WORDS,
    ),
    st.builds(KeyChangeSecond, RND, st.integers(0, 99), KEY_WORDS),
    st.builds(KeyChangeFourth, st.integers(0, 0xFFF), KEY_WORDS),
    st.builds(ProprietaryToken, st.just(2), st.integers(11, 15), st.integers(0, (1 << 44) - 1)),
)
ONLY_SHORT = st.builds(KeyChangeSgc, SGC)
ONLY_LONG = st.builds(KeyChangeThird, st.integers(0, 0xFFF), KEY_WORDS)
CLEAR = st.one_of(
    st.builds(MeterTestToken, st.just(0), st.integers(0, (1 << 36) - 1), st.integers(0, 99)),
    st.builds(MeterTestToken, st.just(1), st.integers(0, (1 << 28) - 1), st.integers(0, 9999)),
    st.builds(ExtendedRead, st.integers(0, (1 << 36) - 1)),
    st.builds(ProprietaryToken, st.just(1), st.integers(6, 15), st.integers(0, (1 << 44) - 1)),
)
