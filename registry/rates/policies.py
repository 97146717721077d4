"""Online policies side by side: a question asked by policy is one question, answered once under each.

Which channels count as online changes no count, only what is made of the counts. So
the policy is taken out of the question before anything is counted, and put into the
rows' keys when all is reckoned.
"""

from dataclasses import replace

from registry.errors import RefusedInput
from registry.rates.question import Dimension, Key, Question
from registry.rates.rate import OnlinePolicy

P = Dimension.ONLINE_POLICY


def policies_of(question: Question) -> tuple[OnlinePolicy, ...]:
    """The policies that the rows are reckoned under."""
    named = question.where.filters.get(P)
    return tuple(policy for policy in OnlinePolicy if named is None or policy.name in named)


def without_policies(question: Question) -> Question:
    """The question that is left for whoever counts, under the policy that totals are reckoned by.

    That is the question's own, or, if a filter leaves that one out, the first it lets
    through. Raises RefusedInput if the filter lets through several, or none, that no row would tell apart.
    """
    by = tuple(each for each in question.by if each is not P)
    filters = {each: values for each, values in question.where.filters.items() if each is not P}
    if P not in question.where.filters:
        return replace(question, by=by) if P in question.by else question
    passing = policies_of(question)
    if not passing or (len(passing) > 1 and P not in question.by):
        raise RefusedInput(
            "线上口径的条件须恰为一种，或同时按线上口径分组",
            "a condition on the online policy must name one, or the rows must be by online policy",
        )
    policy = question.policy if question.policy in passing else passing[0]
    return replace(question, by=by, where=replace(question.where, filters=filters), policy=policy)


def keyed(question: Question, key: Key, policy: OnlinePolicy) -> Key:
    """The key of a row of the plain question, with the policy in its place."""
    values = iter(key)
    return tuple(policy.name if each is P else next(values) for each in question.by)
