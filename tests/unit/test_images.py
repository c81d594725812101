import base64
import json

import pytest

from bench.endpoints.image_parts import data_url
from bench.endpoints.openai_chat import OpenAIChat
from bench.endpoints.quirks import Quirks
from bench.endpoints.seam import Case, Request
from bench.endpoints.shaping import shaped
from bench.endpoints.tokens import IMAGE_TOKENS, message_tokens
from bench.errors import EndpointFileError, SuiteError
from bench.files.images import MAX_BYTES, image_digest, image_problem, media_type, read_image
from bench.running.cache import request_key
from bench.running.plan import plan
from bench.strategies.candidate import Candidate
from bench.strategies.direct import Direct
from bench.strategies.few_shot import FewShot
from bench.strategies.strategy import Question
from bench.suites.load import load
from bench.types import Message
from tests.documented_wires import asked, png, png_url
from tests.small_suite import item, written
from tests.stub_server import StubServer


@pytest.mark.parametrize(
    ("head", "kind"),
    [(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"), (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"), (b"RIFF\x24\0\0\0WEBPVP8 ", "image/webp"),
     (b"GIF89a\1\0\1\0\0\0\0\0\0\0", None), (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", None), (b"RIFF\x24\0\0\0WAVEfmt ", None), (b"", None)],
)  # fmt: skip
def test_an_image_is_known_by_its_first_bytes(head, kind):
    """https://mimesniff.spec.whatwg.org/#image-type-pattern-matching-algorithm."""
    assert media_type(head) == kind


def suite_with(folder, name="a.png", raw=None, fields=("picture",), **more):
    folder.mkdir(parents=True, exist_ok=True)
    if raw is not None:
        (folder / "a.png").write_bytes(raw)
    items = [item(n) for n in range(3)]
    for each in items:
        each["input"] |= {"picture": name} | more

    def change(told):
        told["prompt"]["images"] = list(fields)
        del told["examples"]

    return load(str(written(folder, items, change)))


def question(suite):
    return Question(suite, suite.items[0])


def test_a_prompt_shows_the_files_that_an_items_fields_name(tmp_path):
    suite = suite_with(tmp_path, raw=png())
    system, user = question(suite).messages()
    assert system.images == ()
    assert user.images == (str(tmp_path / "a.png"),)


def test_a_field_may_name_several_or_hold_the_image_itself(tmp_path):
    suite = suite_with(tmp_path, ["a.png", png_url()], png())
    assert question(suite).messages()[-1].images == (str(tmp_path / "a.png"), png_url())


def test_an_example_shows_its_own_image(tmp_path):
    (tmp_path / "e.png").write_bytes(png(2, 2))
    (tmp_path / "a.png").write_bytes(png())
    items = [item(n) for n in range(3)]
    for each in items:
        each["input"]["picture"] = "a.png"
    told = [{"id": "e", "input": {"question": "?", "picture": "e.png"}, "answer": "2"}]
    path = written(tmp_path, items, lambda suite: suite["prompt"].update(images=["picture"]))
    (tmp_path / "examples.yaml").write_text(json.dumps(told))
    (request,) = FewShot(k=1).planned(question(load(str(path))))
    shown = [turn.images for turn in request.messages if turn.role == "user"]
    assert shown == [(str(tmp_path / "e.png"),), (str(tmp_path / "a.png"),)]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("gone.png", "No such file"),
        ("suite.yaml", "not a JPEG, PNG or WebP image"),
        ("../outside.png", "lies outside the suite's folder"),
        ("/etc/hostname", "lies outside the suite's folder"),
        ("link.png", "lies outside the suite's folder"),
        ("data:image/gif;base64,R0lGODlh", "a data URL that is not of the form"),
        ("data:image/png;base64,R0lGODlh", "not a JPEG, PNG or WebP image"),
        ("data:image/png;base64,abc", "base64 is broken"),
        (7, "is no file name"),
        ("", "is no file name"),
        ("a\0.png", "is no file name"),
    ],
)
def test_what_cannot_be_shown_is_told_when_the_suite_is_read(tmp_path, name, said):
    (tmp_path / "outside.png").write_bytes(png())
    folder = tmp_path / "suite"
    folder.mkdir()
    (folder / "link.png").symlink_to(tmp_path / "outside.png")
    with pytest.raises(SuiteError, match=said):
        suite_with(folder, name)


def test_a_field_that_is_not_there_is_told(tmp_path):
    with pytest.raises(SuiteError, match="the input has no field 'scan'"):
        suite_with(tmp_path, raw=png(), fields=("scan",))


def test_an_image_that_is_too_large_is_told_and_never_read_whole(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(png() + bytes(MAX_BYTES))
    assert image_problem(str(path)) == "5.0 MiB; 5 MiB at most"
    with pytest.raises(ValueError, match="5 MiB at most"):
        read_image(str(path))


def test_an_image_is_known_by_its_bytes_wherever_it_lies(tmp_path):
    paths = [tmp_path / name for name in ("a.png", "b.png", "c.png")]
    for path, raw in zip(paths, (png(), png(), png(2, 2)), strict=True):
        path.write_bytes(raw)
    told = [image_digest(str(path)) for path in paths]
    assert told[0] == told[1] == image_digest(png_url()) != told[2]


def test_a_cached_reply_serves_no_other_image_and_text_keeps_its_keys(tmp_path):
    def key(*images):
        turn = Message(role="user", content="?", images=images)
        return request_key(b"", Request(Case("s", "i", 0, {}), (turn,), 8))

    path = tmp_path / "a.png"
    path.write_bytes(png())
    before = key(str(path))
    assert before == key(png_url()) != key()
    path.write_bytes(png(2, 2))
    assert key(str(path)) != before


def test_another_image_under_the_same_name_makes_another_suite(tmp_path):
    one = suite_with(tmp_path, raw=png()).digests
    other = suite_with(tmp_path, raw=png(2, 2)).digests
    assert {name for name in one if one[name] != other[name]} == {"images"}


def test_the_chat_wire_carries_images_as_parts(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(png())
    shown = Message(role="user", content="How many?", images=(str(path), png_url()))
    with StubServer() as server:
        chat = OpenAIChat(base_url=server.url, model="m", quirks=Quirks(images=True))
        asked(chat, Request(Case("s", "i", 0, {}), (shown,), 8))
    part = {"type": "image_url", "image_url": {"url": png_url()}}
    assert server.requests[0]["messages"] == [
        {"role": "user", "content": [{"type": "text", "text": "How many?"}, part, part]}
    ]


def test_a_file_becomes_the_data_url_of_its_bytes(tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(b"\xff\xd8\xff\xe0 and so on")
    encoded = base64.b64encode(path.read_bytes()).decode()
    assert data_url(str(path)) == f"data:image/jpeg;base64,{encoded}"


def test_neighbours_that_are_joined_keep_their_images():
    turns = [Message(role="user", content=name, images=(name,)) for name in "ab"]
    (joined,) = shaped(tuple(turns), Quirks(alternate=True))
    assert joined.images == ("a", "b")
    told = (Message(role="system", content="s"), turns[0])
    (folded,) = shaped(told, Quirks(system="fold"))
    assert folded.images == ("a",)


def test_an_image_is_counted_before_it_is_paid():
    turn = Message(role="user", content="?")
    seen = turn.model_copy(update={"images": (png_url(),)})
    assert message_tokens(seen) == message_tokens(turn) + IMAGE_TOKENS


def candidate(**quirks):
    chat = OpenAIChat(base_url="http://127.0.0.1:9/v1", model="m", quirks=Quirks(**quirks))
    return Candidate("chat", "chat", "openai", chat, "direct", Direct())


def test_an_endpoint_that_sees_nothing_is_refused_before_anything_is_sent(tmp_path):
    suite = suite_with(tmp_path, raw=png())
    with pytest.raises(EndpointFileError, match="'chat' on suite 'small': the prompt shows images and this endpoint takes none"):  # fmt: skip
        plan([suite], [candidate()])
    assert plan([suite], [candidate(images=True)]).count() == 3
