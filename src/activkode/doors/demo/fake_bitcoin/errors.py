"""The fake node's errors, with Bitcoin Core's codes (rpc/protocol.h)."""

METHOD_NOT_FOUND, WARMING_UP = -32601, -28
MISC, NOT_FOUND, INVALID_PARAMETER, DECODE_FAILED = -1, -5, -8, -22
VERIFY_ERROR, VERIFY_REJECTED, IN_CHAIN = -25, -26, -27


class CoreError(Exception):
    """An error object of JSON-RPC."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message
