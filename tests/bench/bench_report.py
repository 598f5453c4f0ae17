# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a benchmark writes, in the form that `./dev bench` judges."""

import datetime
import json
import os
import platform


class Report:
    """The results, in the format that `./dev bench` checks."""

    def __init__(self, name, circumstances=None):
        self.name = name
        self.circumstances = circumstances
        self.results = []

    def ratio(self, result_id, unit, ours, reference, reference_is, limit):
        ratio = ours / reference if reference else float("inf")
        self._add(result_id, unit, ours, reference, reference_is, ratio, limit)

    def budget(self, result_id, unit, ours, limit_value, control, control_is):
        """A budget in thread CPU time: the ratio is against the budget, the control is told beside it."""
        self._add(
            result_id,
            unit,
            ours,
            limit_value,
            f"the budget; {control_is}: {control:.3f} {unit}",
            ours / limit_value,
            1.0,
        )

    def _add(self, result_id, unit, ours, reference, reference_is, ratio, limit):
        self.results.append(
            {
                "id": result_id,
                "unit": unit,
                "ours": round(ours, 4),
                "reference": round(reference, 4),
                "reference_is": reference_is,
                "ratio": round(ratio, 3),
                "limit": limit,
            }
        )

    def write(self, folder):
        os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, self.name + ".json")
        with open(path, "w", encoding="utf-8") as file:
            machine = f"{platform.machine()}, {os.cpu_count()} CPUs, {platform.release()}"
            json.dump(
                {
                    "name": self.name,
                    "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
                    "machine": f"{machine}, {self.circumstances}" if self.circumstances else machine,
                    "results": self.results,
                },
                file,
                indent=2,
            )
            file.write("\n")
        return all(r["ratio"] <= r["limit"] for r in self.results)
