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


# What Slack knows by no other name than these, though the package has names that it puts before them.
_SLACKS_ONLY = _table(
    """
    rolling_on_the_floor_laughing=🤣 thinking_face=🤔 slightly_smiling_face=🙂 face_with_rolling_eyes=🙄
    face_with_monocle=🧐 facepunch=👊 left-facing_fist=🤛 right-facing_fist=🤜 middle_finger=🖕
    information_desk_person=💁 person_frowning=🙍 person_with_pouting_face=🙎
    person_with_blond_hair=👱 person_with_ball=⛹️ person_climbing=🧗
    person_in_lotus_position=🧘 person_in_steamy_room=🧖 golfer=🏌️ weight_lifter=🏋️ breast-feeding=🤱
    heavy_heart_exclamation_mark_ornament=❣️ camera_with_flash=📸 e-mail=📧 cheese_wedge=🧀 glass_of_milk=🥛 tangerine=🍊
    gorilla=🦍 black_bird=🐦‍⬛ sports_medal=🏅 keycap_ten=🔟 shopping_bags=🛍️ linked_paperclips=🖇️ film_frames=🎞️
    admission_tickets=🎟️ ballot_box_with_ballot=🗳️ airplane_departure=🛫 beach_with_umbrella=🏖️ umbrella_on_ground=⛱️
    snow_capped_mountain=🏔️ sleeping_accommodation=🛌 non-potable_water=🚱 one-piece_swimsuit=🩱 briefs=🩲 x-ray=🩻
    yo-yo=🪀 black_left_pointing_double_triangle_with_vertical_bar=⏮️ man_in_business_suit_levitating=🕴️
    """
)


@cache
def from_short_name(name: str) -> str | None:
    """The emoji Slack shows for `:name:`, or None for a name that is not a standard one (a custom emoji)."""
    if not _NAME.fullmatch(name):
        return None
    return _SLACKS_OWN.get(name) or _SLACKS_ONLY.get(name) or _flag(name) or _known(name) or _people(name)


@cache
def to_short_name(shown: str) -> str | None:
    """Slack's name for an emoji as reactions take it, `wave::skin-tone-3`; None where it may have none."""
    tones = {char for char in shown if "\U0001f3fb" <= char <= "\U0001f3ff"}
    if len(tones) > 1:
        return None  # Slack has no single name for people of several colours
    base = "".join(char for char in shown if char not in tones)
    name = _nation(base) or _persons().get(_bare(base)) or _named(base)
    if name is None or not tones:
        return name
    return f"{name}::skin-tone-{ord(tones.pop()) - 0x1F3FB + 2}"


def from_reaction(name: str) -> str | None:
    """The same for a reaction's name, which carries its skin tone: `wave::skin-tone-3`."""
    plain, _, tone = name.partition("::skin-tone-")
    shown = from_short_name(plain)
    return with_skin_tone(shown, int(tone)) if shown and tone.isdecimal() else shown


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


def _bare(shown: str) -> str:
    """Without the sign that asks for a colourful picture: who writes an emoji leaves it out at will."""
    return shown.replace("\ufe0f", "")


def _named(base: str) -> str | None:
    """The package's names for it, its aliases first, as far as they lead back to it."""
    known = [emoji.EMOJI_DATA[each] for each in (base, f"{base}\ufe0f", _bare(base)) if each in emoji.EMOJI_DATA]
    names = [name for data in known[:1] for name in (*data.get("alias", ()), data["en"])]
    candidates = [*_slacks_own().get(_bare(base), ()), *(name.strip(":") for name in names)]
    return next((each for each in candidates if _bare(from_short_name(each) or "") == _bare(base)), None)


def _nation(base: str) -> str | None:
    letters = [chr(ord(char) - 0x1F1E6 + ord("a")) for char in base if "\U0001f1e6" <= char <= "\U0001f1ff"]
    return f"flag-{''.join(letters)}" if len(letters) == len(base) == 2 else None


@cache
def _slacks_own() -> dict[str, list[str]]:
    own = dict[str, list[str]]()
    for name, shown in (*_SLACKS_ONLY.items(), *_SLACKS_OWN.items()):
        own.setdefault(_bare(shown), []).append(name)
    return own


@cache
def _persons() -> dict[str, str]:
    """Persons by what they look like. At work Slack calls them male and female, in motion men and women."""
    at_work = (f"{sex}-{rest}" for rest in _TOOL for sex in ("male", "female"))
    in_motion = (f"{sex}-{rest}" for rest in _DOING for sex in ("man", "woman"))
    return {_bare(shown): name for name in (*in_motion, *at_work) if (shown := _people(name))}


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
