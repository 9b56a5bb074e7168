"""The words that committees write into the cells of a roster, and what they mean. Pure."""

from portal.people.rules import Sex

NONE_WORDS = frozenset({"", "无", "没有", "暂无", "不详", "-", "--", "/", "\\", "none"})
ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"})
EXAMPLE_WORDS = ("示例", "例", "example")
HEAD_WORDS = frozenset({"户主", "本人", "户主本人", "head"})
NOBODY = frozenset({"合计", "总计", "小计", "共计", "总人数", "total"})


def _words(text: str) -> list[str]:
    return text.split()


SEXES = {"": Sex.UNKNOWN, "未知": Sex.UNKNOWN, "unknown": Sex.UNKNOWN}
SEXES |= dict.fromkeys(_words("男 男性 m male 1"), Sex.MALE)
SEXES |= dict.fromkeys(_words("女 女性 f female 2"), Sex.FEMALE)

YES_NO = dict.fromkeys(_words("是 yes y 1 true √ ✓ ✔ 有 对"), True)
YES_NO |= dict.fromkeys(_words("否 no n 0 false × x ✗ 不是 无"), False)

_OF_HERE = """
本村 本地 本村户籍 本村户口 在册 在籍 户籍在村 户籍人口 户在人在 户在人不在 常住户口
"""
_OF_ELSEWHERE = "非本村 外村 外地 外来 外来户 外来人口 寄住 寄居 挂靠 人在户不在"
REGISTERED = YES_NO | dict.fromkeys(_words(_OF_HERE), True)
REGISTERED |= dict.fromkeys(_words(_OF_ELSEWHERE), False)
_KINDS = """
农业 农业户口 农业家庭户 农业家庭户口 农村 农村户口 家庭户 非农 非农业 非农业户口
城镇 城镇户口 居民 居民户 居民户口 居民家庭户 集体户 统一居民户口
"""
HUKOU_KINDS = frozenset(_words(_KINDS))

_AWAY = """
外出 外出务工 在外 在外务工 务工 打工 外出打工 流出 不在村 户在人不在 在外居住 外出求学 away
"""
_HERE = "常住 在村 在家 居住在村 户在人在 人在户不在 本村常住 在村居住 未外出 home"
_PLACES = dict.fromkeys(_words(_AWAY), True) | dict.fromkeys(_words(_HERE), False)
AWAY = YES_NO | _PLACES
AWAY_BY_LIVES_HERE = {word: not value for word, value in YES_NO.items()} | _PLACES

_WOMEN = """
妻 妻子 媳妇 母 母亲 女 女儿 长女 次女 二女 三女 四女 五女 独女 儿媳 孙女 外孙女 祖母 奶奶 外祖母
岳母 婆婆 姐 姐姐 妹 妹妹 嫂子 弟媳 侄女 外甥女 孙媳 曾孙女 wife mother daughter
"""
_MEN = """
夫 丈夫 父 父亲 子 儿子 长子 次子 二子 三子 四子 五子 独子 女婿 孙子 外孙 外孙子 祖父 爷爷 外祖父
岳父 公公 兄 哥哥 弟 弟弟 姐夫 妹夫 侄子 外甥 孙女婿 曾孙子 husband father son
"""
SEX_OF_RELATION = dict.fromkeys(_words(_WOMEN), Sex.FEMALE)
SEX_OF_RELATION |= dict.fromkeys(_words(_MEN), Sex.MALE)
