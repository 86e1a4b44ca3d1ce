"""Every save that touches an object with a history is noticed here, wherever it comes from."""

from typing import Any

from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save

from haiheng.history import recording, tracking

_tables: dict[Any, tuple[Any, str]] = {}
_relations: dict[Any, tuple[Any, str]] = {}


def connect() -> None:
    _tables.update(tracking.watched())
    _relations.update(tracking.watched_relations())
    for table in _tables:
        pre_save.connect(_before_save, sender=table, dispatch_uid="history")
        post_save.connect(_after_save, sender=table, dispatch_uid="history")
        pre_delete.connect(_before_delete, sender=table, dispatch_uid="history")
        post_delete.connect(_after_delete, sender=table, dispatch_uid="history")
    for table in _relations:
        m2m_changed.connect(_relation_changed, sender=table, dispatch_uid="history")


def _root(sender: Any, instance: Any) -> recording.Root | None:
    model, column = _tables[sender]
    pk = getattr(instance, column)
    return (model, pk) if pk is not None else None


def _before_save(sender: Any, instance: Any, *, raw: bool = False, **_kwargs: Any) -> None:
    root = _root(sender, instance)
    if root is not None and not raw:
        recording.before_change(root, new=sender is root[0] and instance._state.adding)


def _after_save(sender: Any, instance: Any, *, raw: bool = False, **_kwargs: Any) -> None:
    root = _root(sender, instance)
    if root is not None and not raw:
        recording.after_change(root)


def _before_delete(sender: Any, instance: Any, **_kwargs: Any) -> None:
    root = _root(sender, instance)
    if root is None:
        return
    if sender is root[0]:
        recording.before_deletion(root)
    else:
        recording.before_change(root, new=False)


def _after_delete(sender: Any, instance: Any, **_kwargs: Any) -> None:
    root = _root(sender, instance)
    if root is not None and sender is not root[0]:
        recording.after_change(root)


def _relation_changed(
    sender: Any, instance: Any, action: str, *, reverse: bool = False, pk_set: Any = None, **_kwargs: Any
) -> None:
    model, column = _relations[sender]
    # From the far end only objects themselves, not rows of them, are known by their keys.
    far = list(pk_set or ()) if column == "pk" else []
    keys = far if reverse else [getattr(instance, column)]
    for pk in keys:
        if action.startswith("pre_"):
            recording.before_change((model, pk), new=False)
        else:
            recording.after_change((model, pk))
