"""One endpoint asked by the file: look for what is under way, hand over what is owed, wait, collect."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from bench.endpoints.batch import BatchService, open_batches
from bench.endpoints.batch_lines import Result
from bench.endpoints.batch_object import Batch
from bench.errors import FailureKind, RequestFailure
from bench.running.attempts import FATAL
from bench.running.batches.batching import Shared
from bench.running.batches.clerk import BatchClerk
from bench.running.batches.file import Submission
from bench.running.plan import Trial
from bench.types import Answer

_GROWTH, _LONGEST = 1.5, 30
_PATIENCE = 20
"""Looks at a batch that fail one after the other until the run is left; the batch goes on."""
_NOTICE_S = 0.1
"""How soon a pause notices that the run is ended."""
_T = TypeVar("_T")
_PERHAPS_MADE: frozenset[FailureKind] = frozenset({"transport", "timeout", "server", "malformed"})


@dataclass(slots=True)
class BatchDesk:
    """`owed` maps custom ids to the trials of one endpoint that have no answer yet."""

    name: str
    owed: dict[str, Trial]
    shared: Shared
    clerk: BatchClerk = field(init=False)
    service: BatchService = field(init=False)
    _misses: int = 0
    _told: dict[str, str] = field(default_factory=dict)
    _given_up: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        endpoint = next(iter(self.owed.values())).candidate.endpoint
        self.clerk = BatchClerk(endpoint, self.shared.cache)

    async def work(self) -> None:
        """All of it. Raises JournalError and RunFolderError; what a vendor does is told in `closed`."""
        began = time.monotonic()
        wait_s = self.shared.how.wait_s
        try:
            async with open_batches(self.clerk.endpoint) as self.service:
                await self._find_unrecorded()
                self._commit_live()
                await self._look_at_all()
                if self.name not in self.shared.closed:
                    await self._hand_over_all()
                pause_s = self.shared.how.poll_s
                while self._live() and not self.shared.is_leaving:
                    if wait_s is not None and time.monotonic() - began >= wait_s:
                        break
                    await self._pause(pause_s)
                    await self._look_at_all()
                    pause_s = min(pause_s * _GROWTH, self.shared.how.poll_s * _LONGEST)
        except RequestFailure as failure:
            self.shared.closed[self.name] = failure.message

    def _live(self) -> list[Submission]:
        live = self.shared.file.live(self.name)
        return [each for each in live if each.batch_id and each.name not in self._given_up]

    async def _pause(self, seconds: float) -> None:
        """Wait, unless the run is ended meanwhile."""
        end = time.monotonic() + seconds
        while not self.shared.is_leaving and (left := end - time.monotonic()) > 0:  # noqa: ASYNC110  # a signal sets a flag, and no event
            await asyncio.sleep(min(left, _NOTICE_S))

    # -- what an earlier process left

    async def _find_unrecorded(self) -> None:
        """Batches that were asked for when a process ended: there may be one, and it is paid for."""
        for each in list(self.shared.file.live(self.name)):
            if each.batch_id is not None:
                continue
            if each.file_id is None or each.asked_at is None:
                self.shared.file.drop(each)
                continue
            since_s = time.time() - each.asked_at
            if since_s < self.shared.how.poll_s:  # it may still be on its way to the vendor
                await asyncio.sleep(self.shared.how.poll_s)
            found = await self._found(each)
            if found is None:
                self.shared.file.drop(each)
            else:
                self._record_batch(each, found)

    async def _found(self, submission: Submission) -> Batch | None:
        file_id, asked_at = submission.file_id, submission.asked_at
        assert file_id is not None
        assert asked_at is not None
        tags = self.shared.file.tags(submission)
        return await self._again(lambda: self.service.find(file_id, tags, asked_at))

    def _commit_live(self) -> None:
        for each in self._live():
            for custom_id in each.requests:
                if custom_id in self.owed:
                    self.shared.budget.commits(self.owed[custom_id], is_handed_over=True)

    # -- handing over

    async def _hand_over_all(self) -> None:
        async for requests, content in self._files():
            if self.shared.is_leaving:
                break
            await self._hand_over(requests, content)

    async def _files(self) -> AsyncIterator[tuple[dict[str, Trial], bytes]]:
        """What is owed and not under way, in files as large as they may be; what the cache has is answered."""
        how = self.shared.how
        under_way = {each for live in self.shared.file.live(self.name) for each in live.requests}
        requests: dict[str, Trial] = {}
        content = bytearray()
        for custom_id, trial in list(self.owed.items()):
            if custom_id in under_way:
                continue
            await asyncio.sleep(0)  # tens of thousands of prompts are no reason to be deaf
            if self.shared.is_leaving:
                break
            if not self.shared.budget.commits(trial):
                self.shared.over_budget = True
                break
            opened = await self.clerk.opened(trial)
            if isinstance(opened, Answer):
                self._record(custom_id, opened)
                continue
            line = self.service.line(custom_id, opened)
            is_full = len(content) + len(line) > how.max_file_bytes
            if requests and (is_full or len(requests) == how.max_requests):
                yield requests, bytes(content)
                requests, content = {}, bytearray()
            requests[custom_id] = trial
            content += line
        if requests:
            yield requests, bytes(content)

    async def _hand_over(self, requests: dict[str, Trial], content: bytes) -> None:
        file = self.shared.file
        keys = {custom_id: trial.key for custom_id, trial in requests.items()}
        begun = file.begin(self.name, keys)
        try:
            file_id = await self._again(lambda: self.service.upload(begun.name, content))
        except RequestFailure:
            file.drop(begun)
            for trial in requests.values():
                self.shared.budget.release(trial)
            raise
        asked = file.put(begun.model_copy(update={"file_id": file_id, "asked_at": time.time()}))
        self._record_batch(asked, await self._created(asked))

    async def _created(self, submission: Submission) -> Batch:
        """The batch of a file. It is asked for again only once it is not to be found."""
        file, file_id = self.shared.file, submission.file_id
        assert file_id is not None
        pause_s = self.shared.how.poll_s
        for attempt in range(1, self.clerk.endpoint.limits.max_attempts + 1):
            try:
                return await self.service.create(file_id, file.tags(submission))
            except RequestFailure as failure:
                last = failure
            if last.kind in _PERHAPS_MADE:
                await asyncio.sleep(pause_s)
                found = await self._found(submission)
                if found is not None:
                    return found
            elif last.is_retryable and attempt < self.clerk.endpoint.limits.max_attempts:
                await asyncio.sleep(last.retry_after_s or pause_s)
            else:
                break
            pause_s *= 2
        if last.kind not in _PERHAPS_MADE:
            file.drop(submission)
        raise last

    def _record_batch(self, submission: Submission, batch: Batch) -> None:
        self.shared.file.put(submission.model_copy(update={"batch_id": batch.id}))
        count = len(submission.requests)
        self.shared.how.tell(f"endpoint '{self.name}': batch {batch.id} of {count} requests")

    async def _again(self, call: Callable[[], Awaitable[_T]]) -> _T:
        """What a call brings that may be made twice. Raises its last RequestFailure."""
        pause_s = self.shared.how.poll_s
        for _ in range(self.clerk.endpoint.limits.max_attempts - 1):
            try:
                return await call()
            except RequestFailure as failure:
                if not failure.is_retryable or self.shared.is_leaving:
                    raise
                await self._pause(failure.retry_after_s or pause_s)
            pause_s *= 2
        return await call()

    # -- collecting

    async def _look_at_all(self) -> None:
        for each in self._live():
            if self.shared.is_leaving:
                break
            try:
                await self._look(each)
            except RequestFailure as failure:
                self._missed(each, failure)

    async def _look(self, submission: Submission) -> None:
        assert submission.batch_id is not None
        batch = await self.service.look(submission.batch_id)
        self._misses = 0
        state = f"{batch.status}, {batch.done} of {batch.total or len(submission.requests)} done"
        if self._told.get(batch.id) != state:
            self._told[batch.id] = state
            self.shared.how.tell(f"endpoint '{self.name}': batch {batch.id}: {state}")
        if batch.has_ended:
            await self._collect(submission, batch)

    def _missed(self, submission: Submission, failure: RequestFailure) -> None:
        """Look again later, for a while; a batch that is gone is the user's to forget."""
        self._misses += 1
        told = f"batch {submission.batch_id}: {failure.message}"
        if failure.kind in FATAL or (failure.is_retryable and self._misses > _PATIENCE):
            raise RequestFailure(failure.kind, told)
        if not failure.is_retryable:
            self._given_up.add(submission.name)
            path = self.shared.file.path
            self.shared.closed[self.name] = (
                f"{told}; if it is gone, take it out of {path} and its trials are asked anew"
            )

    async def _collect(self, submission: Submission, batch: Batch) -> None:
        """Every answer into the journal, once; then the batch is done with."""
        waiting = {each for each in submission.requests if each in self.owed}
        not_asked: set[str] = set()
        for file_id in (batch.output_file_id, batch.error_file_id):
            if file_id is not None and waiting:
                await self._collect_file(file_id, waiting, not_asked)
        if batch.status == "completed":
            for custom_id in waiting - not_asked:
                lost = RequestFailure("malformed", f"batch {batch.id} is complete and has no line for this trial")  # fmt: skip
                answer = await self.clerk.collected(self.owed[custom_id], Result(custom_id, failure=lost))  # fmt: skip
                self._record(custom_id, answer)
        for custom_id in waiting & self.owed.keys():
            self.shared.budget.release(self.owed[custom_id])
        await self.shared.journal.sync()
        self.shared.file.put(submission.model_copy(update={"ended": batch.status}))
        if batch.status == "failed":
            told = f"batch {batch.id} was not taken: {batch.trouble or 'no reason is given'}"
            self.shared.closed[self.name] = told

    async def _collect_file(self, file_id: str, waiting: set[str], not_asked: set[str]) -> None:
        """A line that comes twice counts once, and one that nobody waits for does not count."""
        async for result in self.service.results(file_id):
            if result.custom_id not in waiting:
                continue
            if result.reply is None and result.failure is None:
                not_asked.add(result.custom_id)
                continue
            waiting.discard(result.custom_id)
            trial = self.owed[result.custom_id]
            self._record(result.custom_id, await self.clerk.collected(trial, result))

    def _record(self, custom_id: str, answer: Answer) -> None:
        trial = self.owed[custom_id]
        self.shared.budget.settle(trial, answer)
        self.shared.journal.append(answer)
        del self.owed[custom_id]
        self.shared.on_answer(answer)
