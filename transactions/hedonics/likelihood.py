"""The censored normal likelihood with a ridge penalty and a bound on every record's pull. Uses SciPy.

With y the log of the best bid, or of the start price where nobody bid, x the terms, and Olsen's parameters
γ = β / σ and θ = 1 / σ (Econometrica 1978), let u = θ y − x γ. A lot with a bid costs ρ(u) − κ ln θ, one
without costs −ln Φ(u). ρ is Huber's: quadratic up to `pull`, straight beyond; κ makes σ come out right for
normal data. −ln Φ(u) goes on straight where u falls below −pull. Both are convex in (γ, θ), so with the ridge
there is one minimum. No record's derivative by γ exceeds a bound, and none by θ, because the logarithms are
cut off at `REACH` robust standard deviations from their median first: that caps the influence of one trade.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_ndtr, ndtr

Array = Any

_LOG_ROOT = 0.5 * np.log(2 * np.pi)


@dataclass(frozen=True, slots=True)
class Solution:
    """What was found.

    Attributes:
        coefficients, covariance: of the terms, in logs. parameters: γ and θ, to start a next fit from.
    """

    coefficients: Array
    covariance: Array
    sigma: float
    parameters: Array


# Before there is one; and a penalty that keeps a term at nothing.
NOTHING = Solution(np.zeros(1), np.zeros((1, 1)), 1.0, np.zeros(1))
FORBIDDEN = 1e9


class CensoredRidge:
    """The negative log likelihood with its penalty, and its derivatives."""

    def __init__(self, terms: Array, logs: Array, *, priced: Array, penalties: Array, pull: float) -> None:
        self._terms, self._logs, self._priced = terms, logs, priced
        self._penalties, self._pull = penalties, pull
        self._kappa = (2 * ndtr(pull) - 1) * priced.sum()

    def value(self, parameters: Array) -> tuple[float, Array]:
        """The cost and its gradient; infinite where θ is not positive."""
        gamma, theta = parameters[:-1], parameters[-1]
        if theta <= 0:
            return np.inf, np.zeros_like(parameters)
        off = theta * self._logs - self._terms @ gamma
        cost, slope = self._costs(off)
        total = cost.sum() - self._kappa * np.log(theta) + 0.5 * (self._penalties * gamma**2).sum()
        gradient = np.append(
            self._penalties * gamma - self._terms.T @ slope, slope @ self._logs - self._kappa / theta
        )
        return float(total), gradient

    def _costs(self, off: Array) -> tuple[Array, Array]:
        near = np.clip(off, -self._pull, self._pull)
        bid = np.abs(near) * (np.abs(off) - 0.5 * np.abs(near))
        floor = np.maximum(off, -self._pull)
        mills = _mills(floor)
        none = -log_ndtr(floor) - mills * (off - floor)
        return np.where(self._priced, bid, none), np.where(self._priced, near, -mills)

    def hessian(self, parameters: Array) -> Array:
        """The second derivatives, in the order of the parameters."""
        gamma, theta = parameters[:-1], parameters[-1]
        off = theta * self._logs - self._terms @ gamma
        mills = _mills(off)
        bend = np.where(self._priced, np.abs(off) < self._pull, mills * (off + mills) * (off > -self._pull))
        # The product of a matrix with its own transpose costs half of any other.
        rooted = self._terms * np.sqrt(bend)[:, None]
        size = len(gamma)
        matrix = np.empty((size + 1, size + 1))
        matrix[:size, :size] = rooted.T @ rooted + np.diag(self._penalties)
        matrix[:size, size] = matrix[size, :size] = -(self._terms.T @ (bend * self._logs))
        matrix[size, size] = bend @ self._logs**2 + self._kappa / theta**2
        return matrix


def _mills(off: Array) -> Array:
    """φ / Φ, without overflow."""
    return np.exp(-0.5 * off**2 - _LOG_ROOT - log_ndtr(off))


# Of log prices, in standard deviations as the median deviation tells them: 4 are a factor of 50 where σ is 1.
REACH = 4.0
_MEDIAN_TO_DEVIATION = 1.4826


def cut_off(logs: Array, among: Array) -> Array:
    """The logarithms, none farther than `REACH` from the median of those `among` them."""
    known = logs[among]
    middle = np.median(known)
    reach = REACH * _MEDIAN_TO_DEVIATION * max(float(np.median(np.abs(known - middle))), 0.25)
    return np.clip(logs, middle - reach, middle + reach)


def solve(
    terms: Array, logs: Array, *, priced: Array, penalties: Array, pull: float, start: Array = None
) -> Solution:
    """Fit; `logs` are the best bids where `priced`, else the start prices nobody bid.

    The logarithms are moved to a mean of nothing first, so that the constant costs no digits.
    """
    logs = cut_off(logs, priced)
    middle = float(logs[priced].mean())
    task = CensoredRidge(terms, logs - middle, priced=priced, penalties=penalties, pull=pull)
    if start is None:
        start = np.append(np.zeros(terms.shape[1]), 1 / max(float(logs[priced].std()), 0.1))
    found = minimize(
        task.value,
        start,
        jac=True,
        hess=task.hessian,
        method="trust-exact",
        options={"gtol": 1e-7 * max(1, len(logs)), "initial_trust_radius": 4.0, "max_trust_radius": 1e3},
    )
    theta = found.x[-1]
    coefficients = found.x[:-1] / theta
    coefficients[0] += middle
    inner = task.hessian(found.x)[:-1, :-1]
    return Solution(coefficients, np.linalg.inv(inner) / theta**2, float(1 / theta), found.x)


def held_out_cost(terms: Array, logs: Array, *, priced: Array, solution: Solution, pull: float) -> float:
    """The cost, without penalty, of rows that the solution has not seen."""
    parameters = np.append(solution.coefficients, 1.0) / solution.sigma
    nothing = np.zeros(terms.shape[1])
    task = CensoredRidge(terms, logs, priced=priced, penalties=nothing, pull=pull)
    return task.value(parameters)[0]
