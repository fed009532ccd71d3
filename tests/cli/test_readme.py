"""What README says of the schedules is what the registry has."""

from pathlib import Path

import pytest

from gdviz.core.descent.schedules import NO_WARM_UP, schedule_settings, selectable_schedules

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", selectable_schedules())
def test_the_table_of_schedules_has_its_settings_and_defaults(name):
    own = {key: setting for key, setting in schedule_settings(name).items() if key not in NO_WARM_UP}
    words = [f"`{key.replace('_', '-')}` {setting.default_text}" for key, setting in own.items()]
    row = f"| `{name}` | {', '.join(words) or 'none'} |"
    assert row in README, f"README.md needs the row: {row}"
