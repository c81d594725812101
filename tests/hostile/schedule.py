"""What every fault comes to: the state of its trial and how many requests it takes, reasoned from what is promised.

Whoever answers late, broken or not at all is asked again, `MAX_ATTEMPTS` times in all; whoever refuses, redirects or
answers, however oddly, is asked once.
"""

from dataclasses import dataclass
from hashlib import sha256

MAX_ATTEMPTS = 3
RIGHT, FIRST = "{right}", "{first}"
"""In a text: the right answer of the item, and its first letter."""


@dataclass(frozen=True)
class Row:
    """`fault` ends as `state`, or as a failure of `kind`; `text` is what is kept of the answer.

    `estimated` says whether tokens are counted here because the server does not tell them.
    """

    fault: str
    state: str
    requests: int = 1
    kind: str | None = None
    text: str = RIGHT
    estimated: bool = False


def answered(fault, text=RIGHT, **more):
    return Row(fault, "answered", text=text, **more)


def once(fault, kind):
    """Asking again would bring the same."""
    return Row(fault, "failed", 1, kind, "")


def again(fault, kind):
    """It may pass, so it is asked again until the attempts are used up."""
    return Row(fault, "failed", MAX_ATTEMPTS, kind, "")


ROWS = (
    # answers, however odd
    answered("ok"),
    answered("slow2"),  # two seconds late and within the deadline
    answered("bom"),
    answered("gzip_ok"),  # packed though nobody asked for it
    answered("text_plain_json"),
    answered("dup_headers"),
    answered("close_after"),
    answered("hdr_inject"),  # markup in a header that nobody reads
    answered("early_100"),
    answered("list_content"),  # text in parts
    answered("two_choices"),  # the one of index 0
    answered("other_model"),
    answered("unknown_finish"),
    answered("null_finish"),
    answered("no_usage", estimated=True),
    answered("null_usage", estimated=True),
    answered("neg_usage", estimated=True),
    answered("xss", RIGHT + " <script>window.__pwned=1</script><img src=x onerror=window.__pwned=1>"),
    answered("refusal_text", "I'm sorry, but I can't help with that request."),  # a scorer's to judge
    answered("space_content", " \n\t "),
    answered("empty_content", ""),  # said nothing, and was paid for it
    # answers that a limit or a policy cut
    Row("length", "truncated", text=FIRST),
    Row("reasoning_only", "truncated", text=""),
    Row("content_filter", "refused", text=""),
    Row("content_filter_text", "refused", text=FIRST),
    Row("refusal", "refused", text="I can't help with that."),
    Row("400_filter", "refused", text=""),
    # a whole reply without text: it is paid for, and the next one will be no other
    once("tool_calls", "no_text"),
    once("null_content", "no_text"),
    # refusals of the request
    *(once(fault, "bad_request") for fault in ("400", "404", "413", "422")),
    once("400_context", "context_too_long"),
    # redirects, which are not followed
    *(once(f"{status}_other_port", "bad_request") for status in (301, 302, 307)),
    *(once(fault, "bad_request") for fault in ("307_other_host", "307_loop", "307_file")),
    # too many requests, whatever the server says about when to come back
    *(again(fault, "rate_limited") for fault in ("429", "429_s1", "429_s3", "429_ms")),
    *(again(fault, "rate_limited") for fault in ("429_date2", "429_past")),
    *(again(fault, "rate_limited") for fault in ("429_neg", "429_junk", "429_nan")),
    once("429_huge", "rate_limited"),  # three years are not waited for
    # the server's trouble
    *(again(fault, "server") for fault in ("500", "501", "502", "503", "504", "529")),
    *(again(fault, "server") for fault in ("502_html", "503_ra", "500_empty", "500_huge")),
    again("200_error_body", "server"),  # an error with HTTP 200
    again("408", "timeout"),
    again("409", "transport"),
    # no whole reply came
    *(again(fault, "timeout") for fault in ("hang_before", "hang_after_headers", "drip")),
    *(again(fault, "transport") for fault in ("rst_before", "fin_before", "rst_mid")),
    *(again(fault, "transport") for fault in ("short_body", "trunc_chunked", "bad_chunk")),
    again("not_http", "transport"),
    again("many_headers", "transport"),  # 300 kB of headers
    # a whole reply that is not what the protocol says
    *(again(fault, "malformed") for fault in ("200_html", "200_empty", "200_null", "204")),
    *(again(fault, "malformed") for fault in ("200_list", "200_string", "bad_json", "json_nan")),
    *(again(fault, "malformed") for fault in ("dup_keys", "deep_json", "wrong_schema")),
    *(again(fault, "malformed") for fault in ("empty_choices", "choices_null", "null_message")),
    *(again(fault, "malformed") for fault in ("int_content", "surrogate", "bad_utf8", "utf16")),
    # bodies that are capped before they are unpacked or read
    *(again(fault, "malformed") for fault in ("huge50", "endless", "gzip_bomb", "gzip_bad")),
    # server-sent events, to those who asked for them and to those who did not
    answered("sse_keepalive", estimated=True),
    answered("sse_split", estimated=True),
    answered("sse_no_done", estimated=True),  # its finish came
    answered("sse_usage_tail"),
    again("sse_error_event", "server"),
    again("sse_trunc", "transport"),
    again("sse_rst", "transport"),
    again("sse_bad_json", "malformed"),
    again("sse_stall", "timeout"),
    again("sse_endless", "timeout"),
)  # fmt: skip

CLOSING = {
    "401": "auth",
    "401_echo_key": "auth",
    "403": "auth",
    "402": "quota_empty",
    "429_quota": "quota_empty",
}
"""Faults after which an endpoint is asked nothing more in this run, and the failure that says why."""

STREAMED_WITHOUT_USAGE = frozenset({"ok", "slow2", "early_100"})
"""Faults that answer in pieces when they are asked to; such a stream tells no tokens."""


def right_answer(item):
    """What the server answers to an item, computed as it documents."""
    digest = sha256(item.encode()).digest()
    return "ABCD"[digest[0] % 4] + " " + str(int.from_bytes(digest[1:3], "big") % 1000)


def text_of(row, item):
    """The text that is kept of an item."""
    right = right_answer(item)
    return row.text.replace(RIGHT, right).replace(FIRST, right[:1])


def then_well(row):
    """The same row where the server is well from the second request on, if there is one."""
    return row if row.requests == 1 else Row(row.fault, "answered", 2)
