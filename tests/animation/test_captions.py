import math
import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.animation import narration
from gdviz.animation.animation import Animation, AnimationSettings, make_animation
from gdviz.animation.captions import LINE_LENGTH, READING_SECONDS, Caption, alternative_text, captions, webvtt
from gdviz.animation.events import key_steps
from gdviz.animation.pace import EveryStep, Steady, Teach, moments
from gdviz.core.analysis.range_test import as_range_test
from gdviz.core.analysis.trial_runs import compute
from gdviz.core.data.creation import from_points
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.optimizers import GradientDescent, Momentum, Nesterov
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant, RangeTest, fitted_settings, make_schedule, selectable_schedules
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.problems.surfaces import Himmelblau
from gdviz.panes.range_test.picture import build_trials
from gdviz.presentation.look import BoxChoice, Look, TapeLook, View
from gdviz.scene.scene import Scene
from tests.recordings import invented, lecture, partial, recorded
from tests.seams import Cycle, Plateau


def animation(recordings, pace=None, first=0, last=None, frame_rate=30, **look):
    scene = Scene("Title", tuple(recordings), Look(**look))
    last = max(recording.last_step for recording in recordings) if last is None else last
    return Animation(scene, moments(scene, pace or Teach(), first, last, frame_rate), frame_rate)


def shown(clip):
    """The captions as pairs of the second at which they begin, and their text."""
    return [(round(caption.begin, 2), caption.text) for caption in captions(clip)]


def texts(clip):
    return [text for _, text in shown(clip)]


# What is said, and when


def test_the_captions_of_point_nine_are_the_lecture():
    clip = animation([recorded("point-nine")])
    assert shown(clip) == [
        (0.0, "start: w = 0, b = −1; loss 2.41; learning rate 0.9"),
        (1.5, "step 1: w = 1.47, b = 1.8; loss 4.18"),
        (3.0, "step 4: the path leaves the view; loss 22.1"),
        (4.5, "step 7: w = 4.98, b = 8.72; loss 118"),
        (6.0, "step 10: w = −10.5, b = −18.8; loss 626"),
        (7.53, "step 14: w = −32.5, b = −58.2; loss 5816"),
        (10.57, "step 32: w = −4920, b = −8829; loss 1.32e08"),
        (pytest.approx(15.0, abs=0.2), "step 150: the loss becomes infinite"),
        (
            pytest.approx(16.5, abs=0.2),
            "end, step 200: w = −1.04e24, b = −1.86e24; loss inf\ndiverging: loss infinite since step 150",
        ),
    ]
    # The third step of the lecture: 2.006 and 3.029; and on with the formula, in double precision.
    x, y = (
        column.astype(np.float64)
        for column in (recorded("one").experiment.problem.data.x, recorded("one").experiment.problem.data.y)
    )
    w, b = 0.0, -1.0
    for _ in range(7):
        residual = w * x + b - y
        w, b = w - 0.9 * 2 * (residual * x).mean(), b - 0.9 * 2 * residual.mean()
    assert (w, b, ((w * x + b - y) ** 2).mean()) == pytest.approx((4.98, 8.72, 118.0), rel=0.005)


def test_what_comes_too_fast_is_said_together():
    said = shown(animation([recorded("one")]))
    assert (2.0, "step 2: the path leaves the view; loss 14.8") in said
    assert any(text == "step 92: the loss becomes infinite" for _, text in said)
    (begin, text), (end, last) = said[-2:]
    assert text == "steps 193 and 194: b and w become infinite\nsteps 194 and 195: b and w become NaN"
    assert last == "end, step 200: w = NaN, b = NaN; loss NaN\ndiverging: loss infinite since step 92"
    # There are two seconds left for the two of them.
    assert begin == pytest.approx(16.1, abs=0.1)
    assert end - begin == pytest.approx(18.17 - end, abs=0.1)


def test_what_happens_at_one_step_is_one_sentence():
    said = texts(animation([recorded("ten")]))
    assert "step 13: the loss becomes infinite" in said
    assert "step 28: w and b become infinite; step 29: w and b become NaN" in said


def test_every_event_is_said_at_a_pace_that_is_slow_enough():
    said = shown(animation([recorded("ten")], Steady(2.0), last=40))
    assert (0.5, "step 1: the path leaves the view; loss 1465") not in said  # the start is still being read
    assert (1.5, "step 1: the path leaves the view; loss 1465") in said
    assert (6.5, "step 13: the loss becomes infinite") in said
    assert (14.0, "step 28: w and b become infinite; step 29: w and b become NaN") in said
    assert said[-1] == (19.0, "step 40: w = NaN, b = NaN; loss NaN\ndiverging: loss infinite since step 13")


def test_a_loss_that_becomes_nan_alone():
    losses = [1.0] * 20 + [math.nan] * 21
    said = texts(animation([invented(losses=losses)], Steady(2.0)))
    assert "step 20: the loss becomes NaN" in said


def test_changed_rates_are_said():
    changed = record(lecture(0.1).with_learning_rate(0.5, 20).with_learning_rate(0.05, 60))
    said = texts(animation([changed], Steady(10.0)))
    assert "from step 20 on the learning rate is 0.5" in said
    assert "from step 60 on the learning rate is 0.05" in said
    said = texts(animation([changed], Steady(10.0), first=30))
    assert said[0].startswith("step 30: w = ")
    assert said[0].endswith("; learning rate 0.5")
    assert not any("0.5" in text and "from step 20" in text for text in said)
    fast = texts(animation([changed], Steady(100.0)))
    assert "the learning rate changes 2 times; from step 60 on it is 0.05" in fast


def test_a_held_view_is_left_once():
    said = texts(animation([recorded("point-nine")], view=View.HOLD))
    assert [text for text in said if "leaves" in text] == ["step 4: the path leaves the view; loss 22.1"]


@pytest.mark.parametrize("view", View)
def test_nothing_leaves_a_view_that_is_zoomed_to_the_path(view):
    said = texts(animation([recorded("point-nine")], view=view, box=BoxChoice.PATH))
    assert not [text for text in said if "leaves" in text]
    assert any("the loss becomes infinite" in text for text in said)


def test_a_part_of_a_run_says_what_is_in_it():
    clip = animation([recorded("point-nine")], first=20, last=100)
    said = texts(clip)
    assert said[0].startswith("step 20: w = ")
    assert said[-1].startswith("step 100: w = ")  # not the end of the run
    assert not any("leaves" in text or "becomes" in text for text in said)
    unfinished = partial(recorded("point-nine"), 51)
    assert texts(animation([unfinished]))[-1].startswith("step 50: ")


def test_a_run_that_converges_says_so():
    assert texts(animation([record(lecture(0.7369))]))[-1] == (
        "end, step 200: w = 0.095, b = 0.504; loss 9.98e−05\nconverged: at a minimum, to a millionth of the way down"
    )


def test_several_runs_are_told_apart():
    runs = [recorded("tenth"), recorded("point-nine"), recorded("ten")]
    said = texts(animation(runs, Steady(5.0)))
    assert said[0] == "start: w = 0, b = −1; loss 2.41; learning rate 0.1, 0.9 and 10"
    everything = "\n".join(said)
    assert "step 1, learning rate 10: the path leaves the view; loss 1465" in everything
    assert "learning rate 0.9: the path leaves" not in everything  # the view had grown by then
    assert "step 13, learning rate 10: the loss becomes infinite" in everything
    assert "step 28, learning rate 10: w and b become infinite" in everything
    assert "step 43: loss 0.00893 with learning rate 0.1, 6.04e10 with 0.9 and\nNaN with 10" in everything
    assert said[-1] == (
        "end, step 200, learning rate 0.1: slow, loss 2.24e−04; 0.9:\ndiverging, inf; 10: diverging, NaN"
    )
    apart = [recorded("tenth"), record(lecture(0.1, start=(3.0, 0.5)))]
    assert texts(animation(apart, Steady(5.0)))[0].split("\n") == [
        "start (0, −1): w = 0, b = −1; loss 2.41; learning rate 0.1",
        "start (3, 0.5): w = 3, b = 0.5; loss 3; learning rate 0.1",
    ]
    held = "\n".join(texts(animation(runs, Steady(5.0), view=View.HOLD)))
    assert "step 4, learning rate 0.9: the path leaves the view; loss 22.1" in held


# A range test


def rules_that_race():
    """Gradient descent and two rules with long names, each at a rate of its own."""
    rules = ((0.16, GradientDescent()), (0.005012, Momentum()), (0.008414, Nesterov()))
    return [record(lecture(rate, optimizer=rule)) for rate, rule in rules]


def test_a_race_of_rules_is_told_with_short_names_once_all_is_said():
    clip = animation(rules_that_race())
    said = texts(clip)
    first = " ".join(said[:2]).replace("\n", " ")
    assert (
        "gradient descent, learning rate 0.16; momentum 0.9, learning rate 0.005012; Nesterov momentum 0.9, " in first
    )
    later = [text.replace("\n", " ") for text in said if text.startswith(("step", "end"))]
    assert len(later) > 3
    assert not any("learning rate" in text for text in later)
    assert re.fullmatch(
        r"step 4: loss \S+ with gradient descent, \S+ with momentum 0.9 and \S+ with Nesterov .*", later[0]
    )
    assert all(one.begin < one.end for one in captions(clip))


@pytest.mark.parametrize("many", [2, 4])
def test_no_caption_is_gone_before_it_is_read(many):
    """The states of four runs with long names take several captions, each of which has its time."""
    runs = [record(replace(lecture(0.1, optimizer=Nesterov()), start=(x / 7, 1 / 3))) for x in range(many)]
    for one in captions(animation(runs)):
        assert one.end - one.begin >= 0.99


def test_the_alternative_text_names_every_rule_of_a_race():
    told = alternative_text(animation(rules_that_race()))
    assert told.startswith("Gradient descent, Momentum and Nesterov momentum on Linear regression, steps 0 to 200.")


def swept(**settings):
    return record(as_range_test(lecture(0.1), RangeTest(**settings)))


def test_a_range_test_names_rates_and_suggestions():
    said = texts(animation([swept()]))
    assert said[0] == (
        "start: w = 0, b = −1; loss 2.41; learning rate 1e−04\nrange test: the rate grows at every step from 0.0001 on"
    )
    assert any(text.startswith("step 83, rate 0.0119: w = ") for text in said)
    assert said[-1].startswith("end, step 174: w = ")
    assert said[-1].endswith("range test: lowest loss at rate 1.68 (too high), its tenth 0.168")
    clip = animation([recording := swept()])
    *_, trials = compute(recording.experiment, build_trials(recording).rates)
    tried = texts(replace(clip, scene=replace(clip.scene, trials=trials)))
    assert tried[-1].endswith("1.68 (diverges), its tenth 0.168")
    assert not any(word in text for text in said for word in ("diverging", "converged", "slow", "zigzag"))


def test_a_range_test_that_is_not_over_names_no_picks():
    said = texts(animation([swept()], last=100))
    assert said[-1].startswith("step 100: w = ")
    assert said[-1].endswith("range test: the rate grows at every step from 0.0001 on")
    wild = {"start": 100.0, "end": 1e6, "stops": False}
    assert texts(animation([swept(**wild)]))[-1].endswith("range test: the loss rises from the first rates on")
    by_fastai = texts(animation([swept(**wild, fastai_rules=True)]))
    assert by_fastai[-1].endswith("nothing is left to pick from")


# That they can be read


clips = st.builds(
    animation,
    st.lists(st.sampled_from(["point-nine", "one", "ten", "tenth", "valley"]).map(recorded), min_size=1, max_size=1)
    | st.just([recorded("tenth"), recorded("point-nine"), recorded("ten"), recorded("one")]),
    st.one_of(st.just(Teach()), st.just(EveryStep()), st.builds(Steady, st.floats(0.2, 3000.0))),
    st.integers(0, 100),
    st.integers(100, 200),
    st.sampled_from([1, 20, 30, 120]),
)


@settings(deadline=None, max_examples=40)
@given(clips)
def test_captions_follow_each_other_and_fill_the_clip(clip):
    cues = captions(clip)
    assert (cues[0].begin, cues[-1].end) == (0.0, clip.duration)
    assert all(before.end == behind.begin for before, behind in pairwise(cues))
    for cue in cues:
        assert round(1000 * cue.begin) < round(1000 * cue.end)
        lines = cue.text.split("\n")
        assert 1 <= len(lines) <= 2
        assert all(0 < len(line) <= LINE_LENGTH for line in lines)
    # Only where the clip ends too soon is there less time to read.
    crowded = [cue for cue in cues if cue.end - cue.begin < READING_SECONDS - 1e-9]
    if clip.duration > 10 and len(clip.scene.recordings) == 1:
        assert all(cue.begin > clip.duration - 4 * READING_SECONDS for cue in crowded)
    # What is said of a step is said when it is shown, or up to a caption's time before.
    for cue in cues:
        for step in map(int, re.findall(r"^step (\d+):", cue.text)):
            early = (
                2 * READING_SECONDS if step == clip.steps[1] else READING_SECONDS
            )  # the end has to be read before all is over
            assert cue.begin >= clip.shown_at(step) - early - 1e-9


@pytest.mark.parametrize("pace", [Steady(3000.0), Steady(400.0), Steady(150.0)])
def test_a_short_clip_tells_its_start_and_its_end(pace):
    clip = animation([recorded("one")], pace, frame_rate=60)
    said = texts(clip)
    assert len(said) <= max(1, clip.duration / 0.5)
    assert said[-1].startswith("end, step 200")
    assert len(said) == 1 or said[0].startswith("start: ")


def test_one_picture_has_one_caption():
    (cue,) = captions(animation([recorded("one")], Steady(20.0), first=7, last=7))
    assert cue.text.startswith("step 7: ")


# The file


def test_the_file_is_webvtt():
    cues = (Caption(0.0, 1.5, "a < b\nb & c --> d"), Caption(1.5, 3723.4567, "end"))
    assert webvtt(cues, "One <two>\n\nthree --> four") == (
        "WEBVTT\n\nNOTE One &lt;two&gt; three --&gt; four\n\n"
        "00:00:00.000 --> 00:00:01.500\na &lt; b\nb &amp; c --&gt; d\n\n"
        "00:00:01.500 --> 01:02:03.457\nend\n"
    )
    assert webvtt(cues[1:], "").startswith("WEBVTT\n\nNOTE\n\n00:00:01.500")


@settings(deadline=None)
@given(st.text(), st.floats(0.0, 1e5), st.floats(0.002, 1e4))
def test_no_title_breaks_the_file(title, begin, length):
    file = webvtt((Caption(begin, begin + length, "text"),), title)
    head, note, cue = file.split("\n\n")
    assert head == "WEBVTT"
    assert note.startswith("NOTE")
    assert "-->" not in note
    found = re.fullmatch(r"(\d{2,}):(\d\d):(\d\d\.\d{3}) --> (\d{2,}):(\d\d):(\d\d\.\d{3})\ntext\n", cue)
    numbers = [float(number) for number in found.groups()]
    assert numbers[0] * 3600 + numbers[1] * 60 + numbers[2] == pytest.approx(begin, abs=6e-4)
    assert numbers[3] * 3600 + numbers[4] * 60 + numbers[5] == pytest.approx(begin + length, abs=6e-4)


# For those who cannot see it


def test_the_alternative_text_is_the_whole_in_a_paragraph():
    assert alternative_text(animation([recorded("point-nine")])) == (
        "Gradient descent on Linear regression, steps 0 to 200. The loss as a surface over w and b with the path, the "
        "data, and the loss against the step. Start: w = 0, b = −1; loss 2.41; learning rate 0.9. Step 4: the path "
        "leaves the view; loss 22.1. Step 150: the loss becomes infinite. End, step 200: w = −1.04e24, b = −1.86e24; "
        "loss inf. Diverging."
    )
    slow = alternative_text(animation([recorded("tenth")], pane="contour"))
    assert "as a contour map over w and b" in slow
    assert slow.endswith("Slow: not at a minimum yet.")
    four = record(replace(recorded("four wells").experiment, problem=Himmelblau()))
    assert "over x and y with the path, and the loss against the step." in alternative_text(animation([four]))


def test_a_loss_that_was_infinite_on_the_way_is_no_reason_of_the_verdict():
    back = record(lecture(0.9, steps=1000).with_learning_rate(0.5, 160))
    assert np.isfinite(back.losses[-1])
    told = alternative_text(animation([back]))
    assert "step 150: the loss becomes infinite".capitalize() in told
    assert "Converged: at a minimum" in told
    assert "Diverging: " not in alternative_text(animation([recorded("point-nine")]))


def test_the_alternative_text_tells_the_suggestions():
    text = alternative_text(animation([swept()]))
    assert "with the path, the rates to pick, and the loss against the learning rate." in text
    assert text.endswith("Range test: lowest loss at rate 1.68 (too high), its tenth 0.168.")
    assert len(text) <= 400
    wild = alternative_text(animation([swept(start=1e-3, end=1e9, stops=False)]))
    assert "the loss, b and w become infinite" in wild
    assert wild.endswith("Range test: lowest loss at rate 3.47 (too high), its tenth 0.347.")


def test_the_alternative_text_of_several_runs_is_their_verdicts():
    text = alternative_text(animation([recorded("tenth"), recorded("point-nine"), recorded("ten")]))
    assert text.endswith("Learning rate 0.1: slow. Learning rate 0.9: diverging. Learning rate 10: diverging.")


@settings(deadline=None, max_examples=30)
@given(clips)
def test_the_alternative_text_is_short(clip):
    text = alternative_text(clip)
    assert 100 < len(text) <= 400
    assert "\n" not in text


@pytest.mark.parametrize(
    ("look", "said"),
    [
        (
            Look(pane="map"),
            "The loss as a map of learning rate and number of steps with the run on it, the data, and",
        ),
        (Look(pane="basins"), "A map of the minimum that is reached from each start over w and b with the path, "),
        (Look(switched_on=frozenset({"formula"})), "path, the analytic solution, and the loss against the step."),
        (Look(tape=TapeLook()), "Every operation of prediction and loss with its value, in reverse order its gradient"),
    ],
)
def test_what_replaces_landscape_and_data_is_named(look, said):
    shown = make_animation(Scene("a", (recorded("tenth"),), look), AnimationSettings())
    assert said in alternative_text(shown)


@pytest.mark.parametrize("look", [Look(pane="map"), Look(pane="basins")])
def test_on_a_map_no_path_leaves_the_view(look):
    shown = make_animation(Scene("a", (recorded("point-nine"),), look), AnimationSettings())
    assert "leaves the view" not in alternative_text(shown)


def test_a_clip_that_ends_early_tells_nothing_of_later_steps():
    runs = [recorded("tenth"), recorded("point-nine")]
    early = texts(animation(runs, Steady(5.0), last=20))
    assert early[-1] == "step 20, learning rate 0.1: falling, loss 0.0166; 0.9: rising,\n1.65e05"


# Schedules


def test_a_schedule_is_told_at_the_start_and_where_it_acts():
    schedule = Plateau(0.9, 0.5, 3)
    run = record(lecture(0.9, schedule=schedule, steps=40))
    clip = animation([run])
    assert texts(clip)[0].replace("\n", " ").endswith("learning rate 0.9 (Halve on plateau, factor 0.5, patience 3)")
    changed = np.flatnonzero(np.diff(run.learning_rates)) + 1
    assert [event.step for event in narration.events(clip) if event.kind is narration.Kind.RATE] == changed.tolist()
    assert set(changed.tolist()) <= set(key_steps(clip.scene, 0, 40, 99).tolist())
    assert f"from step {changed[0]} on the learning rate is 0.45" in " ".join(texts(clip)).replace("\n", " ")
    assert narration.progress(clip, 1)[0].startswith("step 1, rate 0.9: ")
    assert "learning rate 0.9 (Halve on plateau" in alternative_text(clip)


def test_a_rate_that_always_changes_is_no_event():
    run = record(lecture(0.1, schedule=Cycle(0.1), optimizer=Momentum(), steps=60).with_learning_rate(0.05, 50))
    clip = animation([run], EveryStep())
    assert [event.step for event in narration.events(clip) if event.kind is narration.Kind.RATE] == [50]
    assert narration.progress(clip, 20)[0].startswith("step 20, rate 0.15: ")


@pytest.mark.parametrize("name", [name for name in selectable_schedules() if name != "constant"])
def test_every_schedule_is_told_in_captions(name):
    settings = fitted_settings(name, {"warmup_steps": 5}, Constant(0.3), 60, False)
    clip = animation([record(lecture(0.3, schedule=make_schedule(name, 0.3, settings), steps=60))])
    told = " ".join(" ".join(texts(clip)).split())
    assert f"({selectable_schedules()[name].title}, " in told
    assert "warm-up of 5 steps" in told
    assert "linear off" not in told
    assert all(len(line) <= LINE_LENGTH for text in texts(clip) for line in text.splitlines())
    assert selectable_schedules()[name].title in alternative_text(clip)


# The names of the data's columns


def with_names(*names):
    data = replace(from_points([0.0, 1.0, 2.0], [1.0, 2.0, 4.0], None, "test"), names=names)
    return record(Experiment(LinearRegression(data), schedule=Constant(0.1), start=(0.0, -1.0), steps=20))


def test_the_captions_begin_with_the_names_of_the_columns():
    clip = animation([with_names("size", "price")])
    assert texts(clip)[0].startswith("data: price against size\nstart: w = 0")
    assert alternative_text(clip).startswith(
        "Gradient descent on Linear regression (price against size), steps 0 to 20."
    )


@pytest.mark.parametrize("names", [("W" * 40, "V" * 40), ("a --> b", "<b>&"), ("房屋面积" * 10, "מחיר")])
def test_any_names_can_be_read_in_captions(names):
    clip = animation([with_names(*names)])
    shown_lines = [line for text in texts(clip) for line in text.splitlines()]
    assert all(len(line) <= LINE_LENGTH for line in shown_lines)
    assert len(alternative_text(clip)) < 500
    written = webvtt(captions(clip), "t")
    assert written.count("-->") == len(captions(clip))
    assert "<b>" not in written
