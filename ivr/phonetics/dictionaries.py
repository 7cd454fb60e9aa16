"""The dictionaries of Chinese: `pypinyin` has the readings of characters, `rjieba` has the words.

Each package is loaded when it is first used, because the two take half a second of a core, and most processes need
neither of them.
"""

from ivr.lazy import late

pypinyin, rjieba = late("pypinyin"), late("rjieba")
