"""What may be shown of a person by default (domain.md S3; PIPL Art. 25)."""


def mask_name(name: str) -> str:
    """Return the name with its middle or last character hidden.

    张三 → 张*, 王小明 → 王*明, 诸葛孔明 → 诸*明. One character alone is hidden whole.
    """
    characters = list(name.strip())
    if len(characters) < 2:
        return "*"
    if len(characters) == 2:
        return characters[0] + "*"
    return characters[0] + "*" + characters[-1]


def mask_phone(phone: str) -> str:
    """Return 13812345678 as 138****5678; what is too short is hidden whole."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else "****"
