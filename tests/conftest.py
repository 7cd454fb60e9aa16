"""What holds for all tests: exact texts are asserted in English."""

import os

os.environ["LANGUAGE"] = "en"  # before ivr.texts is imported
os.environ["LC_ALL"] = "C.UTF-8"
