import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from bench.scoring.words import segmenter, words


def test_the_segmenter_is_named_with_its_version():
    assert segmenter().startswith("jieba 0.")


def test_chinese_is_cut_into_words_and_numbers_and_latin_words_stay_whole():
    assert words("公司净利润同比增长3.5%，cpi为1,234.5元；a-b") == [
        "公司", "净利润", "同比", "增长", "3.5%", "cpi", "为", "1,234.5", "元", "a", "b",
    ]  # fmt: skip


@given(st.text(alphabet="公司净利润同比增长3.5%cpi，。 ", max_size=40))
def test_cutting_loses_no_letter_and_no_digit(text):
    def kept(told):
        return [each for each in told if each.isalnum()]

    assert kept("".join(words(text))) == kept(text)


def test_without_the_segmenter_the_user_is_told_what_to_install():
    program = (
        "import sys; sys.modules['jieba'] = None\n"
        "from bench.errors import UserError\n"
        "from bench.scoring.overlap import tokens\n"
        "assert tokens('净利') == ['净', '利']\n"
        "try:\n    tokens('净利', 'word')\nexcept UserError as error:\n    print(error)"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert "industry-bench[words]" in told.stdout
    assert told.stdout.count("\n") == 1
