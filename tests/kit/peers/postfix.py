"""Postfix as a mail server between the lab's own: its processes, queue and mailboxes in a folder of its own.

It runs as root, as Postfix wants: its daemons give that up by themselves.
"""

import asyncio
import os
import pathlib
import pwd
import shutil
import socket
import tempfile

import pytest

from tests.kit.programs import need, stop, until

_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
daemon_directory = /usr/lib/postfix/sbin
command_directory = /usr/sbin
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
myhostname = {domain}
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtpd_relay_restrictions = permit_mynetworks, reject
smtp_dns_support_level = disabled
smtp_tls_security_level = none
smtpd_tls_security_level = none
alias_maps =
local_recipient_maps =
biff = no
notify_classes =
message_size_limit = 2000000
relay_domains = {relayed}
transport_maps = inline:{{ {transports} }}
virtual_mailbox_domains = {domain}
virtual_mailbox_base = {folder}/boxes
virtual_mailbox_maps = inline:{{ {boxes} }}
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
"""
_MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Postfix:
    """A mail server for `domain`, with mailboxes for `names` there; `routes` are {domain: HOST:PORT} of others.

    `address` is HOST:PORT where it listens, `log()` what it says: `async with Postfix(...) as postfix`.
    """

    def __init__(self, domain, names=(), routes=None):
        self._program = need("postfix")
        if os.geteuid():
            pytest.skip("Postfix wants root")
        self._domain, self._names, self._routes = domain, names, routes or {}
        self._port = _free_port()
        self.address = "127.0.0.1:%d" % self._port

    async def __aenter__(self):
        self._folder = pathlib.Path(tempfile.mkdtemp(prefix="postfix-"))  # pytest's own folders are closed to daemons
        self._folder.chmod(0o755)
        user = pwd.getpwnam("postfix")
        for name in ("queue", "data", "boxes", "conf"):
            (self._folder / name).mkdir()
        for name in ("data", "boxes"):
            os.chown(self._folder / name, user.pw_uid, user.pw_gid)
        ways = ["{%s=smtp:[%s]:%s}" % (name, *place.split(":")) for name, place in self._routes.items()]
        rows = {
            "folder": self._folder, "domain": self._domain, "uid": user.pw_uid, "gid": user.pw_gid, "port": self._port,
            "relayed": " ".join(self._routes), "transports": ", ".join(ways),
            "boxes": ", ".join("{%s@%s=%s/}" % (name, self._domain, name) for name in self._names),
        }  # fmt: skip
        (self._folder / "conf/main.cf").write_text(_MAIN.format(**rows))
        (self._folder / "conf/master.cf").write_text(_MASTER.format(**rows))
        self._process = await asyncio.create_subprocess_exec(
            self._program, "-c", str(self._folder / "conf"), "start-fg", stdin=-3, stdout=-3, stderr=-3,
            start_new_session=True,
        )  # fmt: skip
        await until(self._listens, 20)
        return self

    def _listens(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self._port)) == 0

    async def __aexit__(self, *error):
        command = self._program, "-c", str(self._folder / "conf"), "stop"
        process = await asyncio.create_subprocess_exec(*command, stdin=-3, stdout=-3, stderr=-3)
        await process.wait()  # its daemons end with it
        await stop(self._process)
        shutil.rmtree(self._folder)

    def log(self):
        """What it has said."""
        return (self._folder / "log").read_text()

    def mails(self, name):
        """The octets of the mails in a mailbox, as they came: names of one second are in the order of their inodes."""
        found = (self._folder / "boxes" / name / "new").glob("*")
        return [path.read_bytes() for path in sorted(found, key=lambda path: path.stat().st_mtime_ns)]
