"""The content of an article, as a unit writes it."""

from typing import Any

CONTENT: dict[str, Any] = {
    "title": "工作台测试用知识",
    "unit": "市人社局",
    "line": "12333",
    "questions": ["工作台测试问法"],
    "short": "工作台测试短答。",
    "sources": ["《测试依据》（2026年）"],
    "valid_until": "2099-12-31",
}
