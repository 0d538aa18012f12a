"""Operations called through the vendors' SDKs, with the values of documented requests."""

from __future__ import annotations

from types import ModuleType

from . import ci, ice, vas

# Each has `is_known(operation)`, `call(endpoint, exchange)`, `host(exchange)` and `refusal(error)`.
SDKS: dict[str, ModuleType] = {"alibaba-ice": ice, "huawei-vas": vas, "tencent-ci": ci}
