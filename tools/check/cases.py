"""Writes docs/cases.md, the test cases of campaigns, from tools/campaign/cases."""

from tools.campaign.cases.catalogue import cases
from tools.programs import ROOT

FILE = ROOT / "docs/cases.md"
_GROUPS = {  # by the order in which a campaign is best begun
    "network": "Networks",
    "service": "Packet service",
    "sms": "Short messages",
    "mms": "Multimedia messages",
    "reports": "Reports, and messages that wait",
    "prices": "Prices",
}
_OPTIONS = {"mms-mail": ("to",), "forward": ("forward_to",)}  # keys of every case that these have a use for
_HEAD = """# Test cases
A campaign makes attempts of these cases, whose names its file has under `[[cases]]`. They follow the catalogues of
GSMA IR.53 (multimedia messages) and IR.35 (packet service of roamers) as far as a handset's console can see them;
conformance is not claimed, and none of them has met a real network. This page is made from `tools/campaign/cases` by
`python -m tools.check.cases`; assets/campaigns/cases.toml is a plan with each of them.

MO is the probe that sends, MT the one that receives. Cases that cost something send one message to one recipient
(`sms-long` three short messages, `forward` a second message); abroad MT may pay for what it retrieves, too. Attempts of
such cases end when the campaign's `budget` is spent.
"""
_TAIL = """
## Travelling
The key `travels` in a row of `[[cases]]` names the probes that go to each network of `[[networks]]`:

| `travels` | MO is on | MT is on | so a message goes |
|---|---|---|---|
| `"mo"`, the usual one | the network | its home network, or `mt_network` | from a visited network to home |
| `"mt"` | its home network | the network | from home to a visited network |
| `"both"` | the network | the network | from one visitor to another |

`mo` and `mt` name probes where not any will do: a recipient of another operator, for one.

## Sizes and contents
The size of a case is that of the whole message as the handset encodes it, in kB of 1,000 octets; `octets` in its row
is another one. A text is sent, since every board can send one without files and camera; long ones go to the handset in
pieces (`more`). They are as large as wanted within 2 %; the note `octets` in the journal has the exact number.

Each message has a subject that no other has. MT's text is compared with MO's: the whole of a short message and of a
text up to 2,000 octets; of a longer one the SHA-256 by `probe digest`, and on a board without `probe` the first 2,000
octets and their number. The note `compared` says which. A message that differs fails with the step `content`. Copies
are counted once the campaign's `guard_s` is over.

## Refusals and steering
`refused` is for networks with `expect = "refused"`, where no other case is tried. MO has to name the cause; afterwards
it has to find a network by itself, or, where it is carried home, its home network. A SIM that was refused with causes
3, 6 or 7 is served nowhere until the power is cut: such networks spoil everything that follows.

`steering` compares the network that MO has by itself with the one that it gets by hand, and notes `steered`.
A time of registration is noted as worthless (`already`) where MO was on the network before and could not leave it.

## Price
`price` is not possible where the operator tells no bill: a real one tells none to a handset, the lab's does. It wants a
`date` in `[campaign]` for which assets/tariffs.toml has prices.

## At the end
After each attempt, also one that failed or ran out of time, the network is chosen by the modem again, settings are as
they were, and the attempt's messages are deleted on both handsets, with late ones of other campaigns. Texts of the
operator stay. A thing that cannot be put back is a note `left`; where the probe was lost, it is put back when the probe
is there again, before anything else.
"""


def text():
    """docs/cases.md."""
    rows = [_HEAD]
    for group, title in _GROUPS.items():
        rows.append("\n## %s\n| case | passes when | probes | limit | costs | options | source |\n" % title)
        rows.append("|---|---|---|---|---|---|---|\n")
        rows += [_row(case) for case in cases().values() if case.group == group]
    return "".join(rows) + _TAIL


def _row(case):
    """A row of the table; raises KeyError for a case of no group."""
    probes = " and ".join(role.upper() for role in case.roles)
    options = ", ".join("`%s`" % key for key in (*case.options, *_OPTIONS.get(case.name, ())))
    told = (case.name, case.about, probes, "%d s" % case.timeout_s, "yes" if case.costs else "", options, case.source)
    return "| `%s` | %s | %s | %s | %s | %s | %s |\n" % told


if __name__ == "__main__":
    FILE.write_text(text(), "utf-8")
