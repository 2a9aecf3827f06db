"""Custom fields: which values each type takes, and what becomes of values when a definition changes."""

import msgspec
import pytest

from domains.customers import (
    ChangeCustomer,
    ChangeField,
    CreateCustomer,
    CustomField,
    CustomFieldChanged,
    CustomFieldDefined,
    CustomFieldRemoved,
    DefineField,
    FieldKeeping,
    FieldType,
    RecordKeeping,
)
from domains.shared.errors import AlreadyExists, Conflict, Forbidden, ValidationFailed, VersionConflict
from domains.shared.permissions import Role
from tests.support.fakes import NOON, MemoryWork, StillClock, actor
from tests.support.fakes_customers import MemoryCustomers, MemoryCustomFields
from tests.support.fakes_quotas import MemoryQuotas

SIZE = DefineField(key="size", label="Size", type=FieldType.CHOICE, choices=("small", "large"))


class Desk:
    """An admin who defines fields, and keeps records."""

    def __init__(self, role: Role = Role.ADMIN) -> None:
        clock, who = StillClock(), actor(role)
        self.work = MemoryWork(who.tenant)
        fields = MemoryCustomFields(self.work)
        self.keeping = FieldKeeping(who, fields, clock, self.work)
        self.records = RecordKeeping(who, MemoryCustomers(self.work), fields, MemoryQuotas(), clock, self.work)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.mark.parametrize(
    ("kind", "taken", "refused"),
    [
        (FieldType.TEXT, ["", "hello"], [1, True, 1.5]),
        (FieldType.NUMBER, [0, -1, 1.5], ["1", True, ""]),
        (FieldType.BOOLEAN, [True, False], [0, 1, "true"]),
        (
            FieldType.DATE,
            ["2026-11-21", "2024-02-29"],
            ["2026-02-29", "20261121", "2026-11-21T00:00", 20261121, "", "x"],
        ),
        (FieldType.CHOICE, ["small", "large"], ["Small", "", "medium", 1, True]),
    ],
)
def test_a_type_takes_its_values_and_no_other(kind: FieldType, taken: list[object], refused: list[object]) -> None:
    choices = ("small", "large") if kind is FieldType.CHOICE else ()
    field = CustomField.define(DefineField(key="k", label="K", type=kind, choices=choices), now=NOON)
    for value in (*taken, None):
        field.must_take(value)  # type: ignore[arg-type]  # any value that JSON has
    for value in refused:
        with pytest.raises(ValidationFailed) as failed:
            field.must_take(value)  # type: ignore[arg-type]  # as above
        assert failed.value.errors[0].field == "custom.k"


@pytest.mark.parametrize(
    "order",
    [
        DefineField(key="k", label="K", type=FieldType.CHOICE),
        DefineField(key="k", label="K", type=FieldType.TEXT, choices=("a",)),
        DefineField(key="k", label="  ", type=FieldType.TEXT),
        DefineField(key="k", label="K", type=FieldType.CHOICE, choices=(" ",)),
    ],
)
def test_what_is_no_field_cannot_be_built(order: DefineField) -> None:
    with pytest.raises(ValidationFailed):
        CustomField.define(order, now=NOON)


def test_a_choice_that_is_no_text_is_named_by_its_place() -> None:
    with pytest.raises(ValidationFailed) as refused:
        CustomField.define(msgspec.structs.replace(SIZE, choices=("small", " ", "large", "")), now=NOON)
    assert [error.field for error in refused.value.errors] == ["choices[1]", "choices[3]"]


async def test_all_bad_values_are_named_and_unknown_keys_are_free(desk: Desk) -> None:
    await desk.keeping.define(SIZE)
    await desk.keeping.define(DefineField(key="doors", label="Doors", type=FieldType.NUMBER))
    with pytest.raises(ValidationFailed) as failed:
        await desk.records.create(CreateCustomer(name="Ada", custom={"size": "huge", "doors": "two", "free": "yes"}))
    assert {error.field for error in failed.value.errors} == {"custom.size", "custom.doors"}
    made = await desk.records.create(CreateCustomer(name="Ada", custom={"size": "small", "doors": 2, "free": "yes"}))
    assert made.custom == {"size": "small", "doors": 2, "free": "yes"}


async def test_kept_values_outlive_a_change_of_the_field_and_new_ones_must_fit(desk: Desk) -> None:
    field = await desk.keeping.define(SIZE)
    customer = await desk.records.create(CreateCustomer(name="Ada", custom={"size": "small"}))
    await desk.keeping.change(field.id, ChangeField(choices=("large",)), expected=None)
    kept = await desk.records.change(
        customer.id, ChangeCustomer(name="Grace", custom={"size": "small", "a": 1}), expected=None
    )
    assert kept.custom == {"size": "small", "a": 1}
    await desk.records.change(customer.id, ChangeCustomer(custom={"size": "large"}), expected=None)
    with pytest.raises(ValidationFailed):
        await desk.records.change(customer.id, ChangeCustomer(custom={"size": "small"}), expected=None)
    await desk.keeping.remove(field.id, expected=None)
    free = await desk.records.change(customer.id, ChangeCustomer(custom={"size": "whatever"}), expected=None)
    assert free.custom == {"size": "whatever", "a": 1}


async def test_a_definition_is_versioned_noted_and_one_a_key(desk: Desk) -> None:
    field = await desk.keeping.define(SIZE)
    with pytest.raises(AlreadyExists):
        await desk.keeping.define(SIZE)
    with pytest.raises(VersionConflict):
        await desk.keeping.change(field.id, ChangeField(label="Sizes"), expected=[2])
    same = await desk.keeping.change(field.id, ChangeField(label=" Size "), expected=[1])
    assert same.version == 1
    changed = await desk.keeping.change(field.id, ChangeField(label="Sizes"), expected=[1])
    assert (changed.label, changed.version) == ("Sizes", 2)
    assert [note.action for _, note in desk.work.noted] == ["customer_field.created", "customer_field.updated"]


async def test_what_becomes_of_a_definition_is_told_by_the_names_of_what_changed(desk: Desk) -> None:
    field = await desk.keeping.define(SIZE)
    await desk.keeping.change(field.id, ChangeField(label="How large", choices=("large",)), expected=None)
    await desk.keeping.change(field.id, ChangeField(label="How large"), expected=None)
    await desk.keeping.remove(field.id, expected=None)
    told = [event for event in desk.work.events if event.type.startswith("customer_field")]
    assert told == [
        CustomFieldDefined(subject=field.id),
        CustomFieldChanged(subject=field.id, subject_version=2, fields=["label", "choices"]),
        CustomFieldRemoved(subject=field.id, subject_version=2),
    ]


async def test_there_is_an_end_to_fields(desk: Desk) -> None:
    for at in range(50):
        await desk.keeping.define(DefineField(key=f"k{at}", label="K", type=FieldType.TEXT))
    with pytest.raises(Conflict):
        await desk.keeping.define(SIZE)


async def test_staff_defines_no_fields() -> None:
    with pytest.raises(Forbidden):
        await Desk(Role.STAFF).keeping.define(SIZE)
