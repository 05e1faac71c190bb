"""快递100's signatures: upper-case MD5 over the parameters and a secret, in three arrangements."""

import hashlib


def _md5_upper(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest().upper()


def query_sign(param: str, key: str, customer: str) -> str:
    """For the real-time query."""
    return _md5_upper(param + key + customer)


def label_sign(param: str, t_ms: str, key: str, secret: str) -> str:
    """For label orders; `t_ms` is machine time in milliseconds."""
    return _md5_upper(param + t_ms + key + secret)


def push_sign(param: str, salt: str) -> str:
    """For what is pushed to us."""
    return _md5_upper(param + salt)
