"""Signals held back while an export is under way."""

import signal

import pytest

from gdviz.export.signals import DEFERRED, deferred_signals


@pytest.mark.parametrize("number", DEFERRED)
def test_a_signal_is_held_until_it_is_asked_for(number):
    before = signal.getsignal(number)
    with deferred_signals() as raise_deferred:
        raise_deferred()  # nothing has come yet
        signal.raise_signal(number)
        with pytest.raises(KeyboardInterrupt if number == signal.SIGINT else SystemExit) as raised:
            raise_deferred()
    if number != signal.SIGINT:
        assert raised.value.code == 128 + number
    assert signal.getsignal(number) is before


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="this system has no SIGHUP")
def test_an_export_outlives_its_terminal_under_nohup():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with deferred_signals() as raise_deferred:
            signal.raise_signal(signal.SIGHUP)
            raise_deferred()
    finally:
        signal.signal(signal.SIGHUP, before)
