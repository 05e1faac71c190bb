"""A mail server that speaks enough SMTP to be written to: takes mails, refuses mailboxes, loses answers on demand."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from email import message_from_bytes, policy

from shopkeeper.simulator.sandboxes.misbehaviour import Faults
from shopkeeper.simulator.sandboxes.world import World

LINE_S = 30.0
MAX_MAIL = 1024 * 1024
Say = Callable[[str], Awaitable[None]]


class MailSandbox:
    """Every mail taken is in the ledger, kind `mail`, by its Message-ID; dead mailboxes are set through control."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.port = 0
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def set_mailbox(self, form: dict[str, object]) -> dict[str, object]:
        """A mailbox (`address`) that refuses mail for good, or takes it again (`dead` false)."""
        address = str(form["address"]).lower()
        self.world.store.put("mailbox", address, {"dead": bool(form.get("dead", True))})
        return {"address": address, "dead": bool(form.get("dead", True))}

    async def open(self, host: str, port: int) -> None:
        """Listen; port 0 takes a free one."""
        self._server = await asyncio.start_server(self._accept, host, port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Stop listening and drop what is open."""
        if self._server is not None:
            self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            with suppress(ConnectionError, TimeoutError, asyncio.IncompleteReadError):
                await self._talk(reader, writer)
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def say(line: str) -> None:
            writer.write(f"{line}\r\n".encode())
            await writer.drain()

        recipients: list[str] = []
        faults = Faults({})
        await say("220 sandbox ESMTP")
        while line := (await asyncio.wait_for(reader.readline(), LINE_S)).decode("utf-8", "replace").strip():
            verb = line.split(" ", 1)[0].upper()
            if verb in ("EHLO", "HELO"):
                await say("250 sandbox")
            elif verb == "MAIL":
                recipients = []
                await say("250 OK")
            elif verb == "RCPT":
                address = line.partition("<")[2].partition(">")[0].lower()
                faults = self.world.misbehaviour.faults("mail", "", address)
                if faults.has("cut"):
                    return
                refusal = self._refusal(address, faults)
                recipients += [] if refusal else [address]
                await say(refusal or "250 OK")
            elif verb == "DATA":
                await say("354 go ahead")
                body = await self._body(reader)
                self._take(recipients, body, faults)
                if faults.has("lost_answer"):
                    return
                await say("250 taken")
            else:
                await say("250 OK" if verb in ("RSET", "NOOP") else "221 bye" if verb == "QUIT" else "502 unknown")
                if verb == "QUIT":
                    return

    def _refusal(self, address: str, faults: Faults) -> str:
        """Why this mailbox takes nothing now; empty where it does."""
        if faults.has("down") or faults.has("server_error"):
            return "451 try again later"
        if faults.has("throttle"):
            return "450 too many messages"
        box = self.world.store.get("mailbox", address)
        return "550 5.1.1 no such user" if box and box["dead"] else ""

    async def _body(self, reader: asyncio.StreamReader) -> bytes:
        body = bytearray()
        while (line := await asyncio.wait_for(reader.readline(), LINE_S)) not in (b".\r\n", b""):
            body += line[1:] if line.startswith(b"..") else line
            if len(body) > MAX_MAIL:
                raise ConnectionError("the mail is too large")
        return bytes(body)

    def _take(self, recipients: list[str], body: bytes, faults: Faults) -> None:
        mail = message_from_bytes(body, policy=policy.default)
        content = mail.get_body(("plain",))
        for address in recipients:
            self.world.note(
                "mail",
                f"{mail['Message-ID']}|{address}",
                to=address,
                subject=str(mail["Subject"]),
                sender=str(mail["From"]),
                text=content.get_content() if content is not None else "",
                unsubscribe=str(mail["List-Unsubscribe"] or "").strip("<>"),
                answer_lost=faults.has("lost_answer"),
            )
        self.world.store.flush()
