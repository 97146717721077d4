"""Search, on a small hand-made list: each mechanism by an example, and what holds for any text."""

import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.search import Document, Hit, SearchIndex

DOCUMENTS = (
    Document("ID-FIRST", "居民身份证首次申领", ("第一次办身份证", "儿童身份证"), ("公安局", "first identity card")),
    Document("ID-LOST", "居民身份证丢失补领", ("身份证丢了", "补办身份证"), ("公安局",)),
    Document("ID-EXPIRED", "居民身份证有效期满换领", ("身份证过期了", "身份证到期换新"), ("公安局",)),
    Document("DRIVE-LOST", "机动车驾驶证遗失补证", ("驾照丢了", "驾驶本不见了"), ("公安局",)),
    Document("DRIVE-EXPIRED", "机动车驾驶证期满换证", ("驾照过期了", "c1本到期"), ("公安局",)),
    Document("FUND-RENT", "租赁住房提取住房公积金", ("租房提公积金", "公积金付房租"), ("公积金中心",)),
    Document("FUND-LOAN", "住房公积金个人住房贷款申请", ("公积金贷款买房",), ("公积金中心",)),
    Document("FOOD", "食品经营许可证核发（餐饮服务）", ("想开饭店", "奶茶店要什么证"), ("市场监管局",)),
    Document("COMPANY", "公司设立登记", ("注册公司", "创业办执照"), ("市场监管局", "company registration")),
    Document("COMPANY-END", "公司注销登记", ("公司倒闭", "公司关门手续"), ("市场监管局",)),
    Document("MARRIAGE", "内地居民结婚登记", ("领证", "扯证"), ("民政局",)),
    Document("BIRTH", "新生儿出生登记", ("宝宝上户口", "刚生的娃怎么入户"), ("公安局",)),
    Document("DOG", "犬类准养证核发", ("养狗办证",), ("城管局",)),
    Document("KTV", "歌舞娱乐场所设立审批", ("开KTV", "ktv许可证"), ("文旅局",)),
    Document("BANK", "银行网点安全防范设施审批", ("银行装修",), ("公安局",)),
    Document("FLOOR", "民宿等级评定", ("民宿评星",), ("文旅局",)),
)
INDEX = SearchIndex(DOCUMENTS)


def best(query: str) -> str | None:
    hits = INDEX.search(query, limit=1)
    return hits[0].code if hits else None


def hit(query: str, code: str) -> Hit:
    return next(found for found in INDEX.search(query) if found.code == code)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        # as it stands, reordered, and with stop phrases around it
        ("公司设立登记", "COMPANY"),
        ("补领居民身份证", "ID-LOST"),
        ("请问我想办理结婚登记需要什么材料", "MARRIAGE"),
        ("身份证丢了怎么办", "ID-LOST"),
        # synonyms, everyday words for official ones
        ("身份证找不到了", "ID-LOST"),
        ("驾照快到期", "DRIVE-EXPIRED"),
        ("公司不想开了", "COMPANY-END"),
        ("小孩上户口", "BIRTH"),
        ("狗", "DOG"),
        ("想开个火锅店", "FOOD"),
        # pinyin, with and without spaces; one sound of several; blurred sounds
        ("shenfenzheng diushi", "ID-LOST"),
        ("shen fen zheng diu shi", "ID-LOST"),
        ("jiehun", "MARRIAGE"),
        ("yinhang", "BANK"),
        ("jiehundenji", "MARRIAGE"),
        # initials, alone and mixed with pinyin and characters
        ("gjjdk", "FUND-LOAN"),
        ("gjj zufang", "FUND-RENT"),
        ("gjj租房", "FUND-RENT"),
        ("jiehun dj", "MARRIAGE"),
        ("驾zhao丢了", "DRIVE-LOST"),
        ("公ji金贷款", "FUND-LOAN"),
        # one character a homophone, wrong, missing, more
        ("身分证丢失", "ID-LOST"),
        ("结昏登记", "MARRIAGE"),
        ("食品许克证", "FOOD"),
        ("公积全贷款", "FUND-LOAN"),
        ("身证补领", "ID-LOST"),
        ("身份份证补领", "ID-LOST"),
        # traditional characters, and words of Hong Kong and Taiwan
        ("身份證遺失補領", "ID-LOST"),
        ("駕駛執照過期", "DRIVE-EXPIRED"),
        # full-width and capital letters, letters within Chinese, digits
        ("ＫＴＶ", "KTV"),
        ("开ktv许可", "KTV"),
        ("C1到期", "DRIVE-EXPIRED"),
        # English, also misspelt
        ("driver license renewal", "DRIVE-EXPIRED"),
        ("lost ID card", "ID-LOST"),
        ("get married", "MARRIAGE"),
        ("marrige registration", "MARRIAGE"),
        ("company registration", "COMPANY"),
        ("restaurant", "FOOD"),
    ],
)
def test_what_people_type_finds_what_they_mean(query: str, code: str) -> None:
    assert best(query) == code


@pytest.mark.parametrize("query", ["", "   ", "？！…", "你好", "xqzvkj", "😀🚗", "\ud800", "zzzzzz" * 30])
def test_what_is_like_nothing_finds_nothing(query: str) -> None:
    assert INDEX.search(query) == ()


def test_an_index_of_nothing_finds_nothing() -> None:
    assert SearchIndex(()).search("身份证") == ()


def test_initials_find_all_that_share_a_word() -> None:
    assert {found.code for found in INDEX.search("sfz")} == {"ID-FIRST", "ID-LOST", "ID-EXPIRED"}


def test_what_answers_only_a_common_part_of_a_query_is_left_out() -> None:
    assert "COMPANY" not in {found.code for found in INDEX.search("结婚登记")}


def test_a_word_in_a_name_counts_more_than_in_a_keyword_and_least_in_the_extra() -> None:
    index = SearchIndex(
        (
            Document("EXTRA", "庚辛甲乙", ("子丑寅卯",), ("图书",)),
            Document("KEYWORD", "丙丁戊己", ("图书甲乙",)),
            Document("NAME", "图书丙丁", ("甲乙戊己",)),
        )
    )
    assert [found.code for found in index.search("图书")][:2] == ["NAME", "KEYWORD"]
    assert all(
        found.score < index.search("图书")[0].score / 2 for found in index.search("图书") if found.code == "EXTRA"
    )


def test_of_equal_matches_the_shorter_name_goes_first_and_then_the_code() -> None:
    index = SearchIndex((Document("2", "取水证甲乙"), Document("1", "取水证丙丁"), Document("3", "取水证")))
    assert [found.code for found in index.search("取水证有")] == ["3", "1", "2"]


def test_a_query_of_many_words_is_not_ruled_by_common_ones() -> None:
    common = tuple(Document(f"C{number}", f"企业{number}登记申请许可证核发") for number in range(50))
    index = SearchIndex((*common, Document("RARE", "古树名木认养")))
    assert index.search("企业登记申请许可证核发 古树名木")[0].code == "RARE"


def test_what_matched_is_shown_as_it_stands() -> None:
    assert hit("ｋｔｖ", "KTV").matched[:2] == ("KTV", "ktv")
    assert hit("身份證丟了", "ID-LOST").matched[0] == "身份证丢了"
    assert "补领" in hit("身份证 补领", "ID-LOST").matched


def test_extra_words_are_not_shown_as_matched() -> None:
    assert hit("公积金中心", "FUND-LOAN").matched == ("公积金",)


def test_a_limit_takes_the_first() -> None:
    everything = INDEX.search("登记")
    assert len(everything) > 2
    for limit in range(len(everything) + 2):
        assert INDEX.search("登记", limit=limit) == everything[:limit]


def test_an_invisible_character_does_not_divide_a_word() -> None:
    assert INDEX.search("身\u200b份\x00证") == INDEX.search("身份证")


def test_only_the_first_200_characters_count() -> None:
    assert INDEX.search("结婚登记" + " " * 196 + "犬类准养证") == INDEX.search("结婚登记")


def test_threads_share_an_index() -> None:
    queries = ["sfz", "身份證", "驾zhao", "lost id card", "公积全"] * 20
    index = SearchIndex(DOCUMENTS)
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(index.search, queries)) == [INDEX.search(query) for query in queries]


HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
NAMES = st.text(HAN | st.sampled_from("登记许可证身份公司补领（）Aa1 "), min_size=1, max_size=40).filter(
    lambda name: any(character.isalnum() for character in name)
)
TEXT = st.text(st.characters() | st.sampled_from("身份证丢了sfz公司"), max_size=300)  # surrogates and controls as well


@given(TEXT)
@settings(max_examples=150, deadline=None)
def test_no_text_is_an_error(text: str) -> None:
    found = INDEX.search(text)
    assert list(found) == sorted(found, key=lambda each: (-each.score, each.code))
    assert all(each.score > 0 for each in found)
    by_code = {document.code: document for document in DOCUMENTS}
    for each in found:
        places = (by_code[each.code].name, *by_code[each.code].keywords)
        assert all(any(words in place for place in places) for words in each.matched)


@pytest.mark.parametrize("text", ["a" * 10**5, "身份证" * 10**5, "(.*)+$" * 10**4, "shi" * 10**5, "😀" * 10**5])
def test_long_text_costs_no_more_than_its_beginning(text: str) -> None:
    assert INDEX.search(text) == INDEX.search(text[:200])


@given(st.lists(NAMES, min_size=1, max_size=12), st.data())
@settings(max_examples=100, deadline=None)
def test_an_exact_name_goes_first_and_the_order_of_documents_changes_nothing(
    names: list[str], data: st.DataObject
) -> None:
    documents = [
        Document(str(number), name, tuple(names[number + 1 : number + 3])) for number, name in enumerate(names)
    ]
    shuffled = data.draw(st.permutations(documents))
    wanted = data.draw(st.sampled_from(names))
    found = SearchIndex(documents).search(wanted)
    assert found == SearchIndex(shuffled).search(wanted)
    assert _letters(names[int(found[0].code)]) == _letters(wanted)


def _letters(name: str) -> str:
    return "".join(character for character in unicodedata.normalize("NFKC", name).lower() if character.isalnum())
