"""The same of companies whose models are their trade."""

from dataclasses import replace

from tests.chat_wire import PLAIN, told
from tests.strict_chat import Address, Rules

# Zhipu


def _zhipu(code):
    return {"error": {"code": code, "message": "no"}}


ZHIPU_ERRORS = {
    "auth": (401, _zhipu("1002")),
    "quota_empty": (429, _zhipu("1113")),
    "rate_limited": (429, _zhipu("1302")),
    "content_policy": (400, _zhipu("1301")),
    "context_too_long": (400, _zhipu("1261")),
    "server": (500, _zhipu("1230")),
}
_GLM_4 = Rules({"temperature": "(0,1)", "top_p": "(0,1)"})
_GLM_45 = Rules({"temperature": "[0,1]"})
GLM = {
    "glm-4": _GLM_4,
    "glm-4-*": _GLM_4,
    "glm-5.3*": replace(_GLM_45, most_tokens=131072),
    "glm-*": _GLM_45,
}


def glm(url, **more):
    source = "https://docs.bigmodel.cn, https://docs.z.ai/api-reference/api-code"
    return Address(url, source, GLM, ZHIPU_ERRORS, thought="reasoning_content", **more)


# Baichuan

_M = Rules({"temperature": "[0,1]", "top_p": "[0,1)", "top_k": "[0,20]"})
BAICHUAN = Address(
    "https://api.baichuan-ai.com/v1/chat/completions",
    "https://platform.baichuan-ai.com/docs/api",
    {
        "Baichuan-M*": _M,
        "Baichuan[234]*": replace(_M, alternate=True, search_off={"with_search_enhance": False}),
    },
    {
        "auth": (401, told(None, "Incorrect API key provided", "")),
        "quota_empty": (429, told(None, "Insufficient account balance, please recharge", "")),
        "rate_limited": (429, told(None, "Rate limit reached for requests", "")),
        "server": (500, told(None, "Internal Server Error", "")),
    },
)

# OpenAI

OPENAI_ERRORS = PLAIN | {
    "quota_empty": (429, told("insufficient_quota", "You exceeded your current quota", "insufficient_quota")),
    "context_too_long": (400, told("context_length_exceeded", "This model's maximum context length is 128000 tokens.")),
    "content_policy": (400, told("invalid_prompt", "Invalid prompt: your prompt was flagged")),
}  # fmt: skip
_THINKS = Rules(
    unsent=("temperature", "top_p", "presence_penalty", "frequency_penalty"),
    cap="max_completion_tokens",
    system="developer",
    stop=False,
)
OPENAI_MODELS = {"gpt-5*": _THINKS, "o[134]*": _THINKS, "gpt-4*": Rules(), "my-*": Rules()}
OPENAI = Address(
    "https://api.openai.com/v1/chat/completions",
    "https://platform.openai.com/docs/guides/reasoning, https://platform.openai.com/docs/guides/error-codes",
    OPENAI_MODELS,
    OPENAI_ERRORS,
)
AZURE = Address(
    "https://${AZURE_OPENAI_RESOURCE}.openai.azure.com/openai/v1/chat/completions",
    "https://learn.microsoft.com/azure/ai-foundry/openai/latest",
    OPENAI_MODELS,
    {
        "auth": (401, told("401", "Access denied due to invalid subscription key")),
        "rate_limited": (429, told("429", "Requests have exceeded call rate limit")),
        "content_policy": (400, told("content_filter", "The response was filtered")),
        "context_too_long": OPENAI_ERRORS["context_too_long"],
        "server": (500, told("InternalServerError", "no")),
    },
    header="api-key: {key}",
)

# DeepSeek

DEEPSEEK = Address(
    "https://api.deepseek.com/chat/completions",
    "https://api-docs.deepseek.com/quick_start/error_codes, https://api-docs.deepseek.com/quick_start/rate_limit",
    {"deepseek-*": Rules({"temperature": "[0,2]"})},
    {
        "auth": (401, told("invalid_request_error", "Authentication Fails", "authentication_error")),
        "quota_empty": (402, told("invalid_request_error", "Insufficient Balance", "unknown_error")),
        "rate_limited": (429, told("invalid_request_error", "Rate Limit Reached", "rate_limit")),
        "content_policy": (400, told("invalid_request_error", "Content Exists Risk")),
        "context_too_long": (400, told("invalid_request_error", "This model's maximum context length is 131072 tokens.")),
        "server": (503, told("service_unavailable_error", "Service is too busy")),
    },
    thought="reasoning_content",
    waiting=b": keep-alive\n\n",
)  # fmt: skip

VLLM = Address(
    "http://localhost:8000/v1/chat/completions",
    "https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html",
    {"*": Rules()},
    {
        "auth": (401, {"error": "Unauthorized"}),
        "context_too_long": (400, told(400, "This model's maximum context length is 4096 tokens.", "BadRequestError")),
        "server": (503, told(503, "busy", "Service Unavailable")),
    },
    header=None,
    thought="reasoning_content",
)  # fmt: skip
