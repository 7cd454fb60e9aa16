"""The media type of a file by its content, and a safe name for it. Pure.

The browser's own statement about a file is not trusted; a file is served with the type of its first bytes.
"""

import io
import unicodedata
from zipfile import BadZipFile, ZipFile

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SUFFIXES = {
    "image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "image/heic": ".heic",
    "application/pdf": ".pdf", _DOCX: ".docx", _XLSX: ".xlsx",
}  # fmt: skip
"""The types of files that a work order may have, each with the end of its names."""
_HEIC = (b"heic", b"heix", b"mif1")
_MOST_PARTS = 5000  # of an Office document
_LONGEST_NAME = 80


def file_media(content: bytes) -> str:
    """Return the media type of a photo or document (RFC 6838); "" if the type is not in `SUFFIXES`."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC:
        return "image/heic"
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    return _office_media(content) if content.startswith(b"PK\x03\x04") else ""


def _office_media(content: bytes) -> str:
    """Return the type of an Office document; "" for another archive, or a document with macros. It is not unpacked."""
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except (BadZipFile, ValueError, NotImplementedError):
        return ""
    if "[Content_Types].xml" not in names or len(names) > _MOST_PARTS:
        return ""
    if any(name.endswith("vbaProject.bin") for name in names):
        return ""
    return _DOCX if "word/document.xml" in names else _XLSX if "xl/workbook.xml" in names else ""


def safe_name(uploaded_name: str, media: str) -> str:
    """Return a name for a file without path, control and bidirectional characters, with the suffix of its type."""
    base_name = uploaded_name.replace("\\", "/").rpartition("/")[2]
    permitted = "".join(
        sign for sign in unicodedata.normalize("NFC", base_name) if sign.isalnum() or sign in " ._-()（）"
    )
    stem = permitted.rpartition(".")[0] or permitted
    return (stem.strip(" .")[:_LONGEST_NAME] or "file") + SUFFIXES[media]
