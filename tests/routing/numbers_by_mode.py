"""The numbers of the registry by their mode, and a moment out of office hours."""

from datetime import datetime

from ivr.routing.calendar import CITY_TIME

NIGHT_OF_A_HOLIDAY = datetime(2026, 10, 1, 3, tzinfo=CITY_TIME)  # so that it holds for 7×24, too


TO_12345 = [
    "12396",
    "12300",
    "12349",
    "12336",
    "12312",
    "12301",
    "12356",
    "96119",
    "12322",
    "12393",
    "96322",
    "2912345",
    "2812345",
    "3312345",
    "4412345",
    "3712345",
    "5612345",
    "6712345",
    "6612345",
    "8412345",
    "8812345",
    "5212345",
]


TO_12315 = ["12330", "12331", "12358", "12365"]


DUAL = ["12369", "12319", "12328", "12316", "12318", "12350", "12317", "12385"]


EXPERT = ["12348", "12333", "12320", "12315"]


CENTERS = ["12360", "12366", "12313", "12367", "12305", "12329"]


ALL = ["12345", *TO_12345, *TO_12315, *DUAL, *EXPERT, *CENTERS]
