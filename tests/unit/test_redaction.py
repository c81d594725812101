import asyncio
import json
import resource
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.endpoints.openai_chat import OpenAIChat
from bench.endpoints.redaction import Redaction
from bench.endpoints.seam import Case, Limits, Request
from bench.running.plan import Trial
from bench.running.redaction_log import NAME, logged
from bench.standards.personal_data import personal_data
from bench.strategies.candidate import Candidate, without_personal_data
from bench.strategies.direct import Direct
from bench.strategies.strategy import Question
from bench.suites.load import load
from bench.types import Exchange, Item, Message
from tests.scheduled_run import GOOD, Scheduled, ran
from tests.small_suite import item, written

ID = "11010519491231002X"  # the example of GB 11643-1999
CARD = "4111 1111 1111 1111"


def request(*contents, **given):
    turns = tuple(Message(role="user", content=each) for each in contents)
    return Request(Case("s", "i", 0, given), turns, 16)


def sent(redacted):
    return [turn.content for turn in redacted.request.messages]


# What is found


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        (f"身份证{ID}", "identity_number", ID),
        (f"身份证{ID[:6]} {ID[6:14]} {ID[14:].lower()}", "identity_number", ID),
        ("身份证110105194912310020", None, None),  # wrong check digit
        ("编号110105194913310020", None, None),  # no such month
        ("手机１３８１２３４５６７８", "mobile_number", "13812345678"),
        ("手机+86 138-1234-5678", "mobile_number", "13812345678"),
        ("电话010-62345678转123", "landline_number", "01062345678"),
        ("电话（021）12345678", "landline_number", "02112345678"),
        ("电话075512345678", "landline_number", "075512345678"),
        ("tel +86-755-1234567", "landline_number", "07551234567"),
        ("利率0.02112345678", None, None),
        ("热线400-810-8888", None, None),
        (CARD, "card_number", "4111111111111111"),
        ("4111 1111 1111 1112", None, None),
        ("Wang.Wei@QQ.com", "mail_address", "wang.wei@qq.com"),
        ("护照E12345678。", "passport_number", "E12345678"),
        ("EA1234567", "passport_number", "EA1234567"),
        ("EI1234567", None, None),  # I and O are never used
        ("护照号码：x1234567", "passport_number", "X1234567"),
        ("国办发〔2019〕5号，2019-05-01", None, None),
    ],
)
def test_every_kind_is_found_however_it_is_written(text, kind, number):
    found = [(each.kind, each.number) for each in personal_data(text)]
    assert found == ([] if kind is None else [(kind, number)])


def test_of_what_overlaps_the_whole_is_taken():
    (found,) = personal_data("写信到13812345678@163.com")
    assert found.kind == "mail_address"


@pytest.mark.parametrize("piece", ["0", "a", "1 ", "86-", "护照 ", "0755", "E1", "1@", "(010)"])
def test_finding_takes_linear_time(piece):
    start = time.perf_counter()
    personal_data(piece * 60_000)
    assert time.perf_counter() - start < 2


# What leaves


def test_one_number_has_one_placeholder_in_all_messages_and_in_the_input():
    asked = request(
        f"张三，{ID}，手机13812345678", f"又：138 1234 5678，李四 13912345678；{ID}",
        note={"phone": 13812345678, "also": [f"证件{ID}"], "n": 7}, served=True,
    )  # fmt: skip
    told = Redaction().of(asked)
    assert sent(told) == [
        "张三，〔身份证号1〕，手机〔手机号1〕",
        "又：〔手机号1〕，李四 〔手机号2〕；〔身份证号1〕",
    ]
    assert told.request.case.input == {
        "note": {"phone": "〔手机号1〕", "also": ["证件〔身份证号1〕"], "n": 7},
        "served": True,
    }
    assert [(each.kind, each.placeholder, each.count) for each in told.changes] == [
        ("identity_number", "〔身份证号1〕", 2),
        ("mobile_number", "〔手机号1〕", 2),
        ("mobile_number", "〔手机号2〕", 1),
    ]
    assert ID not in repr(told.request)
    assert ID not in repr(told.changes)


def test_a_request_without_personal_data_leaves_as_it_is():
    asked = request("营收 1,234.56 万元", year=2019)
    told = Redaction().of(asked)
    assert told.request is asked
    assert told.changes == ()
    assert told.restored("〔手机号1〕") == "〔手机号1〕"


def test_a_placeholder_that_stands_in_the_text_already_is_not_given_again():
    told = Redaction().of(request("〔手机号1〕是谁？13812345678"))
    assert sent(told) == ["〔手机号1〕是谁？〔手机号2〕"]
    assert told.restored("〔手机号1〕与〔手机号2〕") == "〔手机号1〕与13812345678"


@pytest.mark.parametrize(
    "written_as", ["〔手机号1〕", "[手机号1]", "【手机号1】", "（手机号1）", "〔 手机号1 〕"]
)
def test_replies_get_back_what_was_meant_whatever_brackets_they_write(written_as):
    told = Redaction().of(request("致电138-1234-5678"))
    assert told.restored(f"请拨打{written_as}。") == "请拨打138-1234-5678。"
    assert told.restored("手机号1和〔手机号11〕") == "手机号1和〔手机号11〕"


def test_patterns_of_ones_own_replace_their_group_alone():
    own = Redaction({"病历号": r"病历号[:：](\d{8})", "工号": r"GH-\d+"})
    told = own.of(request("病历号：12345678，工号GH-77，住院12345678"))
    assert sent(told) == ["病历号：〔病历号1〕，工号〔工号1〕，住院12345678"]
    assert [each.kind for each in told.changes] == ["病历号", "工号"]
    assert told.restored("〔病历号1〕 〔工号1〕") == "12345678 GH-77"


NUMBERS = [ID, "13812345678", "010-62345678", CARD, "wang@qq.com", "E12345678"]


@given(
    st.lists(st.one_of(st.sampled_from(NUMBERS), st.text("张三，。 a", max_size=5)), max_size=12)
)
def test_no_number_leaves_and_every_one_comes_back(parts):
    text = "；".join(parts)
    told = Redaction().of(request(text, field=text))
    (content,) = sent(told)
    assert not [each for each in NUMBERS if each in content]
    assert told.restored(content) == text
    assert told.request.case.input == {"field": content}


# In a run


def asked_by(candidate, suite, item, folder, reply):
    seen = []

    async def ask(request):
        seen.append(request)
        return Exchange(text=reply)

    with logged([Trial(suite, candidate, item, 3)], folder) as trials:
        (trial,) = trials
        strategy = trial.candidate.strategy
        answer = asyncio.run(strategy.answer(Question(suite, item, 3), ask))
    return seen, answer


def test_a_run_logs_placeholders_and_counts_and_never_the_originals(tmp_path):
    suite = load(str(written(tmp_path / "s")))
    item = Item(id="i1", cluster="c", input={"question": f"who is {ID}?"})
    far = OpenAIChat(base_url="https://api.example.com/v1", model="m")
    plain = Candidate("a", "a", "openai", far, "direct", Direct())
    (guarded,) = without_personal_data([plain], Redaction(), everywhere=True)
    (tmp_path / NAME).write_text('{"torn', encoding="utf-8")
    seen, answer = asked_by(guarded, suite, item, tmp_path, "it is 〔身份证号1〕")
    assert ID not in repr(seen)
    assert answer.text == f"it is {ID}"
    log = (tmp_path / NAME).read_text(encoding="utf-8")
    assert [json.loads(line) for line in log.splitlines()] == [
        {"suite": "small", "candidate": "a", "item": "i1", "repeat": 3, "kind": "identity_number", "placeholder": "〔身份证号1〕", "count": 1}
    ]  # fmt: skip
    assert ID not in log
    assert (tmp_path / NAME).stat().st_mode & 0o077 == 0


def test_what_cannot_be_logged_is_not_sent_and_stays_owed(tmp_path):
    """The log takes five hundred bytes more."""
    items = [item(n) | {"input": {"question": f"who is {ID}?"}} for n in range(9)]
    suite = load(str(written(tmp_path / "s", items)))
    endpoint = Scheduled.of(lambda *_: GOOD, limits=Limits(concurrency=1))
    plain = Candidate("c0", "c0", "scheduled", endpoint, "direct", Direct())
    (guarded,) = without_personal_data([plain], Redaction(), everywhere=True)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    path = tmp_path / NAME
    path.write_bytes(bytes(9_999) + b"\n")
    with logged([Trial(suite, guarded, suite.items[0], 0)], tmp_path) as [trial]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (10_500, before[1]))
        try:
            told = ran(suite, tmp_path, endpoint, strategy=trial.candidate.strategy)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
    ended, found, _ = told
    assert ended.journal_error == f"{path}: cannot be written: File too large; free some space"
    assert {each.state for each in found.values()} == {"answered"}
    assert 0 < len(found) == endpoint.asked.total() < 9
    log = path.read_bytes()[10_000:]
    assert log.count(b"\n") == len(log.splitlines()) == len(found)


def test_redaction_is_part_of_what_a_candidate_is_and_only_for_those_who_send(tmp_path):
    far = OpenAIChat(base_url="https://api.example.com/v1", model="m")
    asking = OpenAIChat(base_url="https://api.example.com/v1", model="m", redact=True)
    plain, own = (Candidate("a", "a", "openai", each, "direct", Direct()) for each in (far, asking))
    identity = plain.identity()
    assert (
        own.identity() == identity
    )  # who is asked is the same; what is done to the question is told apart
    guarded = without_personal_data([plain, own], Redaction({"工号": "GH"}), everywhere=False)
    assert guarded[0] is plain
    assert guarded[1].identity() == identity | {"redact": {"version": "1", "own": {"工号": "GH"}}}


def test_a_list_of_thousands_of_numbers_is_replaced_in_a_moment():
    numbers = [f"1380{number:07d}" for number in range(4_000)]
    started = time.process_time()
    told = Redaction().of(request("，".join(numbers)))
    assert [each.placeholder for each in told.changes][-1] == "〔手机号4000〕"
    assert time.process_time() - started < 3  # 10 s where every name is sought anew


def test_kinds_whose_names_run_into_each_other_have_placeholders_of_their_own():
    own = Redaction({"手机号1": "[A-Z]{3}"})
    numbers = [f"1380000{number:04d}" for number in range(11)]
    told = own.of(request("，".join(["ABC", *numbers])))
    names = [each.placeholder for each in told.changes]
    assert len(set(names)) == 12
    assert told.restored("".join(names)) == "".join(["ABC", *numbers])


@pytest.mark.parametrize(
    "form",
    ["〔手机号1〕", "〔手机号 1〕", "「手机号1」", "<手机号1>", "{ 手机号1 }", "【手机号1】"],
)
def test_a_placeholder_comes_back_in_whatever_brackets_a_model_writes_it(form):
    asked = Request(
        Case("s", "i", 0, {}), (Message(role="user", content="请回拨13800138000。"),), 16
    )
    redacted = Redaction().of(asked)
    assert "13800138000" not in redacted.request.messages[0].content
    assert redacted.restored(f"请回拨{form}。") == "请回拨13800138000。"
