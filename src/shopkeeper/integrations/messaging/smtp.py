"""`MessageSender` for mail through an SMTP server, with the one-click way out that large mailboxes ask for (RFC 8058).

A mail said twice after a lost answer carries the same Message-ID, by which mailboxes show it once.
"""

import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Any

from shopkeeper.flows.marketing.outreach.ports import Letter, OutsideError
from shopkeeper.shared.clock import machine_now

TIMEOUT_S = 10.0
# Reply codes that say something about this one mailbox, for good.
BAD_MAILBOX = frozenset({550, 551, 553})
LINKS = frozenset({"List-Unsubscribe", "Message-ID"})


@dataclass(frozen=True, slots=True)
class SmtpAccess:
    """One server and the address we write from. `tls`: STARTTLS before anything is said."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    tls: bool = True


class LongLinks(EmailPolicy):
    """The library folds a long address by encoding it as if it were words; no mailbox follows a link like that."""

    def fold(self, name: str, value: Any) -> str:
        return f"{name}: {value}{self.linesep}" if name in LINKS else super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        return self.fold(name, value).encode("ascii") if name in LINKS else super().fold_binary(name, value)


class SmtpSender:
    """See the port. One connection per mail: providers close idle ones, and threads share nothing."""

    def __init__(self, access: SmtpAccess) -> None:
        self._access = access

    def sent_before(self, letter: Letter, on: datetime) -> str | None:
        """See the port: a mail server cannot be asked; the Message-ID keeps a second one from being shown."""
        return None

    def send(self, letter: Letter) -> str:
        """See the port."""
        access, mail = self._access, self._mail(letter)
        try:
            with smtplib.SMTP(access.host, access.port, timeout=TIMEOUT_S) as server:
                if access.tls:
                    server.starttls(context=ssl.create_default_context())
                if access.user:
                    server.login(access.user, access.password)
                server.send_message(mail, access.sender, [letter.address])
        except smtplib.SMTPRecipientsRefused as error:
            raise _of_mailbox(next(iter(error.recipients.values()), (0, b""))[0]) from None
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPSenderRefused, smtplib.SMTPNotSupportedError) as error:
            raise OutsideError("auth", f"smtp_{getattr(error, 'smtp_code', 0) or 'refused'}") from None
        except smtplib.SMTPResponseException as error:
            raise _of_message(error.smtp_code) from None
        except (smtplib.SMTPException, OSError) as error:
            raise OutsideError("transient", "connection", type(error).__name__) from None
        return str(mail["Message-ID"])

    def _mail(self, letter: Letter) -> EmailMessage:
        user, _, domain = self._access.sender.rpartition("@")
        mail = EmailMessage(LongLinks())
        mail["From"] = Address(" ".join(letter.signature.split()), user, domain)
        mail["To"] = letter.address
        mail["Subject"] = " ".join(letter.subject.split())
        mail["Date"] = format_datetime(machine_now())
        mail["Message-ID"] = f"<{letter.key}@{domain}>"
        mail["List-Unsubscribe"] = f"<{letter.opt_out_url}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        mail.set_content(letter.text)
        return mail


def _of_mailbox(code: int) -> OutsideError:
    if code in BAD_MAILBOX:
        return OutsideError("permanent", "bad_address", f"smtp {code}")
    return _of_message(code)


def _of_message(code: int) -> OutsideError:
    """4xx: later, 450 and 452 because of too much at once; 5xx: never."""
    if code in (450, 452):
        return OutsideError("throttled", f"smtp_{code}", "", 60.0)
    return OutsideError("permanent" if 500 <= code < 600 else "transient", f"smtp_{code}")
