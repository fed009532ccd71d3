"""The options of `gdviz render`, and the jobs that they ask for."""

import argparse
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from gdviz.animation.animation import AnimationSettings, make_animation
from gdviz.animation.camera_path import MAX_DEGREES, CameraPath, parse_camera_key
from gdviz.animation.formats import FORMATS, NAMED_SIZES, PICTURES, format_of, parse_size
from gdviz.animation.pace import Teach, parse_pace
from gdviz.cli.arguments import given, is_given, named_as_typed, number, one_of, option_of, read_by, whole_number
from gdviz.cli.options import Range, wanted_scenario
from gdviz.core.atomic import check_target
from gdviz.core.descent.recording import record
from gdviz.core.errors import InputError, locating, printable
from gdviz.core.reading import check_file_name, check_name, ending_of
from gdviz.core.scenarios.library import shipped
from gdviz.export.job import SAMPLES, AnimationJob, Job, PictureJob, beside
from gdviz.panes.entry import PaneEntry, Place
from gdviz.panes.registry import large_panes, optional_panes, refusal, switches
from gdviz.presentation.look import LANDSCAPES, TEXT_SCALES, DataPane, Look, LossScale, TapeLook, Theme, View
from gdviz.scene.scene import Scene

LOOKS = ("theme", "pane", "view", "data_pane", "loss_scale")
"""The parts of the look that have a name."""
ANIMATION_OPTIONS = ("fps", "pace", "poster", "captions", "beamer", "orbit", "camera_key")
PICTURE_OPTIONS = ("step",)
SWITCHES = ("ghost", "multiples")
"""The parts of the look that are only switched on."""
MAX_SAMPLES = 8
BESIDE = True
"""The value of an option for a file beside the target, if it is to be named like the target."""


def add_render_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `gdviz render` alone."""
    add = parser.add_argument
    what = "what to write; its ending says which kind"
    add("-o", "--output", type=read_by(check_name), metavar="OUT", required=True, help=what)
    add_picture_options(parser)
    add("--all", action="store_true", help="every shipped scenario, into the folder OUT")
    kinds = _kinds()
    add("--format", metavar="NAME", type=one_of(kinds), help=f"with --all: {', '.join(kinds)}")
    add("--dry-run", action="store_true", help="write nothing; print frames, duration and size")
    limited = [format for format in FORMATS.values() if format.frame_rates]
    fewer = [f", {format.default_frame_rate} for a {format.name.upper()}" for format in limited]
    add("--fps", type=whole_number(30), metavar="N", help="".join(["frames a second; 30 by default", *fewer]))
    what = "teach (the default), every-step, or a number of steps a second"
    add("--pace", type=read_by(parse_pace), metavar="PACE", help=what)
    orbit = number(90, within=(-MAX_DEGREES, MAX_DEGREES))
    add("--orbit", type=orbit, metavar="DEGREES", help="turn the camera so far around over the clip")
    position = "STEP:AZIMUTH,ELEVATION,DISTANCE"
    add("--camera-key", type=read_by(parse_camera_key), action="append", metavar=position, help="where it is at a step")
    beside: dict[str, Any] = {"nargs": "?", "type": read_by(check_file_name), "const": BESIDE}
    add("--poster", **beside, metavar="FILE.png", help="also the first frame as a picture")
    add("--captions", **beside, metavar="FILE.vtt", help="also what happens when, in words")
    add("--beamer", action="store_true", help="for a folder: also the lines that play it in LaTeX")


def _kinds() -> list[str]:
    """The names of all formats; a folder of pictures has the name of its pictures."""
    return list(dict.fromkeys([*FORMATS, *(ending[1:] for ending in PICTURES)]))


def add_picture_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of every picture of the stage, single or in an animation."""
    add = parser.add_argument
    add("--force", action="store_true", help="replace what is there already")
    what = f"in pixels, or {', '.join(NAMED_SIZES)}; 720p by default"
    add("--size", type=read_by(parse_size), default="720p", metavar="WxH", help=what)
    add("--step", type=whole_number(20), metavar="N", help="of a picture: the step to show; the last one by default")
    text_scale = number(1.2, within=TEXT_SCALES)
    add("--text-scale", type=text_scale, default=1.0, metavar="X", help="the size of text; 1 by default")
    add("--transparent", action="store_true", help="without background")
    samples, what = whole_number(SAMPLES, within=(0, MAX_SAMPLES)), f"antialiasing in 3D, 0 to {MAX_SAMPLES}"
    add("--samples", type=samples, default=SAMPLES, metavar="N", help=f"{what}; {SAMPLES} by default")
    kinds: list[Iterable[str]] = [Theme, large_panes(), View, DataPane, LossScale]
    for name, kind in zip(LOOKS, kinds, strict=True):
        what = f"{' or '.join(kind)}; {next(iter(kind))} by default"
        add(option_of(name), type=one_of(kind), metavar="NAME", help=what)
    add("--ghost", action="store_true", help="also the next 20 steps, dashed")
    _add_switches(parser, Place.ABOVE, Place.BELOW)
    add("--multiples", action="store_true", help="each of several runs on a surface, or a contour, of its own")
    _add_switches(parser, Place.LEADING)
    add("--check", action="store_true", help="with --tape: also its gradient by finite differences")


def _add_switches(parser: argparse.ArgumentParser, *places: Place) -> None:
    for pane in switches(*places):
        if pane.switch is not None:
            parser.add_argument(option_of(pane.name), action="store_true", help=pane.switch.option)


def asks_for_picture(target: Path | None, what: str, options: argparse.Namespace) -> bool:
    """Whether the target (None for standard output) is, by its ending, a picture rather than numbers.

    InputError for any other ending, options of pictures without a picture, or a target that may not be replaced.
    """
    ending = None if target is None else ending_of(target)
    if ending not in (None, ".csv", *PICTURES):
        endings = ", ".join((".csv", *PICTURES))
        raise InputError(f"--output: {target}: {what} is written as one of {endings}; take one of these endings")
    if target is not None:
        with locating("--output"):
            check_target(target, options.force)
    if ending in PICTURES:
        return True
    pictures = argparse.ArgumentParser()
    add_picture_options(pictures)
    for name, usual in vars(pictures.parse_args([])).items():
        if name != "force" and getattr(options, name) != usual:
            raise InputError(f"{option_of(name)}: is for pictures, and this will be none; leave it out")
    return False


def jobs(options: argparse.Namespace) -> list[Job]:
    """What the options ask for, computed and checked; InputError in one line for what is impossible.

    With `--all`, scenarios that the options do not fit are left out, with a line on standard error for each.
    """
    wanted = _wanted(options)
    if not options.all:
        return [_job(name, target, options) for name, target in wanted]
    found, refused = list[Job](), list[str]()
    for name, target in wanted:
        try:
            found.append(_job(name, target, options))
        except InputError as error:
            refused.append(f"{name} is left out: {error}")
    if not found:
        raise InputError(f"nothing can be drawn; {refused[0]}")
    for line in refused:
        print(printable(f"gdviz: {line}"), file=sys.stderr)
    return found


def _wanted(options: argparse.Namespace) -> list[tuple[str, Path]]:
    """The scenarios with their targets."""
    out = Path(options.output)
    if not options.all:
        if options.format is not None:
            raise InputError("--format: goes with --all; else the ending of -o says it")
        if ending_of(out):
            with locating("--output"):
                check_file_name(options.output)
        return [(options.scenario, out)]
    if options.format is None:
        raise InputError(f"--format: is missing; take one of {', '.join(_kinds())}")
    for name in ("poster", "captions"):
        if getattr(options, name) not in (None, BESIDE):
            raise InputError(f"{option_of(name)}: with --all it is named like the file; give no name")
    known = FORMATS.get(options.format)
    ending = known.ending if known is not None else f".{options.format}"
    return [(name, out / f"{name}{ending}") for name in shipped()]


def _job(name: str, target: Path, options: argparse.Namespace) -> Job:
    shown, of_experiment = None, options
    if isinstance(options.steps, tuple):
        shown, of_experiment = options.steps, argparse.Namespace(**{**vars(options), "steps": None})
    is_picture = ending_of(target) in PICTURES
    for option in ANIMATION_OPTIONS if is_picture else PICTURE_OPTIONS:
        if is_given(options, option):
            kind = "animations" if is_picture else "pictures"
            raise InputError(f"{option_of(option)}: is for {kind}, and {target} will be none; leave it out")
    if is_picture and shown is not None:
        raise InputError(f"--steps: a range is for animations; say with --step which one {target} shows")
    scenario = wanted_scenario(name, of_experiment)
    recordings = tuple(record(experiment) for experiment in (scenario.experiment, *scenario.others))
    scene = Scene(scenario.title, recordings, look_of(options), styles=scenario.styles)
    refused = refusal(scene.look, scene.recordings[0].experiment)
    if refused is not None:
        pane, why = refused
        raise InputError(f"{'--pane' if pane.place is Place.LARGE else option_of(pane.name)}: {why}")
    with named_as_typed(options):
        return picture_job(scene, target, options) if is_picture else _animation_job(scene, target, shown, options)


def _check_multiples(scene: Scene) -> None:
    if not scene.look.multiples:
        return
    if len(scene.recordings) == 1:
        raise InputError("--multiples: there is but one run; take a scenario with several, or add --race")
    if scene.look.pane not in LANDSCAPES:
        raise InputError(f"--multiples: is for surface and contour, not for the pane {scene.look.pane}; leave it out")


def look_of(options: argparse.Namespace) -> Look:
    """The look that the options of a picture ask for; InputError for what is impossible."""
    if options.check and not options.tape:
        raise InputError("--check: stands below the tape; add --tape, or leave it out")
    look = Look(text_scale=options.text_scale, transparent=options.transparent, **given(options, *LOOKS, *SWITCHES))
    for pane in optional_panes():
        if getattr(options, pane.name):
            _check_room(pane, look)
            look = pane.switched(look, True)
    return replace(look, tape=TapeLook(checked=True)) if options.check else look


def _check_room(pane: PaneEntry, look: Look) -> None:
    """InputError where another pane is asked for in the same place."""
    for other in optional_panes():
        if other.place is pane.place and other.is_on(look):
            raise InputError(f"{option_of(pane.name)}: has the place of {option_of(other.name)}; take one of them")


def picture_job(scene: Scene, target: Path, options: argparse.Namespace) -> PictureJob:
    """One picture, at the step that the options name or the last one; InputError for what is impossible."""
    _check_multiples(scene)
    last = scene.last_step
    step = last if options.step is None else options.step
    if not 0 <= step <= last:
        raise InputError(f"--step: {step} is not in this run; take 0 to {last}")
    return PictureJob(scene, step, options.size, target, options.samples)


def _animation_job(scene: Scene, target: Path, shown: Range | None, options: argparse.Namespace) -> AnimationJob:
    _check_multiples(scene)
    with locating("--output"):
        format = format_of(target)
    if options.beamer and format.ending:
        raise InputError(f"--beamer: is for a folder of pictures, and {target} will be none; leave it out")
    steps = None
    if shown is not None:
        steps = (shown[0] or 0, scene.last_step if shown[1] is None else shown[1])
    settings = AnimationSettings(
        format,
        options.size,
        format.default_frame_rate if options.fps is None else options.fps,
        steps,
        Teach() if options.pace is None else options.pace,
        scene.look.theme,
        scene.look.text_scale,
        scene.look.transparent,
        CameraPath(tuple(options.camera_key or ()), options.orbit or 0.0),
    )
    animation = make_animation(scene, settings)
    poster = _named(options.poster, beside(target, format, ".png"), "--poster")
    captions = _named(options.captions, beside(target, format, ".vtt"), "--captions")
    return AnimationJob(animation, format, settings.size, target, poster, captions, options.beamer, options.samples)


def _named(name: str | bool | None, usual: Path, option: str) -> Path | None:
    """The file that an option names; InputError if its ending is not the usual one's."""
    if not isinstance(name, str):
        return None if name is None else usual
    if ending_of(Path(name)) != ending_of(usual):
        raise InputError(f"{option}: {name} does not end in {ending_of(usual)}; take a name that does")
    return Path(name)
