"""The options of `gdviz render`, and the jobs that they ask for."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from gdviz.core.errors import InputError
from gdviz.core.library import load_scenario, shipped
from gdviz.core.recording import record
from gdviz.export.job import SAMPLES, AnimationJob, Job, PictureJob, beside
from gdviz.model.camera_path import CameraPath, parse_camera_key
from gdviz.model.charts import check_pane
from gdviz.model.export_settings import AnimationSettings, make_animation
from gdviz.model.formats import FORMATS, PICTURE_ENDINGS, format_of
from gdviz.model.look import LANDSCAPES, TEXT_SCALES, DataPane, Look, LossScale, Pane, TapeLook, Theme, View
from gdviz.model.pace import Teach, parse_pace
from gdviz.model.picture_size import NAMED_SIZES, parse_size
from gdviz.model.scene import Scene
from gdviz.options import overridden, raced
from gdviz.step_range import Range

LOOKS = {"theme": Theme, "pane": Pane, "view": View, "data_pane": DataPane, "loss_scale": LossScale}
ANIMATION_OPTIONS = ("fps", "pace", "poster", "captions", "beamer", "orbit", "camera_key")
PICTURE_OPTIONS = ("step",)
SWITCHES = {
    "ghost": "also the next 20 steps, dashed",
    "formula": "the analytic solution in the place of the data",
    "multiples": "each of several runs on a surface, or a contour, of its own",
}
"""What of the look is only switched on, and the words for it."""
MAX_SAMPLES = 8
BESIDE = ""
"""The value of an option that names a file beside the target, with the target's name."""


def add_render_options(parser: argparse.ArgumentParser) -> None:
    """Add what `gdviz render` has."""
    add = parser.add_argument
    add("-o", "--output", metavar="OUT", required=True, help="what to write; its ending says which kind")
    add_picture_options(parser)
    add("--all", action="store_true", help="every shipped scenario, into the folder OUT")
    add("--format", metavar="NAME", help="with --all: " + ", ".join(_kinds()))
    add("--dry-run", action="store_true", help="write nothing; print frames, duration and size")
    add("--fps", type=int, metavar="N", help="frames a second; 30 by default, 25 for a GIF")
    add("--pace", metavar="PACE", help="teach (the default), every-step, or a number of steps a second")
    add("--orbit", type=float, metavar="DEGREES", help="turn the camera so far around over the clip")
    add("--camera-key", action="append", metavar="STEP:AZIMUTH,ELEVATION,DISTANCE", help="where it is at a step")
    add("--poster", nargs="?", const=BESIDE, metavar="FILE.png", help="also the first frame as a picture")
    add("--captions", nargs="?", const=BESIDE, metavar="FILE.vtt", help="also what happens when, in words")
    add("--beamer", action="store_true", help="for a folder: also the lines that play it in LaTeX")


def add_picture_options(parser: argparse.ArgumentParser) -> None:
    """Add what every picture of the stage has, be it a single one."""
    add = parser.add_argument
    add("--force", action="store_true", help="replace what is there already")
    add("--size", default="720p", metavar="WxH", help=f"in pixels, or {', '.join(NAMED_SIZES)}; 720p by default")
    add("--step", type=int, metavar="N", help="of a picture: the step to show; the last one by default")
    add("--text-scale", type=float, default=1.0, metavar="X", help="the size of text; 1 by default")
    add("--transparent", action="store_true", help="without background")
    add("--samples", type=int, default=SAMPLES, metavar="N", help=f"antialiasing in 3D, 0 to 8; {SAMPLES} by default")
    for name, kind in LOOKS.items():
        add(f"--{name.replace('_', '-')}", metavar="NAME", help=f"{' or '.join(kind)}; {next(iter(kind))} by default")
    for name, words in SWITCHES.items():
        add(f"--{name}", action="store_true", help=words)
    add("--tape", action="store_true", help="every operation of the step in the place of the landscape, which moves")
    add("--check", action="store_true", help="with --tape: also its gradient by finite differences")


def asks_for_picture(target: Path | None, what: str, options: argparse.Namespace) -> bool:
    """Whether a target that may also be numbers is a picture, by its ending; no target is standard output.

    InputError for any other ending, and for options of pictures where there will be none.
    """
    if target is not None and target.suffix.lower() in PICTURE_ENDINGS:
        return True
    if target is not None and target.suffix.lower() != ".csv":
        endings = ", ".join((".csv", *PICTURE_ENDINGS))
        raise InputError(f"{target}: {what} is written as one of {endings}; take one of these endings")
    pictures = argparse.ArgumentParser()
    add_picture_options(pictures)
    for name, usual in vars(pictures.parse_args([])).items():
        if name != "force" and getattr(options, name) != usual:
            raise InputError(f"--{name.replace('_', '-')}: is for pictures, and this will be none")
    return False


def jobs(options: argparse.Namespace) -> list[Job]:
    """What is asked for, computed and checked; InputError in one line for what is not possible."""
    shown = options.steps if isinstance(options.steps, Range) else None
    if shown is not None:
        options = argparse.Namespace(**{**vars(options), "steps": None})
    if not options.all:
        return [_job(name, target, shown, options) for name, target in _wanted(options)]
    return _that_can_be([(name, target, shown, options) for name, target in _wanted(options)])


def _that_can_be(wanted: Sequence[tuple[str, Path, Range | None, argparse.Namespace]]) -> list[Job]:
    """The jobs of many scenarios but for those for which the options are not; a line on standard error for each.

    InputError where there is none left.
    """
    found, refused = list[Job](), list[str]()
    for each in wanted:
        try:
            found.append(_job(*each))
        except InputError as error:
            refused.append(f"{each[0]} is left out: {error}")
    if not found:
        raise InputError(f"nothing can be drawn; {refused[0]}")
    for line in refused:
        print(f"gdviz: {line}", file=sys.stderr)
    return found


def _kinds() -> list[str]:
    return [*FORMATS, *(ending[1:] for ending in PICTURE_ENDINGS if ending[1:] not in FORMATS)]


def _wanted(options: argparse.Namespace) -> list[tuple[str, Path]]:
    """The scenarios with their targets."""
    out = Path(options.output)
    if not options.all:
        if options.format is not None:
            raise InputError("--format: goes with --all; else the ending of -o says it")
        return [(options.scenario, out)]
    if options.format not in _kinds():
        raise InputError(f"--format: {options.format or 'none'} is no format; take one of {', '.join(_kinds())}")
    if options.poster or options.captions:
        raise InputError("--poster, --captions: with --all they are named like the files; give no name")
    known = FORMATS.get(options.format)
    ending = known.ending if known is not None else f".{options.format}"
    return [(name, out / f"{name}{ending}") for name in shipped()]


def _job(name: str, target: Path, shown: Range | None, options: argparse.Namespace) -> Job:
    is_picture = target.suffix.lower() in PICTURE_ENDINGS
    for option in ANIMATION_OPTIONS if is_picture else PICTURE_OPTIONS:
        if getattr(options, option) not in (None, False):
            kind = "animations" if is_picture else "pictures"
            raise InputError(f"--{option.replace('_', '-')}: is for {kind}, and {target} will be none")
    if is_picture and shown is not None:
        raise InputError(f"--steps: a range is for animations; say with --step which one {target} shows")
    scenario = raced(overridden(load_scenario(name), options), options)
    recordings = tuple(record(experiment) for experiment in (scenario.experiment, *scenario.others))
    scene = Scene(scenario.title, recordings, look_of(options), styles=scenario.styles)
    check_pane(scene)
    if is_picture:
        return picture_job(scene, target, options)
    return _animation_job(scene, target, shown, options)


def _check_multiples(scene: Scene) -> None:
    if not scene.look.multiples:
        return
    if len(scene.recordings) == 1:
        raise InputError("--multiples: there is but one run; take a scenario with several, or add --race")
    if scene.look.pane not in LANDSCAPES:
        raise InputError(f"--multiples: is for surface and contour, not for the pane {scene.look.pane}; leave it out")


def look_of(options: argparse.Namespace) -> Look:
    """How the options of a picture want it to be looked at; InputError for what is not possible."""
    low, high = TEXT_SCALES
    if not low <= options.text_scale <= high:
        raise InputError(f"--text-scale: {options.text_scale:g} is not possible; take {low:g} to {high:g}")
    chosen: dict[str, Any] = {}
    for field, kind in LOOKS.items():
        name = getattr(options, field)
        if name is not None:
            if name not in list(kind):
                raise InputError(f"--{field.replace('_', '-')}: there is no {name!r}; take one of {', '.join(kind)}")
            chosen[field] = kind(name)
    switched = {name: getattr(options, name) for name in SWITCHES}
    if options.check and not options.tape:
        raise InputError("--check: stands below the tape; add --tape, or leave it out")
    tape = TapeLook(checked=options.check) if options.tape else None
    look = Look(text_scale=options.text_scale, transparent=options.transparent, tape=tape)
    return replace(look, **chosen, **switched)


def picture_job(scene: Scene, target: Path, options: argparse.Namespace) -> PictureJob:
    """One picture, at the step that the options say or the last one; InputError for what is not possible."""
    _check_samples(options)
    _check_multiples(scene)
    last = scene.last_step
    step = last if options.step is None else options.step
    if not 0 <= step <= last:
        raise InputError(f"--step: {step} is not in this run; take 0 to {last}")
    return PictureJob(scene, step, parse_size(options.size), target, options.samples)


def _check_samples(options: argparse.Namespace) -> None:
    if not 0 <= options.samples <= MAX_SAMPLES:
        raise InputError(f"--samples: {options.samples} is not possible; take 0 to {MAX_SAMPLES}")


def _animation_job(scene: Scene, target: Path, shown: Range | None, options: argparse.Namespace) -> AnimationJob:
    _check_samples(options)
    _check_multiples(scene)
    format = format_of(target)
    if options.beamer and format.ending:
        raise InputError(f"--beamer: is for a folder of pictures, and {target} will be none")
    settings = AnimationSettings(
        format,
        parse_size(options.size),
        format.usual_frame_rate if options.fps is None else options.fps,
        None if shown is None else shown.within(scene.last_step),
        Teach() if options.pace is None else parse_pace(options.pace),
        scene.look.theme,
        scene.look.text_scale,
        scene.look.transparent,
        CameraPath(tuple(parse_camera_key(text) for text in options.camera_key or ()), options.orbit or 0.0),
    )
    animation = make_animation(scene, settings)
    poster = _named(options.poster, beside(target, format, ".png"), "--poster")
    captions = _named(options.captions, beside(target, format, ".vtt"), "--captions")
    return AnimationJob(animation, format, settings.size, target, poster, captions, options.beamer, options.samples)


def _named(name: str | None, usual: Path, option: str) -> Path | None:
    """The file that an option names; InputError where it does not end as the usual one does."""
    if name is None or name == BESIDE:
        return None if name is None else usual
    if Path(name).suffix.lower() != usual.suffix:
        raise InputError(f"{option}: {name} does not end in {usual.suffix}; take a name that does")
    return Path(name)
