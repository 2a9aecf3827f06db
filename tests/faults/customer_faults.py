"""Faults of customers: how they are found, merged and erased, beside those of the rest of the code."""

from tests.faults.source_faults import Edit, SourceFault

_SEARCH = "tests/infra/postgres/test_customer_search.py"
_FINDING = "migrations/versions/0232_finding_customers.py"
_ONE_MARK = (
    Edit("migrations/versions/0231_customer_search.py", "left(md5(new.tenant_id::text), 5)", "'abcde'"),
    Edit(_FINDING, "left(md5(tenant::text), 5)", "'abcde'"),
)
"""The words of all tenants are alike then: that a row is the tenant's own is the second of what keeps them apart."""


def _fault(name: str, file: str, old: str, new: str, caught_by: str) -> SourceFault:
    return SourceFault(name, (Edit(file, old, new),), caught_by)


FAULTS = (
    _fault(
        "what many have is looked for in the index at once",
        "migrations/versions/0511_common_words.py",
        "{_ALL} then {_NEAR} else 0 end",
        "{_ALL} then 0 else 0 end",
        f"{_SEARCH}::test_what_many_have_fills_a_page_without_the_index",
    ),
    _fault(
        "whoever is far down the list is missed where all words are common",
        "migrations/versions/0511_common_words.py",
        "exit when many < walked;",
        "exit when true;",
        f"{_SEARCH}::test_whose_words_are_all_common_is_found_at_the_end_of_the_list",
    ),
    _fault(
        "a common word is found whole only",
        "migrations/versions/0800_partly_typed_words.py",
        "            where exists (select from public.customers where found_by @@ other::tsquery));",
        "            where false);",
        f"{_SEARCH}::test_whose_words_are_all_common_is_found_at_the_end_of_the_list",
    ),
    _fault(
        "a common word that goes on in another script is missed",
        "migrations/versions/0800_partly_typed_words.py",
        "quote_literal(mark || kind || '>' || begun)",
        "null",
        f"{_SEARCH}::test_whose_words_are_all_common_is_found_at_the_end_of_the_list",
    ),
    _fault(
        "what is typed in part of a common word is taken for that word",
        "migrations/versions/0800_partly_typed_words.py",
        "generate_series(length(word), length(each)) at",
        "generate_series(length(each), length(each)) at",
        f"{_SEARCH}::test_whose_words_are_typed_in_part_is_found_however_they_go_on",
    ),
    _fault(
        "of more than are sorted at once the rest is missed",
        "migrations/versions/0511_common_words.py",
        "exit when sorted is null or many < sorted;",
        "exit when true;",
        f"{_SEARCH}::test_of_more_than_are_sorted_at_once_none_is_missed",
    ),
    SourceFault(
        "a search finds customers of all tenants",
        (
            *_ONE_MARK,
            Edit(
                _FINDING,
                '_OF_THE_LIST = """c.tenant_id = $1 and c.merged_into is null',
                '_OF_THE_LIST = """$1 is not null and c.merged_into is null',
            ),
        ),
        f"{_SEARCH}::test_the_functions_keep_to_the_bound_tenant",
    ),
    SourceFault(
        "a contact reaches customers of all tenants",
        (*_ONE_MARK, Edit(_FINDING, " and (c.tenant_id = tenant) is true", "")),
        f"{_SEARCH}::test_the_functions_keep_to_the_bound_tenant",
    ),
    _fault(
        "who was merged can be changed",
        "src/domains/customers/model.py",
        "        if self.merged_into is not None:\n            raise CustomerMerged",
        "        if self.merged_into is not None and self.is_archived:\n            raise CustomerMerged",
        "tests/api/test_customers_merge.py::test_who_was_merged_cannot_be_changed",
    ),
    _fault(
        "a number without its area code is kept",
        "src/domains/shared/contact.py",
        "phonenumbers.is_possible_number_with_reason(number) != _POSSIBLE",
        "not phonenumbers.is_possible_number(number)",
        "tests/domains/shared/test_contact.py::test_a_number_without_its_area_code_is_none",
    ),
    _fault(
        "a current customer is merged into an archived one",
        "src/domains/customers/model.py",
        "        if self.is_current and into.is_archived:",
        "        if self.is_archived and into.is_current and not now:",
        "tests/api/test_customers_merge.py::test_nobody_current_vanishes_behind_somebody_archived",
    ),
    _fault(
        "a change takes away the custom values that it does not name",
        "src/domains/customers/model.py",
        "without_nulls({**self.custom, **order.custom})",
        "without_nulls({**order.custom})",
        "tests/api/test_customers_change.py::test_custom_keys_that_are_not_named_stay",
    ),
    _fault(
        "a tag is another one in another case",
        "migrations/versions/0520_tags_in_any_case.py",
        'lower(tag)"\n_FIND',
        'upper(tag)"\n_FIND',
        "tests/api/test_customers_list.py::test_filters_narrow_the_rows_and_the_total",
    ),
    _fault(
        "undoing a merger takes what somebody else gave",
        "src/domains/customers/merging.py",
        "            left.hold(shared.added_to(left), now=now)\n",
        "",
        "tests/api/test_customers_merge.py::test_what_another_merged_customer_has_too_stays",
    ),
    _fault(
        "a merger can be undone for ever",
        "src/domains/customers/merging.py",
        "UNDONE_WITHIN = timedelta(days=30)",
        "UNDONE_WITHIN = timedelta(days=3000)",
        "tests/api/test_customers_merge.py::test_after_thirty_days_it_stays",
    ),
    _fault(
        "the audit log keeps the notes of who was erased",
        "src/infra/postgres/customer_removals.py",
        "(*_BEFORE, *_forget_noted(), *statements(), _AUDIT)",
        "(*_BEFORE, *statements(), _AUDIT)",
        "tests/api/test_customers_removal.py::test_nothing_is_left_of_who_is_erased_nor_of_who_was_merged_into_them",
    ),
    _fault(
        "who was merged is not erased with the customer",
        "src/infra/postgres/customer_removals.py",
        "for each in reversed(await PostgresIdentities(self._work).of(customer)):",
        "for each in [customer]:",
        "tests/api/test_customers_removal.py::test_nothing_is_left_of_who_is_erased_nor_of_who_was_merged_into_them",
    ),
    _fault(
        "a custom field takes any value",
        "src/domains/customers/custom_fields.py",
        "        if value is not None and not self._takes(value):",
        "        if value is None and not self._takes(value):",
        "tests/domains/customers/test_custom_fields.py::test_a_type_takes_its_values_and_no_other",
    ),
    _fault(
        "a draft is for whoever was merged",
        "src/domains/billing/drafting.py",
        "        (await self.customers.for_change(order.customer_id)).must_stand_for_itself()\n",
        "",
        "tests/api/test_customers_elsewhere.py::test_nothing_new_is_made_for_whoever_was_merged_or_erased",
    ),
    _fault(
        "a draft changes to whoever was merged",
        "src/domains/billing/drafting.py",
        '        if "customer_id" in changed:',
        '        if "customer" in changed:',
        "tests/api/test_customers_elsewhere.py::test_nothing_new_is_made_for_whoever_was_merged_or_erased",
    ),
    _fault(
        "a change that changes nothing counts",
        "src/domains/shared/versions.py",
        "        if changed:\n            self.touch(now)",
        "        self.touch(now)",
        "tests/domains/shared/test_resources.py::test_only_what_is_different_counts",
    ),
)
