"""The registry (归并清单): what ``numbers.yaml`` says, checked, as immutable values."""
