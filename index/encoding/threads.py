"""Threads: numpy's linear algebra keeps to one thread, since the embedding model computes on several cores.

Each library has threads of its own, which wait for more work by turning round: on two cores they take them from the
model. Measured there: a search of 101 sheets takes 60 ms with numpy's threads, 27 ms without.
"""

from threadpoolctl import threadpool_limits


def leave_cores_to_the_model() -> None:
    """Keep numpy's linear algebra to one thread, in this whole process, from now on."""
    threadpool_limits(limits=1, user_api="blas")
