"""The registry (归并清单): the content of ``numbers.yaml``, checked, as immutable values."""
