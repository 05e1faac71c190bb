"""Setting quantities in batches: who was refused is singled out; who could not be asked says so."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from shopkeeper.flows.products.publishing.ports import OutsideError, QuantityAnswer, QuantityWish

Batch = list[tuple[int, QuantityWish]]


def in_batches(wishes: Sequence[QuantityWish], most: int) -> list[Batch]:
    """The wishes, each with its place, item by item, at most so many together."""
    by_item: dict[str, Batch] = {}
    for place, wish in enumerate(wishes):
        by_item.setdefault(wish.item_no, []).append((place, wish))
    return [batch[at : at + most] for batch in by_item.values() for at in range(0, len(batch), most)]


def set_each(
    wishes: Sequence[QuantityWish],
    batches: Sequence[Batch],
    ask: Callable[[Sequence[QuantityWish]], None],
    parallel: int,
) -> list[QuantityAnswer]:
    """One answer per wish, in order. A batch the platform refuses is asked again one by one.

    Raises the first `OutsideError` where nothing at all could be asked.
    """
    answers: dict[int, QuantityAnswer] = {}

    def run(batch: Batch) -> None:
        try:
            ask([wish for _, wish in batch])
        except OutsideError as error:
            if error.kind == "permanent" and len(batch) > 1:
                for one in batch:
                    run([one])
                return
            answers.update({place: QuantityAnswer(wish, error) for place, wish in batch})
        else:
            answers.update({place: QuantityAnswer(wish) for place, wish in batch})

    if batches:
        with ThreadPoolExecutor(min(parallel, len(batches))) as threads:
            list(threads.map(run, batches))
    found = [answers[place] for place in range(len(wishes))]
    errors = [answer.error for answer in found if answer.error is not None and answer.error.kind != "permanent"]
    if found and len(errors) == len(found):
        raise errors[0]
    return found
