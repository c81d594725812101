import jsonschema
import pytest
import yaml

from bench.cli.file_schemas import file_schemas
from bench.endpoints.baseline import Baseline
from bench.endpoints.openai_chat import OpenAIChat
from bench.endpoints.replay import Replay
from bench.endpoints.seam import DataPlace
from bench.errors import EndpointFileError
from bench.running.data_policy import DataPolicy, load_policy, place_of, refusals, unused_proxy
from bench.running.manifest import manifest
from bench.running.plan import plan
from bench.running.policy_file import DEFAULT, PolicyFile, Rule
from bench.strategies.candidate import Candidate
from bench.strategies.direct import Direct
from bench.suites.load import load
from tests.small_suite import written

FAR = "https://api.example.com/v1"
WORDS = {"text": {"zh": "规则", "en": "a rule"}, "source": "a law"}


def endpoint(base_url=FAR, **told):
    return OpenAIChat(base_url=base_url, model="m", **told)


def candidate(name, asked):
    return Candidate(name, name, "openai", asked, "direct", Direct())


def suite(folder, data_class, name="small"):
    return load(
        str(written(folder, change=lambda told: told.update(suite=name, data_class=data_class)))
    )


def rule(**asked):
    return Rule(rule="r", **asked, **WORDS)


def policy(**classes):
    told = {"public": (), "internal": (), "confidential": (), **classes}
    return DataPolicy(PolicyFile(policy="own", classes=told))


# Rules


@pytest.mark.parametrize(
    ("asked", "place", "met"),
    [
        ({"residency": "stated"}, {"residency": "US"}, True),
        ({"residency": "stated"}, {}, False),
        ({"residency": "stated"}, {"residency": "unknown"}, False),
        ({"residency": ["here", "CN"]}, {"residency": "cn"}, True),
        ({"residency": ["here", "CN"]}, {"residency": "US"}, False),
        ({"residency": ["here", "unknown"]}, {"residency": "unknown"}, False),
        ({"deployment": ["private", "edge"]}, {"deployment": "edge"}, True),
        ({"deployment": ["private", "edge"]}, {}, False),
        ({"licence": "stated"}, {"licence": "Apache-2.0"}, True),
        ({"licence": "stated"}, {}, False),
        ({"licence": ["Apache-2.0"]}, {"licence": "MIT"}, False),
        ({"licence_not": ["research only"]}, {"licence": "MIT"}, True),
        ({"licence_not": ["research only"]}, {"licence": "Research only"}, False),
        ({"licence_not": ["research only"]}, {}, False),
        ({"weights": ["open"]}, {"weights": "open"}, True),
        ({"weights": ["open", "closed"]}, {}, False),
        ({"filed": "yes"}, {"filed": "yes"}, True),
        ({"filed": "yes"}, {"filed": "no"}, False),
        ({"filed": "yes"}, {}, False),
        ({"filed": "yes", "residency": ["CN"]}, {"filed": "yes", "residency": "US"}, False),
    ],
)
def test_a_rule_is_met_by_what_is_known_and_matches_and_never_by_what_is_unknown(asked, place, met):
    assert rule(**asked).is_met(DataPlace(**place)) is met


@pytest.mark.parametrize(
    ("data_class", "place", "refusing"),
    [
        ("public", {}, None),
        ("internal", {}, "residency-stated"),
        ("internal", {"residency": "US"}, None),
        ("confidential", {"residency": "CN"}, "private-or-edge"),
        ("confidential", {"deployment": "private"}, None),
        ("confidential", {"deployment": "edge"}, None),
    ],
)
def test_the_default_lets_public_data_go_anywhere_and_keeps_confidential_data_inside(
    data_class, place, refusing
):
    found = load_policy().refusing(data_class, endpoint(data=DataPlace(**place)))
    assert (found.rule if found else None) == refusing


def test_whoever_sends_nothing_away_passes_every_rule(tmp_path):
    nobody = policy(confidential=(rule(residency=["nowhere"]),))
    silent = [Baseline(), Replay(file=str(tmp_path / "a.jsonl"))]
    assert [nobody.refusing("confidential", each) for each in silent] == [None, None]
    assert nobody.refusing("confidential", endpoint("http://127.0.0.1:1/v1")).rule == "r"


@pytest.mark.parametrize(
    ("base_url", "is_here"),
    [
        ("http://127.0.0.1:8000/v1", True),
        ("http://127.9.9.9/v1", True),
        ("http://[::1]:8000/v1", True),
        ("http://localhost:8000/v1", True),
        ("http://LOCALHOST./v1", True),
        ("http://vllm.localhost/v1", True),
        ("http://localhost.example.com/v1", False),
        ("http://notlocalhost/v1", False),
        ("http://127.0.0.1.example.com/v1", False),
        ("http://10.0.0.1/v1", False),
        ("http://0.0.0.0/v1", False),
        ("http://2130706433/v1", False),  # 127.0.0.1 to some resolvers; nothing is resolved
        (FAR, False),
    ],
)
def test_only_a_loopback_address_is_here_when_nothing_is_written(base_url, is_here):
    place = place_of(endpoint(base_url))
    assert (place.residency, place.deployment) == (
        ("here", "edge") if is_here else ("unknown", "public")
    )


def test_what_is_written_of_a_loopback_address_is_never_overridden():
    relay = DataPlace(deployment="public")
    assert place_of(endpoint("http://127.0.0.1:4000", data=relay)) == relay
    unknown = DataPlace(residency="unknown")
    assert place_of(endpoint("http://127.0.0.1:4000", data=unknown)) == unknown
    licensed = DataPlace(licence="MIT")
    found = place_of(endpoint("http://127.0.0.1:4000", data=licensed))
    assert (found.residency, found.licence) == ("here", "MIT")


def test_a_loopback_address_behind_a_proxy_is_not_here():
    proxied = endpoint("http://127.0.0.1:4000", proxy="http://proxy.example:3128")
    assert place_of(proxied).residency == "unknown"


# The file


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda told: told["classes"].pop("internal"), ": classes: 'internal' is missing"),
        (
            lambda told: told["classes"]["confidential"][0].update(residencey="CN"),
            "classes.confidential.0.residencey: unknown key; did you mean 'residency'?",
        ),
        (
            lambda told: told["classes"]["confidential"][0].pop("deployment"),
            "the rule 'private-or-edge' asks for nothing",
        ),
        (
            lambda told: told["classes"]["internal"][0].update(residency="CN"),
            "classes.internal.0.residency: input should be 'stated'",
        ),
        (lambda told: told["classes"]["internal"][0].update(weights=[]), "at least 1 item"),
        (lambda told: told["classes"]["internal"][0].pop("source"), "'source' is missing"),
        (
            lambda told: told.update(redact={"病历号": "("}),
            "redact: '病历号' is no regular expression",
        ),
        (lambda told: told.update(redact={"病历号": "x*"}), "finds the empty text"),
        (lambda told: told.update(redact={"病历号": "(a)(b)"}), "has 2 groups"),
        (lambda told: told.update(redact={"no1": "a"}), "is no name of a kind"),
        (lambda told: told.update(redact={"手机号": "a"}), "is found already"),
    ],
)
def test_a_mistake_in_a_policy_is_told_with_its_place(tmp_path, change, said):
    told = yaml.safe_load(DEFAULT.read_text(encoding="utf-8"))
    change(told)
    path = tmp_path / "policy.yaml"
    path.write_text(yaml.safe_dump(told, allow_unicode=True, sort_keys=False), encoding="utf-8")
    with pytest.raises(EndpointFileError) as caught:
        load_policy(path)
    assert str(caught.value).startswith(f"{path}:")
    assert said in str(caught.value)


def test_the_packaged_policy_holds_its_own_schema():
    schema = file_schemas()["policy"]
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(yaml.safe_load(DEFAULT.read_text(encoding="utf-8")), schema)


def test_a_comment_changes_no_digest_and_a_rule_does(tmp_path):
    path = tmp_path / "policy.yaml"
    path.write_text("# ours\n" + DEFAULT.read_text(encoding="utf-8"), encoding="utf-8")
    assert load_policy(path).digest == load_policy().digest
    text = DEFAULT.read_text(encoding="utf-8").replace("[private, edge]", "[edge]")
    path.write_text(text, encoding="utf-8")
    assert load_policy(path).digest != load_policy().digest


# The plan


def test_refused_pairs_are_no_trials_and_their_keys_are_not_looked_for(tmp_path, monkeypatch):
    monkeypatch.delenv("NO_SUCH_KEY", raising=False)
    open_suite = suite(tmp_path / "a", "public", "open")
    secret = suite(tmp_path / "b", "confidential", "secret")
    cloud = candidate("cloud", endpoint())
    keyless = candidate("keyless", endpoint(api_key_env="NO_SUCH_KEY"))
    desk = candidate("desk", endpoint("http://127.0.0.1:9"))
    made = plan([open_suite, secret], [cloud, desk], policy=load_policy(), repeats=2, limit=5)
    asked = [(trial.suite.name, trial.candidate.name) for trial in made.trials()]
    assert set(asked) == {("open", "cloud"), ("open", "desk"), ("secret", "desk")}
    assert made.count() == len(asked) == 30
    assert [(each.suite, each.candidate) for each in made.work()] == list(dict.fromkeys(asked))
    assert [(each.suite, each.candidate, each.rule) for each in made.refused] == [
        ("secret", "cloud", "private-or-edge")
    ]
    barred = plan([secret], [keyless, desk], policy=load_policy())
    assert [each.name for each in barred.asked()] == ["desk"]
    with pytest.raises(EndpointFileError, match="NO_SUCH_KEY"):
        plan([open_suite], [keyless, desk], policy=load_policy())


def test_another_policy_that_asks_others_is_another_run(tmp_path):
    secret = suite(tmp_path, "confidential")
    both = [candidate("cloud", endpoint()), candidate("desk", endpoint("http://127.0.0.1:9"))]

    def made(found):
        return manifest(plan([secret], both, policy=found), "run", None, None)

    strict, lax, none = made(load_policy()), made(policy()), made(None)
    worded = made(policy(confidential=(rule(deployment=["edge"]),)))
    assert lax.differences(strict) == [
        "candidate 'cloud' on suite 'small' was asked then, is refused now (data policy 'default', rule 'private-or-edge')"
    ]
    assert none.differences(strict) == lax.differences(strict)
    assert strict.differences(lax) == [
        "candidate 'cloud' on suite 'small' is asked now, was refused then (data policy 'default', rule 'private-or-edge')"
    ]
    assert strict.differences(worded) == []
    assert strict.repriced(worded).data_policy == worded.data_policy
    assert strict.candidates["desk"].data["residency"] == "here"


def test_a_refusal_names_the_first_rule_that_is_not_met(tmp_path):
    secret = suite(tmp_path, "internal")
    strict = policy(
        internal=(rule(residency="stated"), rule(filed="yes").model_copy(update={"rule": "second"}))
    )
    place = DataPlace(residency="CN")
    (refused,) = refusals(strict, [secret], [candidate("a", endpoint(data=place))])
    assert (refused.rule, refused.text.zh, refused.source) == ("second", "规则", "a law")


# Proxies


@pytest.mark.parametrize(
    ("asked", "environment", "is_told"),
    [
        (endpoint(), {"HTTPS_PROXY": "http://p:1"}, True),
        (endpoint(), {"https_proxy": "http://p:1"}, True),
        (endpoint(), {"HTTPS_PROXY": ""}, False),
        (endpoint(), {"NO_PROXY": "*"}, False),
        (endpoint("http://127.0.0.1:1"), {"HTTPS_PROXY": "http://p:1"}, False),
        (endpoint(proxy="http://own.example:3128"), {"HTTPS_PROXY": "http://p:1"}, False),
        (Baseline(), {"HTTPS_PROXY": "http://p:1"}, False),
    ],
)
def test_a_proxy_of_the_environment_that_is_not_used_is_said(asked, environment, is_told):
    line = unused_proxy([candidate("a", asked)], environment)
    assert (line is not None) is is_told
    assert line is None or ("is set and not used for a;" in line and "p:1" not in line)
