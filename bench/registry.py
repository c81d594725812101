"""A name in YAML becomes a component: first the explicit tables below, then installed entry points.

A line of a table is `name: module:class`; the module is imported when the name is first used, so that
listing names costs nothing.
"""

import difflib
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from bench.errors import UserError


def did_you_mean(name: str, known: list[str]) -> str:
    """`; did you mean 'x'?` or the list of what there is."""
    close = difflib.get_close_matches(name, known, n=1)
    if close:
        return f"; did you mean '{close[0]}'?"
    return f"; known: {', '.join(sorted(known))}" if known else ""


class Table:
    """The components of one kind."""

    def __init__(self, kind: str, group: str, built_in: Mapping[str, str]) -> None:
        self.kind = kind
        self.group = group
        self.built_in = built_in

    def names(self) -> list[str]:
        """Every name, those of installed packages included."""
        return sorted({*self.built_in, *(entry.name for entry in self._entry_points())})

    def load(self, name: str) -> Any:
        """The component class called `name`. Raises UserError with a suggestion when there is none."""
        if name in self.built_in:
            module, _, attribute = self.built_in[name].partition(":")
            return getattr(import_module(module), attribute)
        for entry in self._entry_points():
            if entry.name == name:
                return entry.load()
        raise UserError(f"no {self.kind} is called '{name}'{did_you_mean(name, self.names())}")

    def _entry_points(self) -> Any:
        from importlib.metadata import entry_points  # 20 ms, and only for names of other packages

        return entry_points(group=self.group)


SCORERS = Table(
    "scorer",
    "bench.scorers",
    {
        "exact": "bench.scoring.exact:Exact",
        "label": "bench.scoring.labels:Label",
        "ordinal": "bench.scoring.labels:Ordinal",
        "number": "bench.scoring.numbers:NumberAnswer",
        "spans": "bench.scoring.spans:Spans",
        "evidence": "bench.scoring.evidence:Evidence",
        "abstention": "bench.scoring.abstention:Abstention",
        "forbidden": "bench.scoring.forbidden:Forbidden",
        "traps": "bench.scoring.traps:Traps",
        "facts": "bench.scoring.facts:FactCoverage",
        "grounding": "bench.scoring.grounding:Grounding",
        "official_document": "bench.scoring.documents:OfficialDocument",
        "json_fields": "bench.scoring.structure:JsonFields",
        "rouge": "bench.scoring.overlap:Rouge",
        "length": "bench.scoring.length:Length",
        "confidence": "bench.scoring.confidence:Confidence",
        "economy": "bench.scoring.economy:Economy",
        "readability": "bench.scoring.readability:Readability",
        "vital_signs": "bench.scoring.vital_signs:VitalSigns",
    },
)

ADAPTERS = Table(
    "adapter",
    "bench.adapters",
    {
        "openai": "bench.endpoints.openai_chat:OpenAIChat",
        "llamacpp": "bench.endpoints.llamacpp:LlamaCpp",
        "baseline": "bench.endpoints.baseline:Baseline",
        "replay": "bench.endpoints.replay:Replay",
        "none_public": "bench.endpoints.none_public:NonePublic",
        "anthropic": "bench.endpoints.anthropic:Anthropic",
        "responses": "bench.endpoints.responses:Responses",
        "completions": "bench.endpoints.completions:Completions",
        "vllm": "bench.endpoints.vllm:Vllm",
        "ollama": "bench.endpoints.ollama:Ollama",
        "http": "bench.endpoints.http_template:HttpTemplate",
        "command": "bench.endpoints.command:Command",
        "spark_ws": "bench.endpoints.wires.spark_ws:SparkWs",
        "baidu_v1": "bench.endpoints.wires.baidu_v1:BaiduV1",
        "tencent_tc3": "bench.endpoints.wires.tencent_tc3:TencentTc3",
        "dashscope": "bench.endpoints.wires.dashscope:DashScope",
        "pangu_v1": "bench.endpoints.wires.pangu_v1:PanguV1",
        "sensenova": "bench.endpoints.wires.sensenova:SenseNova",
        "zhipu_v3": "bench.endpoints.wires.zhipu:ZhipuV3",
        "zhipu_jwt": "bench.endpoints.wires.zhipu:ZhipuJwt",
        "skywork": "bench.endpoints.wires.skywork:Skywork",
        "vivo": "bench.endpoints.wires.vivo:Vivo",
        "baichuan": "bench.endpoints.wires.baichuan:Baichuan",
    },
)

BASELINES = Table(
    "baseline method",
    "bench.baselines",
    {
        "table_lookup": "bench.endpoints.baselines.finance:TableLookup",
        "document_template": "bench.endpoints.baselines.documents:DocumentTemplate",
        "triage_rules": "bench.endpoints.baselines.triage:TriageRules",
        "extractive_summary": "bench.endpoints.baselines.summary:ExtractiveSummary",
    },
)

STRATEGIES = Table(
    "strategy",
    "bench.strategies",
    {
        "direct": "bench.strategies.direct:Direct",
        "few_shot": "bench.strategies.few_shot:FewShot",
    },
)

MUTATIONS = Table(
    "mutation",
    "bench.mutations",
    {
        "change_number": "bench.checking.mutations.numbers:ChangeNumber",
        "drop_fact": "bench.checking.mutations.texts:DropFact",
        "replace": "bench.checking.mutations.texts:Replace",
        "insert": "bench.checking.mutations.texts:Insert",
        "remove_field": "bench.checking.mutations.texts:RemoveField",
        "other_label": "bench.checking.mutations.labels:OtherLabel",
        "state_trap": "bench.checking.mutations.texts:StateTrap",
    },
)
