"""A pseudorandom permutation of any size, of which any part can be computed separately."""

import numpy as np
from numpy.typing import NDArray

ROUNDS = 6
"""Even, so that the halves keep their widths; four suffice for ideal round functions."""


def permuted(places: NDArray[np.int64], count: int, generator: np.random.Generator) -> NDArray[np.int64]:
    """Where a permutation of 0 to ``count`` - 1 moves these places, shape (n,); ``generator`` gives its keys.

    A Feistel network permutes the numbers with as many bits as ``count`` needs, fewer than 2 * ``count``, and is
    repeated for those that land beyond the end. Sources: Luby and Rackoff, How to construct pseudorandom permutations
    from pseudorandom functions, SIAM Journal on Computing 17 (1988); Black and Rogaway, Ciphers with arbitrary finite
    domains, CT-RSA (2002), section 4.
    """
    keys = generator.integers(2**64, size=ROUNDS, dtype=np.uint64)
    bits = max(2, (count - 1).bit_length())
    moved = _network(places.astype(np.uint64), bits, keys)
    beyond = np.flatnonzero(moved >= count)
    while beyond.size:
        moved[beyond] = _network(moved[beyond], bits, keys)
        beyond = beyond[moved[beyond] >= count]
    return moved.astype(np.int64)


def _network(values: NDArray[np.uint64], bits: int, keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Each round replaces (left, right) with (right, left xor a hash of right); the halves may differ by a bit."""
    right_bits = bits // 2
    left_bits = bits - right_bits
    left, right = values >> np.uint64(right_bits), values & _mask(right_bits)
    for key in keys:
        left, right = right, left ^ (_hash(right + key) & _mask(left_bits))
        left_bits, right_bits = right_bits, left_bits
    return (left << np.uint64(right_bits)) | right


def _mask(bits: int) -> np.uint64:
    return np.uint64((1 << bits) - 1)


def _hash(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Mix all bits of each number, in place.

    Source: Steele, Lea and Flood, Fast splittable pseudorandom number generators, OOPSLA (2014).
    """
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        values ^= values >> np.uint64(shift)
        values *= np.uint64(factor)
    values ^= values >> np.uint64(31)
    return values
