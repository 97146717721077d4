"""The vocabularies: every word is read back from any of its forms, and no two forms clash."""

import pytest

from registry.words import VOCABULARIES, Audience, Channel, LifeStage, MatterType, Word

WORDS = [(vocabulary, word) for vocabulary in VOCABULARIES for word in vocabulary]


@pytest.mark.parametrize(("vocabulary", "word"), WORDS, ids=lambda value: getattr(value, "name", ""))
def test_a_word_is_read_from_its_code_its_name_its_chinese_and_its_english(vocabulary: type[Word], word: Word) -> None:
    for form in (word.code, word.name, word.zh, word.en, f" {word.zh} "):
        assert vocabulary.read(form) is word


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_no_two_words_of_a_vocabulary_share_a_form(vocabulary: type[Word]) -> None:
    for forms in ([w.code for w in vocabulary], [w.zh for w in vocabulary], [w.en for w in vocabulary]):
        assert len(set(forms)) == len(forms)


def test_a_spreadsheet_may_drop_leading_zeros() -> None:
    assert MatterType.read("1") is MatterType.LICENCE
    assert MatterType.read("20") is MatterType.PUBLIC_SERVICE
    assert MatterType.read("2") is not MatterType.PUBLIC_SERVICE


def test_what_is_no_word_is_none() -> None:
    assert MatterType.read("许可证") is None
    assert Channel.read("") is None


def test_the_channels_are_in_the_order_in_which_people_are_sent_to_them() -> None:
    assert [channel.name for channel in Channel] == ["MOBILE", "PC", "KIOSK", "HALL"]
    assert [channel.rank for channel in Channel] == [0, 1, 2, 3]


def test_ten_stages_are_a_persons_and_six_an_enterprises() -> None:
    audiences = [stage.audience for stage in LifeStage]
    assert audiences.count(Audience.PERSON) == 10
    assert audiences.count(Audience.ENTERPRISE) == 6
