"""What every model of the formats shares: frozen, and strict about its keys."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

__all__ = ["Written"]


class Written(BaseModel):
    """What people write: unknown keys are refused, except `x-…`, kept for what an import could not express."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    extensions: dict[str, Any] = Field(default_factory=dict, exclude_if=lambda kept: not kept)

    @model_validator(mode="before")
    @classmethod
    def _keep_extensions(cls, written: Any) -> Any:
        if not isinstance(written, dict) or not any(str(key).startswith("x-") for key in written):
            return written
        kept = {key: value for key, value in written.items() if str(key).startswith("x-")}
        return {key: value for key, value in written.items() if key not in kept} | {"extensions": kept}
