"""The SDKs' clocks, set back: they sign with a time that is past."""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from unittest.mock import patch


@contextmanager
def behind(service: str, seconds: int) -> Iterator[None]:
    """Within it the service's SDK signs as so long ago."""
    then = time.time() - seconds

    class Past(datetime.datetime):
        """A calendar that has stopped."""

        @classmethod
        def utcnow(cls) -> Past:
            return cls.fromtimestamp(then, datetime.UTC).replace(tzinfo=None)

    clocks = {
        "alibaba-ice": ("alibabacloud_tea_openapi.utils.datetime", Past),
        "huawei-vas": ("huaweicloudsdkcore.signer.signer.datetime", Past),
        "tencent-ci": ("qcloud_cos.cos_auth.time", SimpleNamespace(time=lambda: then)),
    }
    with patch(*clocks[service]):
        yield
