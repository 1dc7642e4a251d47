"""The headers of M-Notification.ind as one declares them with PyPI's construct: what the codec is measured against."""

from construct import (  # type: ignore[attr-defined]
    Byte,
    CString,
    GreedyBytes,
    GreedyRange,
    If,
    Mapping,
    Prefixed,
    Struct,
    Switch,
    this,
)

_TEXT = CString("utf8")
_LONG = Prefixed(Byte, GreedyBytes)
_FROM = Prefixed(Byte, Struct("token" / Byte, "address" / If(this.token == 0x80, _TEXT)))
_FORM = Mapping(Byte, {"absolute": 0x80, "relative": 0x81})
_EXPIRY = Prefixed(Byte, Struct("form" / _FORM, "seconds" / _LONG))
_VALUES = {
    0x83: _TEXT,  # X-Mms-Content-Location
    0x88: _EXPIRY,
    0x89: _FROM,
    0x8A: Byte,  # X-Mms-Message-Class
    0x8C: Byte,  # X-Mms-Message-Type
    0x8D: Byte,  # X-Mms-MMS-Version
    0x8E: _LONG,  # X-Mms-Message-Size
    0x98: _TEXT,  # X-Mms-Transaction-Id
}
HEADERS = GreedyRange(Struct("field" / Byte, "value" / Switch(this.field, _VALUES)))
