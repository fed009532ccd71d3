"""Write scipy.json: Newton's method on SciPy's Rosenbrock function, as references for the tests.

It needs scipy 1.17, which is not a dependency of gdviz; run it as the script beside it:

    /tmp/torchvenv/bin/pip install scipy==1.17.1
    /tmp/torchvenv/bin/python tests/core/descent/references/make_scipy_references.py

Gradient, Hessian and the solution of the linear equations are SciPy's. Nothing of gdviz is imported.
"""

import json
from pathlib import Path

import numpy as np
import scipy
from scipy.linalg import solve
from scipy.optimize import rosen_der, rosen_hess

STARTS = ((-1.2, 1.0), (0.5, -0.5), (2.0, 1.5), (-3.0, -2.0), (0.0, 0.1))
STEPS = 7


def main() -> None:
    """The points of a few steps from each start."""
    cases = []
    for start in STARTS:
        point, rows = np.array(start), []
        for _ in range(STEPS + 1):
            rows.append([*map(repr, point.tolist())])
            point = point - solve(rosen_hess(point), rosen_der(point), assume_a="sym")
        cases.append({"start": start, "points": rows})
    lines = ",\n".join(json.dumps(case) for case in cases)
    text = f'{{"scipy": "{scipy.__version__}", "cases": [\n{lines}\n]}}\n'
    (Path(__file__).parent / "scipy.json").write_text(text)


if __name__ == "__main__":
    main()
