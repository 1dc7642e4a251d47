"""One mail to a peer of MM4, by aiosmtplib."""

import asyncio

from aiosmtplib import SMTP, SMTPException, SMTPRecipientsRefused, SMTPResponseException

from mms.errors import PduError

_PATIENCE_S = 30  # real seconds for each answer
_UNFIT, _BAD_MAILBOX = 554, 553


async def deliver(address, hostname, sender, mailbox, build):
    """Send the mail that `build()` gives in a thread: (code of SMTP or None, text).

    None: there was no answer, so nothing is known of the mail. A mail that cannot be built has the code of a refusal.
    """
    host, _, port = address.rpartition(":")
    client = SMTP(hostname=host, port=int(port), local_hostname=hostname, start_tls=False, timeout=_PATIENCE_S)
    try:
        octets = await asyncio.to_thread(build)
        await client.connect()
        _, text = await client.sendmail(sender, [mailbox], octets)
        return 250, text
    except SMTPRecipientsRefused as refusal:
        return _known(refusal.recipients[0].code), refusal.recipients[0].message
    except SMTPResponseException as refusal:
        return _known(refusal.code), refusal.message
    except PduError as error:
        return _UNFIT, "content: %s" % error
    except ValueError as error:
        return _BAD_MAILBOX, str(error)
    except (SMTPException, OSError, asyncio.TimeoutError) as error:
        return None, str(error) or type(error).__name__
    finally:
        client.close()


def _known(code):
    return code if 400 <= code < 600 else None
