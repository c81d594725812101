"""The floor: ask every item with aiohttp, score it, write a line. `python bare_loop.py URL ITEMS.jsonl OUT`."""

import asyncio
import sys

import aiohttp
import orjson
import uvloop

AT_ONCE = 256


async def go(url, items_path, out_path):
    with open(items_path, "rb") as file:
        items = [orjson.loads(line) for line in file]
    waiting = iter(items)
    right = 0
    with open(out_path, "wb") as out:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=AT_ONCE)) as session:

            async def work():
                nonlocal right
                for item in waiting:
                    body = {
                        "model": "slow",
                        "messages": [{"role": "user", "content": item["input"]["question"]}],
                        "max_tokens": 16,
                        "temperature": 0,
                    }
                    headers = {"Content-Type": "application/json"}
                    async with session.post(url, data=orjson.dumps(body), headers=headers) as reply:
                        told = orjson.loads(await reply.read())
                    text = told["choices"][0]["message"]["content"]
                    right += text == item["reference"]["answer"]
                    out.write(orjson.dumps({"item": item["id"], "text": text}) + b"\n")

            await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    print(f"{right / len(items):.3f}")


if __name__ == "__main__":
    uvloop.run(go(*sys.argv[1:4]))
