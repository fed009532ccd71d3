"""What README says of the schedules and scenarios is what there is."""

import re
from pathlib import Path

import pytest

from gdviz.core.descent.schedules import NO_WARM_UP, schedule_settings, selectable_schedules
from gdviz.core.scenarios.library import shipped

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", selectable_schedules())
def test_the_table_of_schedules_has_its_settings_and_defaults(name):
    own = {key: setting for key, setting in schedule_settings(name).items() if key not in NO_WARM_UP}
    words = [f"`{key.replace('_', '-')}` {setting.default_text}" for key, setting in own.items()]
    row = f"| `{name}` | {', '.join(words) or 'none'} |"
    assert row in README, f"README.md needs the row: {row}"


def test_the_scenarios_are_named_in_the_order_of_the_lecture():
    listed = README.partition("\nScenarios: ")[2].partition(". Since")[0]
    assert re.findall(r"`([a-z-]+)`", listed) == list(shipped())
