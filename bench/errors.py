"""What can go wrong, named by the boundary at which it went wrong.

    BenchError
    ├── UserError              exit 2: something the user wrote or owns; one line says where, what, what to do
    │   ├── SuiteError         a suite, its items, its templates
    │   ├── EndpointFileError  an endpoint file, a candidate's name, a key that is not set
    │   ├── RunFolderError     a run's folder: absent, of another run, read-only, disk full
    │   └── GateError          nothing that a gate could compare: another baseline, other candidates, other rules
    └── RequestFailure         one attempt at one request did not bring a reply; typed, counted, perhaps retried

A `RequestFailure` never ends a run: the runner turns it into a failed answer. Everything else that is
raised is a bug of ours and keeps its traceback.
"""

from typing import Literal

FailureKind = Literal[
    "transport",  # no connection, reset, DNS
    "timeout",  # the attempt's total deadline passed
    "rate_limited",  # 429
    "server",  # 5xx
    "auth",  # 401, 403
    "quota_empty",  # 402: the account has no money left
    "bad_request",  # any other 3xx and 4xx
    "context_too_long",  # the prompt is longer than the model bears
    "malformed",  # a reply that is not what the protocol says
    "no_text",  # a whole reply, paid for, that holds no text: tool calls, null
    "no_answer",  # a recording or a baseline has nothing for this item
    "internal",  # foreign or our own code raised while answering
]

RETRYABLE: frozenset[FailureKind] = frozenset(
    {"transport", "timeout", "rate_limited", "server", "malformed"},
)


class BenchError(Exception):
    """The root of everything this package raises on purpose."""


class UserError(BenchError):
    """A mistake that the user can mend; its text is the one line to print."""


class SuiteError(UserError):
    """A suite, an item or a template is not what it should be."""


class EndpointFileError(UserError):
    """An endpoint file or a candidate's name is not what it should be."""


class RunFolderError(UserError):
    """A run's folder cannot be written, read or continued."""


class GateError(UserError):
    """A run and its baseline have nothing in common that could be compared."""


class RequestFailure(BenchError):  # noqa: N818  # it becomes data: a trial's failure
    """One attempt that brought no reply.

    `retry_after_s` is what the server asked for, in seconds, when it asked. `spent_tokens` are the input and output
    tokens that the vendor counted although what came is of no use.
    """

    def __init__(
        self,
        kind: FailureKind,
        message: str,
        *,
        retry_after_s: float | None = None,
        spent_tokens: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(message)
        self.kind: FailureKind = kind
        self.message = message
        self.retry_after_s = retry_after_s
        self.spent_tokens = spent_tokens

    @property
    def is_retryable(self) -> bool:
        """Whether asking again may help."""
        return self.kind in RETRYABLE
