"""Which document holds for which system and api of the catalogue."""

from tests.chat_clouds import HUNYUAN, PANGU_V2, QIANFAN, SPARK, bailian, maas, sense
from tests.chat_makers import AZURE, BAICHUAN, DEEPSEEK, OPENAI, VLLM, glm
from tests.chat_wire import plain
from tests.strict_chat import JWT

ADDRESSES = {
    **{("iflytek-spark", api): address for api, address in SPARK.items()},
    ("baidu-qianfan", "v2"): QIANFAN,
    ("alibaba-qwen", "compatible"): bailian("https://dashscope.aliyuncs.com/compatible-mode/v1/chat/completions"),
    ("alibaba-qwen", "singapore"): bailian("https://dashscope-intl.aliyuncs.com/compatible-mode/v1/chat/completions"),
    ("sensetime-sensenova", "platform"): sense("https://token.sensenova.cn/v1/chat/completions", "sensenova-*", "glm-*", "deepseek-*"),
    ("sensetime-sensenova", "modelstudio"): sense("https://api.sensenova.cn/compatible-mode/v2/chat/completions", "Sense*"),
    ("qihoo-360", "platform"): plain("https://api.360.cn/v1/chat/completions", "https://ai.360.cn/platform/docs/overview", thought="<think>"),
    ("tencent-hunyuan", "compatible"): HUNYUAN,
    ("huawei-pangu", "maas"): maas("api.modelarts-maas.com"),
    ("huawei-pangu", "maas_hongkong"): maas("api-ap-southeast-1.modelarts-maas.com"),
    ("huawei-pangu", "pangulm_v2"): PANGU_V2,
    ("vivo-bluelm", "gateway"): plain(
        "https://api-ai.vivo.com.cn/v1/chat/completions",
        "https://explinks.com/blog/how-to-get-lanxin-llm-api-key-step-by-step-guide",
    ),
    ("zhipu-glm", "compatible"): glm("https://open.bigmodel.cn/api/paas/v4/chat/completions"),
    ("zhipu-glm", "international"): glm("https://api.z.ai/api/paas/v4/chat/completions"),
    ("zhipu-glm", "jwt"): glm("https://open.bigmodel.cn/api/paas/v4/chat/completions", header=JWT),
    ("baichuan", "platform"): BAICHUAN,
    ("openai", "chat"): OPENAI,
    ("openai", "azure"): AZURE,
    ("deepseek", "compatible"): DEEPSEEK,
    ("deepseek", "compatible_usd"): DEEPSEEK,
    ("jd-yanxi", "console"): plain(None),
    ("midu-wenxiu", "customer"): plain(None, header=None),
    ("ronglian-chitu", "customer"): plain(None, header=None),
    ("yonyou-yongpt", "customer"): plain(None, header=None),
    ("xieyi", "customer"): plain(None, header=None),
    ("alibaba-qwen", "self_hosted"): VLLM,
    ("baichuan", "self_hosted"): VLLM,
    ("duxiaoman-xuanyuan", "self_hosted"): VLLM,
    ("meta-llama", "vllm"): VLLM,
    ("qihoo-360", "self_hosted"): VLLM,
    ("vivo-bluelm", "self_hosted"): VLLM,
    ("zhipu-glm", "self_hosted"): VLLM,
}  # fmt: skip

ALSO_SERVED = {
    ("baidu-qianfan", "v2"): ("deepseek-v3.1", "qwen3-32b", "llama-4-scout"),
    ("alibaba-qwen", "compatible"): ("qwen3-32b", "qwen3-30b-a3b", "qwq-plus"),
    ("alibaba-qwen", "singapore"): ("qwen3-32b", "qwen3-30b-a3b", "qwq-plus"),
    ("baichuan", "platform"): ("Baichuan2-Turbo", "Baichuan3-Turbo"),
    ("openai", "chat"): ("o1", "o3-mini", "o4-mini"),
    ("openai", "azure"): ("my-deployment", "gpt-5.5", "o1", "o3-mini", "o4-mini"),
    ("zhipu-glm", "compatible"): ("glm-4",),
    ("zhipu-glm", "international"): ("glm-4", "glm-4-plus", "glm-4.7"),
    ("zhipu-glm", "jwt"): ("glm-4",),
    ("zhipu-glm", "responses"): ("glm-5.3-flash", "glm-4", "glm-4-plus", "glm-4.7"),
    ("openai", "responses"): ("o1", "o3-mini", "o4-mini"),
    ("alibaba-qwen", "native"): ("qwen3-32b", "qwen3-30b-a3b", "qwq-plus"),
}
"""Models that the catalogue has rules for and does not list, by address."""
