"""The shipped files beside the code: Asterisk's configuration, the recorded prompts, the default registry,
the default dispatch directory of work orders, the articles of the knowledge base.

In a checkout these are links to the folders at its top; in a wheel they are the files themselves.
"""

from pathlib import Path

_HERE = Path(__file__).parent
DIALPLANS = (_HERE / "dialplans").resolve()
RECORDINGS = (_HERE / "recordings").resolve()
NUMBERS = (_HERE / "numbers.yaml").resolve()
ORDERS = (_HERE / "orders.yaml").resolve()
ARTICLES = (_HERE / "articles").resolve()
