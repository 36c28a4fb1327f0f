"""Colours of code with a contrast of at least 7:1 on the page's own grounds."""

from typing import ClassVar

from pygments.style import Style
from pygments.token import Comment, Error, Generic, Keyword, Name, Number, Operator, String, Token


class Light(Style):
    """For the light theme."""

    background_color = "#f4f6f8"
    styles: ClassVar = {
        Token: "#1c2733", Comment: "italic #4d5b69", Keyword: "#7a1166", Operator: "#1c2733",
        Name.Builtin: "#00507f", Name.Function: "#00507f", Name.Class: "bold #00507f",
        Name.Decorator: "#7a1166", String: "#7a3d00", Number: "#0b5c3f",
        Generic.Prompt: "#4d5b69", Generic.Output: "#1c2733", Error: "#1c2733",
    }  # fmt: skip


class Dark(Style):
    """For the dark theme."""

    background_color = "#1a222b"
    styles: ClassVar = {
        Token: "#dce4ec", Comment: "italic #a3b1bf", Keyword: "#f0a6dc", Operator: "#dce4ec",
        Name.Builtin: "#8fcdf7", Name.Function: "#8fcdf7", Name.Class: "bold #8fcdf7",
        Name.Decorator: "#f0a6dc", String: "#f2bf8a", Number: "#86dbb4",
        Generic.Prompt: "#a3b1bf", Generic.Output: "#dce4ec", Error: "#dce4ec",
    }  # fmt: skip
