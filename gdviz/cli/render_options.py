"""The options of `gdviz render`, and the jobs made from them."""

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
from gdviz.cli.arguments import given, is_given, naming_options, number, one_of, option_name, parsed_by, whole_number
from gdviz.cli.options import Range, add_box_options, add_inside_option, wanted_scenario
from gdviz.core.atomic import check_target
from gdviz.core.descent.recording import record
from gdviz.core.errors import InputError, locating, printable
from gdviz.core.reading import check_file_name, check_name, ending_of
from gdviz.core.scenarios.library import shipped
from gdviz.export.job import DEFAULT_SAMPLES, AnimationJob, Job, PictureJob, companion_path
from gdviz.panes.entry import PaneEntry, Place
from gdviz.panes.registry import large_panes, optional_panes, refusal, switches
from gdviz.presentation.look import LANDSCAPES, TEXT_SCALES, DataPane, Look, LossScale, StepScale, TapeLook, Theme, View
from gdviz.scene.scene import Scene

LOOK_OPTIONS = ("theme", "pane", "view", "data_pane", "loss_scale", "step_scale")
"""Fields of `Look` set by an option that takes a name, beside those of `gdviz.cli.options.add_box_options`."""
ANIMATION_OPTIONS = ("fps", "pace", "poster", "captions", "beamer", "orbit", "camera_key")
PICTURE_OPTIONS = ("step",)
LOOK_FLAGS = ("ghost", "inside", "multiples", "equal_axes")
"""Fields of `Look` set by a flag."""
MAX_SAMPLES = 8
BESIDE_TARGET = True
"""The value of `--poster` or `--captions` without a name: the file is named after the target."""


def add_render_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `gdviz render`."""
    add = parser.add_argument
    what = "the output; its ending selects the format"
    add("-o", "--output", type=parsed_by(check_name), metavar="OUT", required=True, help=what)
    add_picture_options(parser)
    add("--all", action="store_true", help="every built-in scenario, into the folder OUT")
    kinds = _format_names()
    add("--format", metavar="NAME", type=one_of(kinds), help=f"with --all: {', '.join(kinds)}")
    add("--dry-run", action="store_true", help="only print frames, duration and size")
    limited = [format for format in FORMATS.values() if format.frame_rates]
    fewer = [f", {format.default_frame_rate} for a {format.name.upper()}" for format in limited]
    add("--fps", type=whole_number(30), metavar="N", help="".join(["frames per second; 30 by default", *fewer]))
    what = "teach (the default), every-step, or steps per second"
    add("--pace", type=parsed_by(parse_pace), metavar="PACE", help=what)
    orbit = number(90, within=(-MAX_DEGREES, MAX_DEGREES))
    add("--orbit", type=orbit, metavar="DEGREES", help="the angle the camera turns over the clip")
    key: dict[str, Any] = {"type": parsed_by(parse_camera_key), "metavar": "STEP:AZIMUTH,ELEVATION,DISTANCE"}
    add("--camera-key", **key, action="append", help="the camera position at a step")
    companion: dict[str, Any] = {"nargs": "?", "type": parsed_by(check_file_name), "const": BESIDE_TARGET}
    add("--poster", **companion, metavar="FILE.png", help="also write the first frame as a picture")
    add("--captions", **companion, metavar="FILE.vtt", help="also write captions that describe what happens")
    add("--beamer", action="store_true", help="for a folder: write each picture once, and the LaTeX that plays them")


def _format_names() -> list[str]:
    """The names of all formats; a folder of pictures goes by the format of its pictures."""
    return list(dict.fromkeys([*FORMATS, *(ending[1:] for ending in PICTURES)]))


def add_picture_options(parser: argparse.ArgumentParser) -> None:
    """Add the options shared by pictures and animations of the stage."""
    add = parser.add_argument
    add("--force", action="store_true", help="replace existing files")
    what = f"in pixels, or {', '.join(NAMED_SIZES)}; 720p by default"
    add("--size", type=parsed_by(parse_size), default="720p", metavar="WxH", help=what)
    add("--step", type=whole_number(20), metavar="N", help="the step a picture shows; the last by default")
    text_scale = number(1.2, within=TEXT_SCALES)
    add("--text-scale", type=text_scale, default=1.0, metavar="X", help="text size; 1 by default")
    add("--transparent", action="store_true", help="with a transparent background")
    samples, what = whole_number(DEFAULT_SAMPLES, within=(0, MAX_SAMPLES)), f"antialiasing in 3D, 0 to {MAX_SAMPLES}"
    add("--samples", type=samples, default=DEFAULT_SAMPLES, metavar="N", help=f"{what}; {DEFAULT_SAMPLES} by default")
    kinds: list[Iterable[str]] = [Theme, large_panes(), View, DataPane, LossScale, StepScale]
    for name, kind in zip(LOOK_OPTIONS, kinds, strict=True):
        what = f"{' or '.join(kind)}; {next(iter(kind))} by default"
        add(option_name(name), type=one_of(kind), metavar="NAME", help=what)
    add_box_options(parser)
    add("--ghost", action="store_true", help="also draw the next 20 steps, dashed")
    add_inside_option(parser)
    _add_switches(parser, Place.ABOVE, Place.BELOW)
    add("--multiples", action="store_true", help="each run on its own surface or contour")
    _add_switches(parser, Place.LEADING)
    add("--check", action="store_true", help="with --tape: also the gradient by finite differences")


def _add_switches(parser: argparse.ArgumentParser, *places: Place) -> None:
    for pane in switches(*places):
        if pane.switch is not None:
            parser.add_argument(option_name(pane.name), action="store_true", help=pane.switch.option)


def asks_for_picture(target: Path | None, what: str, options: argparse.Namespace) -> bool:
    """Whether the target's ending is that of a picture rather than .csv; None stands for standard output.

    InputError for any other ending, picture options without a picture, or a target that may not be replaced.
    """
    ending = None if target is None else ending_of(target)
    if ending not in (None, ".csv", *PICTURES):
        endings = ", ".join((".csv", *PICTURES))
        raise InputError(f"--output: {target}: {what} can be written as {endings}; use one of these endings")
    if target is not None:
        with locating("--output"):
            check_target(target, options.force)
    if ending in PICTURES:
        return True
    pictures = argparse.ArgumentParser()
    add_picture_options(pictures)
    for name, default in vars(pictures.parse_args([])).items():
        if name != "force" and getattr(options, name) != default:
            raise InputError(f"{option_name(name)}: is for pictures, and the output is not one; leave it out")
    return False


def make_jobs(options: argparse.Namespace) -> list[Job]:
    """Compute and check the requested jobs; InputError for options that are not possible.

    With `--all`, scenarios for which they are not possible are skipped, each with a line on standard error.
    """
    wanted = _targets(options)
    if not options.all:
        return [_make_job(name, target, options) for name, target in wanted]
    found, refused = list[Job](), list[str]()
    for name, target in wanted:
        try:
            found.append(_make_job(name, target, options))
        except InputError as error:
            refused.append(f"{name} is skipped: {error}")
    if not found:
        raise InputError(f"nothing can be drawn; {refused[0]}")
    for line in refused:
        print(printable(f"gdviz: {line}"), file=sys.stderr)
    return found


def _targets(options: argparse.Namespace) -> list[tuple[str, Path]]:
    """Each scenario's name and target."""
    out = Path(options.output)
    if not options.all:
        if options.format is not None:
            raise InputError("--format: is for --all; otherwise the ending of -o sets the format")
        if ending_of(out):
            with locating("--output"):
                check_file_name(options.output)
        return [(options.scenario, out)]
    if options.format is None:
        raise InputError(f"--format: is missing; use one of {', '.join(_format_names())}")
    for name in ("poster", "captions"):
        if getattr(options, name) not in (None, BESIDE_TARGET):
            raise InputError(f"{option_name(name)}: with --all the file is named after the animation; give no name")
    known = FORMATS.get(options.format)
    ending = known.ending if known is not None else f".{options.format}"
    return [(name, out / f"{name}{ending}") for name in shipped()]


def _make_job(name: str, target: Path, options: argparse.Namespace) -> Job:
    shown, of_experiment = None, options
    if isinstance(options.steps, tuple):
        shown, of_experiment = options.steps, argparse.Namespace(**{**vars(options), "steps": None})
    is_picture = ending_of(target) in PICTURES
    for option in ANIMATION_OPTIONS if is_picture else PICTURE_OPTIONS:
        if is_given(options, option):
            kind = "animations" if is_picture else "pictures"
            raise InputError(f"{option_name(option)}: is for {kind}, and {target} is not one; leave it out")
    if is_picture and shown is not None:
        raise InputError(f"--steps: a range is for animations; choose the step that {target} shows with --step")
    scenario = wanted_scenario(name, of_experiment)
    recordings = tuple(record(experiment) for experiment in (scenario.experiment, *scenario.others))
    look, question = look_of(options), scenario.question
    scene = Scene(scenario.title, recordings, look, styles=scenario.styles, question=question)
    refused = refusal(scene.look, scene.recordings[0].experiment)
    if refused is not None:
        pane, why = refused
        raise InputError(f"{'--pane' if pane.place is Place.LARGE else option_name(pane.name)}: {why}")
    with naming_options(options):
        return picture_job(scene, target, options) if is_picture else _animation_job(scene, target, shown, options)


def _check_multiples(scene: Scene) -> None:
    if not scene.look.multiples:
        return
    if len(scene.recordings) == 1:
        raise InputError("--multiples: there is only one run; use a scenario with several, or add --race")
    if scene.look.pane not in LANDSCAPES:
        raise InputError(f"--multiples: is for surface and contour, not for the pane {scene.look.pane}; leave it out")


def look_of(options: argparse.Namespace) -> Look:
    """The look that the picture options ask for; InputError for an impossible combination."""
    if options.check and not options.tape:
        raise InputError("--check: is part of the tape; add --tape, or leave it out")
    chosen = given(options, *LOOK_OPTIONS, "box", *LOOK_FLAGS)
    look = Look(text_scale=options.text_scale, transparent=options.transparent, **chosen)
    for pane in optional_panes():
        if getattr(options, pane.name):
            _check_place(pane, look)
            look = pane.switched(look, True)
    return replace(look, tape=TapeLook(checked=True)) if options.check else look


def _check_place(pane: PaneEntry, look: Look) -> None:
    """Raise InputError if another pane is already shown in the same place."""
    for other in optional_panes():
        if other.place is pane.place and other.is_on(look):
            raise InputError(f"{option_name(pane.name)}: conflicts with {option_name(other.name)}; use one of them")


def picture_job(scene: Scene, target: Path, options: argparse.Namespace) -> PictureJob:
    """A picture of the step that the options name, by default the last; InputError if that is not possible."""
    _check_multiples(scene)
    last = scene.last_step
    step = last if options.step is None else options.step
    if not 0 <= step <= last:
        raise InputError(f"--step: {step} is not in this run; use 0 to {last}")
    return PictureJob(scene, step, options.size, target, options.samples)


def _animation_job(scene: Scene, target: Path, shown: Range | None, options: argparse.Namespace) -> AnimationJob:
    _check_multiples(scene)
    with locating("--output"):
        format = format_of(target)
    if options.beamer and format.ending:
        raise InputError(f"--beamer: is for a folder of pictures, and {target} is not one; leave it out")
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
    poster = _companion(options.poster, companion_path(target, format, ".png"), "--poster")
    captions = _companion(options.captions, companion_path(target, format, ".vtt"), "--captions")
    return AnimationJob(animation, format, settings.size, target, poster, captions, options.beamer, options.samples)


def _companion(name: str | bool | None, default: Path, option: str) -> Path | None:
    """The file that an option asks for; InputError if its ending differs from the default's."""
    if not isinstance(name, str):
        return None if name is None else default
    if ending_of(Path(name)) != ending_of(default):
        raise InputError(f"{option}: {name} does not end in {ending_of(default)}; use a name that does")
    return Path(name)
