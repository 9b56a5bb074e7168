"""Which of a form's languages a page shows. Pure."""

from portal.surveys.rules import Words

_SIGNS = {  # how people name a language in a column head, after the code in brackets is tried
    "zh": ("zh", "chinese", "中文", "汉语", "普通话", "简体"),
    "en": ("en", "english", "英文", "英语"),
}


def speaks(language: str, locale: str) -> bool:
    """Tell whether a form's language ("中文 (zh)", "English") is that of the page ("zh_Hans")."""
    wanted = locale.replace("-", "_").split("_")[0].lower()
    name = language.strip().lower()
    if name.endswith(")") and "(" in name:
        code = name[name.rindex("(") + 1 : -1].strip().replace("-", "_")
        return code.split("_")[0] == wanted
    code = name.replace("-", "_").split("_")[0]
    return code == wanted or name.startswith(_SIGNS.get(wanted, (wanted,))[1:] or (wanted,))


def in_language(words: Words, *, locale: str, default_language: str) -> str:
    """Return the words for a page: its language, else the form's own, else any that is there."""
    for language, text in words.items():
        if speaks(language, locale):
            return text
    for language in (default_language, "default"):
        if language in words:
            return words[language]
    return next(iter(words.values()), "")
