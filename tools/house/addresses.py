"""No file of the project names a host it need not name: no package host, no content network, no registry."""

import re

from tools.house.tree import files, named

ADDRESS = re.compile(rb"https?://(?:[^\s/@\"'<>]*@)?(\[[0-9a-f:]+\]|[^\s/:\"'<>)\]}`\\?#,]*)", re.IGNORECASE)
KNOWN = {
    "127.0.0.1",
    "localhost",
    "testserver",
    "0.0.0.0",  # noqa: S104 a word in a list
    "[::1]",
    "www.w3.org",  # the name of SVG's namespace
    "json-schema.org",  # the name of a schema's dialect
    "api.kuaidi100.com",  # the courier service's gateway
    "poll.kuaidi100.com",
    "eco.taobao.com",  # the platform's gateway
    "gw.api.taobao.com",
    "dysmsapi.aliyuncs.com",  # the text message provider's gateway
    "oapi.dingtalk.com",  # the team robots' gateways
    "qyapi.weixin.qq.com",
    "open.feishu.cn",
}
RESERVED = (".test", ".example", ".invalid", ".localhost", "example.com", "example.cn", "example.org")


def problems() -> list[str]:
    found = []
    for path in files():
        content = path.read_bytes()
        if b"\0" in content[:4096]:
            continue
        for match in ADDRESS.finditer(content):
            host = match.group(1).decode(errors="replace")
            if not host or "{" in host or "%" in host or host in KNOWN or host.endswith(RESERVED):
                continue
            line = content.count(b"\n", 0, match.start()) + 1
            found.append(f"{named(path, line)}: {host}")
    return found
