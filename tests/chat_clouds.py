"""What the clouds' public documents say of their chat addresses.

Written by hand from the pages that `source` names; where a page says nothing, nothing is asked.
"""

from dataclasses import replace

from tests.chat_wire import told
from tests.strict_chat import Address, Rules

# iFLYTEK

SPARK_SEARCH = {"tools": [{"type": "web_search", "web_search": {"enable": False}}]}
SPARK_RANGES = {"temperature": "(0,1]", "top_p": "(0,1]", "top_k": "[1,6]"}
SPARK_ERRORS = {
    "auth": (401, {"message": "HMAC signature cannot be verified: fail to retrieve credential"}),
    "quota_empty": (200, {"code": 11201, "message": "AppIdNoAuthError", "sid": "cht1"}),
    "rate_limited": (200, {"code": 11202, "message": "AppIdNoAuthError", "sid": "cht1"}),
    "content_policy": (200, {"code": 10013, "message": "input is illegal", "sid": "cht1"}),
    "context_too_long": (200, {"code": 10907, "message": "too many tokens", "sid": "cht1"}),
    "server": (200, {"code": 10008, "message": "no capacity", "sid": "cht1"}),
}
"""https://www.xfyun.cn/doc/spark/接口说明.html; the status 401 as its users report it."""
SPARK_HEAD = {"code": 0, "message": "Success", "sid": "cht1"}


def spark(url, source, models, **more):
    return Address(url, source, models, SPARK_ERRORS, envelope=SPARK_HEAD, usage_unasked=True, **more)  # fmt: skip


_SPARK = Rules(SPARK_RANGES, search_off=SPARK_SEARCH)
SPARK = {
    "http": spark(
        "https://spark-api-open.xf-yun.com/v1/chat/completions",
        "https://www.xfyun.cn/doc/spark/HTTP调用文档.html",
        {
            "4.0Ultra": replace(_SPARK, most_tokens=32768),
            "generalv3.5": replace(_SPARK, most_tokens=8192),
            "max-32k": replace(_SPARK, most_tokens=8192),
            "generalv3": replace(_SPARK, most_tokens=8192, system=None),
            "pro-128k": replace(_SPARK, most_tokens=4096, system=None),
            "lite": Rules(SPARK_RANGES, most_tokens=4096, system=None),
        },
    ),
    "x1.5": spark(
        "https://spark-api-open.xf-yun.com/v2/chat/completions",
        "https://www.xfyun.cn/doc/spark/X1http.html",
        {"spark-x": Rules()},
        thought="reasoning_content",
    ),
    "x2": spark(
        "https://spark-api-open.xf-yun.com/x2/chat/completions",
        "https://www.xfyun.cn/doc/spark/X1http.html",
        {"spark-x": Rules()},
        thought="reasoning_content",
    ),
    "x2.5": spark(
        None,
        "https://www.xfyun.cn/doc/spark/Spark-X2.5.html",
        {
            "spark-x2.5*": Rules(
                unsent=("temperature", "top_p", "presence_penalty", "frequency_penalty"),
                cap="max_completion_tokens",
                most_tokens=256 * 1024 - 1,
            )
        },
        thought="reasoning_content",
    ),
    "x1-preview": spark(
        "https://spark-api-open-preview.xf-yun.com/v2/chat/completions",
        "https://www.xfyun.cn/doc/spark/X1http.html",
        {"x1-preview": Rules()},
        thought="reasoning_content",
    ),
    "tuned": spark(
        "https://maas-api.cn-huabei-1.xf-yun.com/v1/chat/completions",
        "https://www.xfyun.cn/doc/spark/HTTP调用文档.html",
        {"*": Rules()},
    ),
}

# Baidu

QIANFAN = Address(
    "https://qianfan.baidubce.com/v2/chat/completions",
    "https://cloud.baidu.com/doc/qianfan-api/s/rmwbl43x7 (errors), https://cloud.baidu.com/doc/qianfan/s/rmh4stn9m",
    {
        "ernie-*": Rules(cap="max_completion_tokens"),
        "qianfan-*": Rules(cap="max_completion_tokens"),
        "[dql][ewl]*": Rules(
            {"temperature": "[0,2]", "top_p": "[0,1]", "repetition_penalty": "(0,2]"},
            cap="max_completion_tokens",
        ),
    },
    {
        "auth": (401, told("invalid_iam_token", "IAM Certification failed")),
        "quota_empty": (403, told("account_overdue", "Access denied due to overdue account", "access_denied")),
        "rate_limited": (429, told("tpm_rate_limit_exceeded", "Rate limit reached for TPM", "rate_limit_exceeded")),
        "content_policy": (403, told("system_unsafe", "the content of system field is invalid", "unsafe_request")),
        "context_too_long": (400, told("tokens_too_long", "Prompt tokens too long")),
        "server": (500, told("internal_error", "Internal error", "Internal_error")),
    },
    thought="reasoning_content",
)  # fmt: skip

# Alibaba

_QWEN = Rules({"temperature": "[0,2)", "top_p": "(0,1]"}, search_off={"enable_search": False})
_BAILIAN = {
    "qwen3-[0-9]*b": replace(_QWEN, whole={"enable_thinking": False}),
    "qwq*": replace(_QWEN, stream_only=True),
    "qwen*": _QWEN,
}
_BAILIAN_ERRORS = {
    "auth": (401, told("invalid_api_key", "Incorrect API key provided.")),
    "quota_empty": (400, told("Arrearage", "Access denied, please make sure your account is in good standing.", "Arrearage")),
    # the page has "429-Throttling.AllocationQuota/insufficient_quota": too many tokens a minute, no debt
    "rate_limited": (429, told("insufficient_quota", "You exceeded your current quota, please check your plan and billing details.", "insufficient_quota")),
    "content_policy": (400, told("data_inspection_failed", "Input data may contain inappropriate content.")),
    "context_too_long": (400, told("invalid_parameter_error", "Range of input length should be [1, 30720]")),
    "server": (500, told("internal_error", "An internal error has occured, please try again later", "internal_error")),
}  # fmt: skip
_BAILIAN_SOURCE = "https://help.aliyun.com/zh/model-studio/error-code, https://www.alibabacloud.com/help/en/model-studio/deep-thinking"  # fmt: skip


def bailian(url):
    return Address(url, _BAILIAN_SOURCE, _BAILIAN, _BAILIAN_ERRORS, thought="reasoning_content")


# SenseTime


def sense(url, *models):
    def failed(code):
        return {"error": {"code": code, "message": "no", "details": []}}

    errors = {
        "auth": (403, failed(7)),
        "rate_limited": (429, failed(8)),
        "server": (500, failed(2)),
        "timeout": (504, failed(4)),
        "bad_request": (400, failed(3)),
    }
    source = "https://sensecore.cn/help/docs/model-as-a-service/nova/overview/ErrorCode"
    return Address(url, source, dict.fromkeys(models, Rules()), errors, thought="reasoning")


# Tencent

HUNYUAN = Address(
    "https://api.hunyuan.cloud.tencent.com/v1/chat/completions",
    "https://cloud.tencent.com/document/product/1729/111007, https://cloud.tencent.com/document/api/1729/101837",
    {
        "h*": Rules(
            {"temperature": "[0,2]", "top_p": "[0,1]"},
            alternate=True,
            most_turns=40,
            search_off={"enable_enhancement": False},
        )
    },
    {
        "auth": (401, told("AuthFailure.UnauthorizedOperation")),
        "quota_empty": (403, told("FailedOperation.ResourcePackExhausted")),
        "rate_limited": (429, told("LimitExceeded")),
        "content_policy": (400, told("OperationDenied.TextIllegalDetected")),
        "server": (500, told("FailedOperation.EngineServerError")),
    },
    thought="reasoning_content",
)

# Huawei

_MAAS_SOURCE = (
    "https://support.huaweicloud.com/intl/zh-cn/usermanual-maas-modelarts/maas-modelarts-0080.html"
)


def _gateway(code, message="no"):
    return {"error_code": code, "error_msg": message, "request_id": "d0ddda0f"}


def _maas(code, message="no"):
    return told(code, message, "BadRequest") | _gateway(code, message)


def maas(host):
    models = {"openpangu-2.0-*": Rules(), "glm-5.*": Rules(), "deepseek-v4-*": Rules()}
    errors = {
        "auth": (401, _maas("ModelArts.81003", "Invalid authorization header.")),
        "quota_empty": (403, _maas("ModelArts.81005", "The free quota has been used up.")),
        "rate_limited": (429, _maas("ModelArts.81101", "Too many requests")),
        "content_policy": (403, _maas("ModelArts.81011", "May contain sensitive information")),
        "timeout": (504, _gateway("APIG.0203", "Backend timeout")),
    }
    url = f"https://{host}/openai/v1/chat/completions"
    return Address(url, _MAAS_SOURCE, models, errors, thought="reasoning_content")


PANGU_V2 = Address(
    "https://${PANGU_ENDPOINT}/api/v2/chat/completions",
    "https://support.huaweicloud.com/api-pangulm/pangulm_05_0012.md, ErrorCode.html",
    {"pangu-deployed": Rules({"temperature": "[0,1]"})},
    {
        "auth": (401, _gateway("APIG.0301", "Incorrect IAM authentication information")),
        "rate_limited": (429, _gateway("APIG.0308", "The throttling threshold has been reached")),
        "context_too_long": (400, _gateway("PANGU.3318", "too long")),
        "server": (500, _gateway("PANGU.0001", "unknown error")),
    },
    header="X-Auth-Token: {key}",
    streams=False,
)
