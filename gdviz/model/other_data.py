"""Other data for the run of a session: many rows are made beside it, taken up when they are there, or given up."""

from typing import TYPE_CHECKING

from gdviz.core.dataset import DataSettings
from gdviz.core.errors import InputError
from gdviz.core.regression import LinearRegression
from gdviz.model import recipe

if TYPE_CHECKING:
    from gdviz.model.session import Session


class OtherData:
    """What a session does with its `gdviz.model.data_maker.DataMaker`; what there is stays until others are there."""

    def __init__(self, session: "Session") -> None:
        """Nothing is wanted yet."""
        self._session = session

    def make(self, settings: DataSettings) -> None:
        """Let data be made for the recipe's regression, however many rows."""
        session, problem = self._session, self._session.experiment.problem
        assert isinstance(problem, LinearRegression)
        try:
            session.runs.pinned.check_other_data()
        except InputError as error:
            session.refuse(str(error))
            return
        session.data_maker.want(problem, settings)
        session.tell_controls()
        session.keep_ticking()

    def take_up(self) -> None:
        """Give the recipe the data, if they are there by now; or say why there are none."""
        session = self._session
        made = session.data_maker.take()
        if made is None:
            return
        if made.problem is not None:
            problem = made.problem
            session.change_to(lambda: recipe.with_made(session.experiment, problem))
        elif made.refusal:
            session.refuse(made.refusal)
        else:
            session.failed.emit(made.error)

    def give_up(self) -> bool:
        """Want no others any more; whether some were on their way."""
        was_wanted = self._session.data_maker.is_busy
        self._session.data_maker.forget()
        return was_wanted
