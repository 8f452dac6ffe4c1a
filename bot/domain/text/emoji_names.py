"""Slack's emoji names as Unicode: the emoji package's aliases, and what Slack names differently."""

from __future__ import annotations

import re
from functools import cache

import emoji


def _table(pairs: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in pairs.split())


_ZWJ = "\u200d"
_SEXED = re.compile(r"((?:fe)?male|wom[ae]n|m[ae]n)[-_](.+)")
_NAME = re.compile(r"[\w+'’.&-]+")
_SEX = {"man": "♂️", "male": "♂️", "men": "♂️", "woman": "♀️", "female": "♀️", "women": "♀️"}
_PERSON = {"man": "👨", "male": "👨", "woman": "👩", "female": "👩", "girl": "👧", "boy": "👦"}
_BETWEEN = {"heart": "❤️", "kiss": "❤️‍💋"}
_TOOL = _table(
    """
    farmer=🌾 cook=🍳 student=🎓 singer=🎤 artist=🎨 teacher=🏫 factory-worker=🏭 technologist=💻 office-worker=💼
    mechanic=🔧 scientist=🔬 astronaut=🚀 firefighter=🚒 doctor=⚕️ judge=⚖️ pilot=✈️
    """
)
_DOING = _table(
    """
    running=🏃 surfing=🏄 swimming=🏊 lifting-weights=🏋️ golfing=🏌️ police-officer=👮 with-bunny-ears-partying=👯
    wearing-turban=👳 construction-worker=👷 tipping-hand=💁 guard=💂 getting-massage=💆 getting-haircut=💇 detective=🕵️
    gesturing-no=🙅 gesturing-ok=🙆 bowing=🙇 raising-hand=🙋 frowning=🙍 pouting=🙎 rowing-boat=🚣 biking=🚴
    mountain-biking=🚵 walking=🚶 facepalming=🤦 shrugging=🤷 cartwheeling=🤸 juggling=🤹 wrestling=🤼
    playing-water-polo=🤽 playing-handball=🤾 bouncing-ball=⛹️ superhero=🦸 supervillain=🦹 mage=🧙 fairy=🧚 vampire=🧛
    elf=🧝 genie=🧞 zombie=🧟
    """
)
_NATIONS = {"england": "gbeng", "scotland": "gbsct", "wales": "gbwls"}

# Names the package does not know, or knows as another picture. Checked against Slack's table (iamcal/emoji-data).
_SLACKS_OWN = _table(
    """
    sun_behind_cloud=🌥️ bride_with_veil=👰 man_with_turban=👳 guardsman=💂 ok_woman=🙆 satellite=🛰️ egg=🥚 beetle=🪲
    umbrella=☂️ snowman=☃️ email=✉️ keycap_star=*️⃣ mostly_sunny=🌤️ sun_small_cloud=🌤️ barely_sunny=🌥️
    partly_sunny_rain=🌦️ rain_cloud=🌧️ snow_cloud=🌨️ lightning=🌩️ lightning_cloud=🌩️ tornado_cloud=🌪️
    knife_fork_plate=🍽️ medal=🎖️ rainbow-flag=🏳️‍🌈 ladybug=🐞 eye-in-speech-bubble=👁️‍🗨️
    man_and_woman_holding_hands=👫 blond-haired-woman=👱‍♀️ blond-haired-man=👱‍♂️ spock-hand=🖖 octagonal_sign=🛑
    shopping_trolley=🛒 scooter=🛴 large_orange_circle=🟠 large_yellow_circle=🟡 large_green_circle=🟢
    large_purple_circle=🟣 large_brown_circle=🟤 large_red_square=🟥 large_blue_square=🟦 large_orange_square=🟧
    large_yellow_square=🟨 large_green_square=🟩 large_purple_square=🟪 large_brown_square=🟫 the_horns=🤘
    hand_with_index_and_middle_fingers_crossed=🤞 i_love_you_hand_sign=🤟 face_with_cowboy_hat=🤠 face_palm=🤦
    face_with_one_eyebrow_raised=🤨 grinning_face_with_star_eyes=🤩 grinning_face_with_one_large_and_one_small_eye=🤪
    face_with_finger_covering_closed_lips=🤫 serious_face_with_symbols_covering_mouth=🤬
    smiling_face_with_smiling_eyes_and_hand_covering_mouth=🤭 face_with_open_mouth_vomiting=🤮
    shocked_face_with_exploding_head=🤯 mother_christmas=🤶 person_doing_cartwheel=🤸 juggling=🤹 fencer=🤺 wrestlers=🤼
    handball=🤾 drum_with_drumsticks=🥁 first_place_medal=🥇 second_place_medal=🥈 third_place_medal=🥉 kiwifruit=🥝
    smiling_face_with_3_hearts=🥰 womans_flat_shoe=🥿 giraffe_face=🦒 zebra_face=🦓 mate_drink=🧉
    red_haired_person=🧑‍🦰 curly_haired_person=🧑‍🦱 bald_person=🧑‍🦲 white_haired_person=🧑‍🦳 woman_with_beard=🧔‍♀️
    man_with_beard=🧔‍♂️ person_with_headscarf=🧕 eject=⏏️ staff_of_aesculapius=⚕️ simple_smile=🙂
    skin-tone-2=🏻 skin-tone-3=🏼 skin-tone-4=🏽 skin-tone-5=🏾 skin-tone-6=🏿
    """
)


@cache
def from_short_name(name: str) -> str | None:
    """The emoji Slack shows for `:name:`, or None for a name that is not a standard one (a custom emoji)."""
    if not _NAME.fullmatch(name):
        return None
    return _SLACKS_OWN.get(name) or _flag(name) or _known(name) or _people(name)


def from_code_points(written: str) -> str | None:
    """The emoji of a rich_text leaf's `unicode`, written as in "1f44d-1f3fc"."""
    try:
        return "".join(chr(int(point, 16)) for point in written.split("-")) or None
    except (ValueError, OverflowError):
        return None


def with_skin_tone(shown: str, tone: int) -> str:
    """The emoji in one of Slack's skin tones, 2 to 6; the first person of a group takes it."""
    if not 2 <= tone <= 6 or any("\U0001f3fb" <= char <= "\U0001f3ff" for char in shown):
        return shown
    return shown[0] + chr(0x1F3FB + tone - 2) + shown[1:].removeprefix("\ufe0f")


def _known(name: str) -> str | None:
    shown = emoji.emojize(f":{name}:", language="alias")
    return None if shown == f":{name}:" else shown


def _flag(name: str) -> str | None:
    place = name.removeprefix("flag-")
    if place == name:
        return None
    if place in _NATIONS:
        return "🏴" + "".join(chr(0xE0000 + ord(letter)) for letter in _NATIONS[place]) + "\U000e007f"
    if not re.fullmatch(r"[a-z]{2}", place):
        return None
    return "".join(chr(0x1F1E6 + ord(letter) - ord("a")) for letter in place)


def _people(name: str) -> str | None:
    """Persons at work or in motion (`woman-shrugging`), families and couples (`man-heart-man`)."""
    match = _SEXED.fullmatch(name)
    if not match:
        return None
    first, rest = match.groups()
    if rest in _TOOL:
        return _PERSON[first] + _ZWJ + _TOOL[rest]
    if rest in _DOING:
        return _DOING[rest] + _ZWJ + _SEX[first]
    parts = [(_PERSON | _BETWEEN).get(part) for part in name.split("-")]
    return _ZWJ.join(part for part in parts if part) if all(parts) else None
