"""When, how long and which place, in a customer's words. Times of day are the business's own."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """One language. `weekdays` begin with Monday and, as `months`, hold what their language puts around them.

    `named` are `today`, `tomorrow`, on a weekday and on a date, each with a time of the day.
    """

    back: str
    today: str
    tomorrow: str
    weekday: str
    date: str
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    place: str
    lately: str
    minutes: Callable[[int], str]
    hours: tuple[str, str, str, str]  # one to four
    clock: Callable[[datetime], str] = lambda at: f"{at.hour}:{at:%M}"
    first: str = "1"  # of a month


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _american(at: datetime) -> str:
    """Swahili counts the hours from sunrise: only with AM and PM is a number what clocks show."""
    return f"{at.hour % 12 or 12}:{at:%M} {'AM' if at.hour < 12 else 'PM'}"


def _after_one(plural: str, one: str) -> Callable[[datetime], str]:
    """Romance languages have another article for one o'clock."""
    return lambda at: f"{one if at.hour == 1 else plural}{at.hour}:{at:%M}"


_BOOKS: Mapping[str, Phrasebook] = {
    "en": Phrasebook(
        back="Our team is back {when}.",
        today="today at {time}",
        tomorrow="tomorrow at {time}",
        weekday="on {day} at {time}",
        date="on {date} {month} at {time}",
        weekdays=_words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
        months=_words("January February March April May June July August September October November December"),
        place="Your place in line: {place}.",
        lately="Lately it usually took about {span} until somebody was there.",
        minutes=lambda count: f"{count} minutes",
        hours=("an hour", "2 hours", "3 hours", "4 hours"),
    ),
    "es": Phrasebook(
        back="Nuestro equipo vuelve {when}.",
        today="hoy {time}",
        tomorrow="mañana {time}",
        weekday="el {day} {time}",
        date="el {date} de {month} {time}",
        weekdays=_words("lunes martes miércoles jueves viernes sábado domingo"),
        months=_words("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"),
        place="Tu lugar en la cola: {place}.",
        lately="Últimamente hemos tardado normalmente unos {span} en atender.",
        minutes=lambda count: f"{count} minutos",
        hours=("60 minutos", "120 minutos", "180 minutos", "240 minutos"),
        clock=_after_one("a las ", "a la "),
    ),
    "pt": Phrasebook(
        back="Nossa equipe volta {when}.",
        today="hoje {time}",
        tomorrow="amanhã {time}",
        weekday="{day} {time}",
        date="no dia {date} de {month} {time}",
        weekdays=(
            *("na segunda-feira", "na terça-feira", "na quarta-feira", "na quinta-feira", "na sexta-feira"),
            *("no sábado", "no domingo"),
        ),
        months=_words("janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro"),
        place="Seu lugar na fila: {place}.",
        lately="Ultimamente, o atendimento tem começado normalmente em cerca de {span}.",
        minutes=lambda count: f"{count} minutos",
        hours=("uma hora", "2 horas", "3 horas", "4 horas"),
        clock=_after_one("às ", "à "),
    ),
    "fr": Phrasebook(
        back="Notre équipe sera de retour {when}.",
        today="aujourd'hui à {time}",
        tomorrow="demain à {time}",
        weekday="{day} à {time}",
        date="le {date} {month} à {time}",
        weekdays=_words("lundi mardi mercredi jeudi vendredi samedi dimanche"),
        months=_words("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
        place="Votre place dans la file : {place}.",
        lately="Ces derniers temps, l'attente était en général d'environ {span}.",
        minutes=lambda count: f"{count} minutes",
        hours=("une heure", "2 heures", "3 heures", "4 heures"),
        first="1er",
    ),
    "de": Phrasebook(
        back="Unser Team ist {when} wieder da.",
        today="heute um {time}",
        tomorrow="morgen um {time}",
        weekday="am {day} um {time}",
        date="am {date}. {month} um {time}",
        weekdays=_words("Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag"),
        months=_words("Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
        place="Ihr Platz in der Warteschlange: {place}.",
        lately="Zuletzt hat es meist etwa {span} gedauert, bis jemand da war.",
        minutes=lambda count: f"{count} Minuten",
        hours=("eine Stunde", "2 Stunden", "3 Stunden", "4 Stunden"),
        clock=lambda at: f"{at.hour}:{at:%M} Uhr",
    ),
    "it": Phrasebook(
        back="Il nostro team torna {when}.",
        today="oggi {time}",
        tomorrow="domani {time}",
        weekday="{day} {time}",
        date="il {date} {month} {time}",
        weekdays=_words("lunedì martedì mercoledì giovedì venerdì sabato domenica"),
        months=_words("gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre"),
        place="Il tuo posto in coda: {place}.",
        lately="Ultimamente l'attesa è stata di solito di circa {span}.",
        minutes=lambda count: f"{count} minuti",
        hours=("un'ora", "2 ore", "3 ore", "4 ore"),
        clock=_after_one("alle ", "all'"),
        first="1º",
    ),
    "sw": Phrasebook(
        back="Timu yetu itarudi {when}.",
        today="leo, {time}",
        tomorrow="kesho, {time}",
        weekday="{day}, {time}",
        date="tarehe {date} {month}, {time}",
        weekdays=_words("Jumatatu Jumanne Jumatano Alhamisi Ijumaa Jumamosi Jumapili"),
        months=_words("Januari Februari Machi Aprili Mei Juni Julai Agosti Septemba Oktoba Novemba Desemba"),
        place="Nafasi yako kwenye foleni: {place}.",
        lately="Siku hizi kwa kawaida imechukua takriban {span} hadi mtu apatikane.",
        minutes=lambda count: f"dakika {count}",
        hours=("saa moja", "saa mbili", "saa tatu", "saa nne"),
        clock=_american,
    ),
    "ar": Phrasebook(
        back="سيعود فريقنا {when}.",
        today="اليوم في الساعة {time}",
        tomorrow="غدًا في الساعة {time}",
        weekday="يوم {day} في الساعة {time}",
        date="في {date} {month} في الساعة {time}",
        weekdays=_words("الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد"),
        months=_words("يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر"),
        place="دورك في قائمة الانتظار: {place}.",
        lately="استغرق الأمر مؤخرًا في العادة حوالي {span} حتى يتفرغ أحد.",
        minutes=lambda count: f"{count} {'دقائق' if count <= 10 else 'دقيقة'}",
        hours=("ساعة", "ساعتين", "3 ساعات", "4 ساعات"),
    ),
    "hi": Phrasebook(
        back="हमारी टीम {when} वापस आएगी।",
        today="आज {time}",
        tomorrow="कल {time}",
        weekday="{day} को {time}",
        date="{date} {month} को {time}",
        weekdays=_words("सोमवार मंगलवार बुधवार गुरुवार शुक्रवार शनिवार रविवार"),
        months=_words("जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर"),
        place="कतार में आपका स्थान: {place}।",
        lately="हाल में किसी के आने में आम तौर पर लगभग {span} लगे हैं।",
        minutes=lambda count: f"{count} मिनट",
        hours=("एक घंटा", "2 घंटे", "3 घंटे", "4 घंटे"),
        clock=lambda at: f"{at.hour}:{at:%M} बजे",
    ),
}
LANGUAGES = frozenset(_BOOKS)


def back_at(language: str | None, opening: datetime, now: datetime, zone: ZoneInfo) -> str:
    """When people are there again, as somebody in the business's place would say it."""
    book, at = _book(language), opening.astimezone(zone)
    days = (at.date() - now.astimezone(zone).date()).days
    near = book.tomorrow if days else book.today
    named = near if days < 2 else book.weekday if days < _A_WEEK else book.date
    date = book.first if at.day == 1 else str(at.day)
    day, month = book.weekdays[at.weekday()], book.months[at.month - 1]
    return book.back.format(when=named.format(time=book.clock(at), day=day, date=date, month=month))


def place_in_line(language: str | None, place: int) -> str:
    return _book(language).place.format(place=place)


def lately_took(language: str | None, span: timedelta) -> str:
    """A stretch of whole minutes under an hour, or of one to four hours."""
    book, minutes = _book(language), int(span.total_seconds()) // 60
    words = book.minutes(minutes) if minutes < 60 else book.hours[minutes // 60 - 1]
    return book.lately.format(span=words)


def _book(language: str | None) -> Phrasebook:
    """English where we have no words in their language."""
    return _BOOKS.get(re.split("[-_]", language or "en")[0].lower(), _BOOKS["en"])
