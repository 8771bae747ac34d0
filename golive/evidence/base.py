"""What every part of the record is made of."""

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """A frozen value; a member that it does not know is refused. Its validator is built when it is first used:
    collecting the checks needs none."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


def build_all(model: type[BaseModel] = Model) -> None:
    """Build the validators of all models at once: to be called before several threads make values of them."""
    for kind in model.__subclasses__():
        kind.model_rebuild()
        build_all(kind)
