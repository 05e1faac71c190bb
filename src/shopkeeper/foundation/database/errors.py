"""What can go wrong with the database server, each as one clear line in both languages."""

from shopkeeper.shared.words import T


class DatabaseTrouble(Exception):
    """The database cannot be had; `words` say what happened, why, and what to do now."""

    def __init__(self, words: T) -> None:
        super().__init__(words.text("en"))
        self.words = words


class DiskFull(DatabaseTrouble):
    def __init__(self, folder: object) -> None:
        super().__init__(
            T(
                "磁盘已满：{folder} 所在的磁盘没有空间了。腾出空间后再启动，数据不会丢。",
                "Disk full: no space is left on the disk of {folder}. "
                "Free some space and start again; no data is lost.",
            ).format(folder=folder)
        )


class FolderNotWritable(DatabaseTrouble):
    def __init__(self, folder: object) -> None:
        super().__init__(
            T(
                "数据目录 {folder} 不能写入。请改它的权限，或用 SHOPKEEPER_VAR 指定别的目录。",
                "The data folder {folder} cannot be written. "
                "Change its rights, or name another folder in SHOPKEEPER_VAR.",
            ).format(folder=folder)
        )


class AlreadyRunning(DatabaseTrouble):
    def __init__(self, folder: object) -> None:
        super().__init__(
            T(
                "数据目录 {folder} 已有一个掌柜在运行。请先停掉它，或用 SHOPKEEPER_VAR 指定别的目录。",
                "Another Shopkeeper is already running on the data folder {folder}. "
                "Stop it first, or name another folder in SHOPKEEPER_VAR.",
            ).format(folder=folder)
        )


class SocketPathTooLong(DatabaseTrouble):
    def __init__(self, folder: object, limit: int) -> None:
        super().__init__(
            T(
                "套接字目录太长（最多 {limit} 字节）：{folder}。请换一个路径更短的目录。",
                "The socket folder's path is too long (at most {limit} bytes): {folder}. "
                "Use a folder with a shorter path.",
            ).format(folder=folder, limit=limit)
        )


class ServerDidNotStart(DatabaseTrouble):
    def __init__(self, reason: str, log: object) -> None:
        super().__init__(
            T(
                "数据库没有启动：{reason}。详情见 {log}。",
                "The database did not start: {reason}. Details are in {log}.",
            ).format(reason=reason, log=log)
        )


class Unreachable(DatabaseTrouble):
    def __init__(self, address: str, reason: str) -> None:
        super().__init__(
            T(
                "连不上数据库 {address}：{reason}。请确认它在运行，并检查 DATABASE_URL。",
                "The database {address} cannot be reached: {reason}. Check that it is running, and DATABASE_URL.",
            ).format(address=address, reason=reason)
        )
