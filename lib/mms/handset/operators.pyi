"""The types of operators.py: a Profile has no method that could declare its attributes."""

from mms.link.url import Url

class Profile:
    code: str
    settings: dict
    name: str
    apn: str
    user: str
    password: str
    auth: str
    mmsc: Url
    wsp: bool
    proxy: tuple[str, int] | None
    octets: int
    receives: int
    hosts: list[str]
    appends: bool
    answers_there: bool
    answers_twice: bool
    headers: list[tuple[str, str]]

def make_profile(settings: dict, code: str, model: str | None = ...) -> Profile: ...
def find_profile(settings: dict, home: str) -> Profile: ...
def trusts(profile: Profile, host: str) -> bool: ...
