"""The codec is as fast as promised, beside others on the same machine; `make bench` has all figures."""

import pytest

from tools.bench import __main__ as bench
from tools.bench import inside


def test_a_pdu_of_100_kb_is_decoded_20_times_as_fast_as_by_python_messaging():
    theirs = bench.messaging()
    if not theirs:
        pytest.skip("needs python-messaging")
    octets = inside.retrieval()
    ours = inside.microseconds(lambda: inside.parse_whole(octets), 10)
    assert inside.parse_whole(octets) == inside.PICTURE
    assert theirs["parse-retrieval"][0] >= bench.FASTER * ours
