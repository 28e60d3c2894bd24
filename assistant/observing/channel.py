"""Channels: where questions come from."""

from typing import Literal

Channel = Literal["chat", "widget", "page", "api"]
