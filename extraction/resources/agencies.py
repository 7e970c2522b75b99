"""The names of public bodies: which places they begin with and what they are in full (``regions.yaml``)."""

import re
from collections import Counter
from functools import cache
from typing import Literal

from extraction.resources.files import Resource, load
from extraction.resources.sections import SectionWords, Words, section_words

_NOT_CHINESE = re.compile(r"[^\u4e00-\u9fff]")
_LONGEST_PLACE = 16


class RegionWords(Resource):
    """``regions.yaml``."""

    units: dict[Literal["county", "town", "generic", "city", "district"], Words]
    not_places: Words
    breaks: Words
    provinces: dict[str, Words]


class Places:
    """Reads the chain of places with which the name of a body begins."""

    def __init__(self, words: RegionWords) -> None:
        self._province_of = {city: province for province, cities in words.provinces.items() for city in cities}
        self._municipalities = {province for province, cities in words.provinces.items() if not cities}
        self._not_places = words.not_places
        self._counties, self.towns, self._generic = (words.units[kind] for kind in ("county", "town", "generic"))
        self._cities, self._districts = words.units["city"], words.units["district"]
        self._units = (*self._counties, *self.towns)
        self._breaks = re.compile("|".join((_NOT_CHINESE.pattern, *words.breaks)))
        known = sorted([*words.provinces, *self._province_of], key=len, reverse=True)
        self._known = re.compile("|".join(known))

    def chain(self, name: str) -> list[str]:
        """The places at the start of ``name``, widest first."""
        places: list[str] = []
        at = 0
        while (place := self._place(name, at)) is not None:
            places.append(place)
            at += len(place)
        return places

    def _place(self, name: str, at: int) -> str | None:
        known = self._known.match(name, at)
        if known:
            return known.group()
        for length in range(2, _LONGEST_PLACE):
            place = name[at : at + length]
            if len(place) < length or not place.endswith(self._units) or place.endswith(self._not_places):
                continue
            # 「湘乡市」 and 「浦东开发区」 do not end at their first unit.
            longer = any(name.startswith(unit, at + length - 1) for unit in self._units if unit != place[-1])
            if not longer and not (place.endswith(self.towns) and name.startswith(self._counties, at + length)):
                return place
        return None

    def chain_before(self, text: str, at: int) -> str | None:
        """The chain of places that ends in ``text`` at ``at``, from a known division on where there is one."""
        window = text[max(0, at - 24) : at]
        window = window[max((m.end() for m in self._breaks.finditer(window)), default=0) :]
        known = [m.start() for m in self._known.finditer(window)]
        for start in [*known, *range(len(window) - 2)]:
            if "".join(self.chain(window[start:])) == window[start:]:
                return window[start:]
        return None

    def cities(self, text: str) -> Counter[str]:
        """How often the text mentions each municipality and prefecture-level division."""
        return Counter(n for n in self._known.findall(text) if n in self._municipalities or n in self._province_of)

    def is_town(self, place: str) -> bool:
        """Whether a place is below the county."""
        return place.endswith(self.towns)

    def is_unit(self, word: str) -> bool:
        """Whether a word is a unit alone, as in 区政府."""
        return word in self._generic

    def is_wide(self, place: str) -> bool:
        """Whether a place is a province, a municipality or a prefecture-level division."""
        return self._known.fullmatch(place) is not None

    def holds(self, upper: str, lower: str) -> bool:
        """Whether a place may lie in another: a county in a city, a town in a county."""
        if self.is_town(lower):
            return not self.is_town(upper)
        return self.is_wide(upper) or (upper.endswith(self._cities) and not lower.endswith(self._cities))

    def is_district(self, place: str) -> bool:
        """Whether a place is a district, whose full name has its city in front."""
        return place.endswith(self._districts) and not self.is_wide(place)

    def region(self, agency: str) -> str | None:
        """Province, city and county of a body, as far as its name tells them."""
        chain = [place for place in self.chain(agency) if not self.is_town(place)]
        if not chain or not self.is_wide(chain[0]):
            return None
        province = self._province_of.get(chain[0])
        return "".join([province, *chain] if province else chain)


class Agencies:
    """Completes the short name of a body by what the text says of it."""

    def __init__(self, words: SectionWords, places: Places) -> None:
        self._words, self._head, self._places = words.agencies, words.head, places

    def looks_like_one(self, name: str) -> bool:
        """Whether ``name`` can be the name of a body: Chinese throughout, with the ending of a body or a place."""
        if not 3 <= len(name) <= 32 or _NOT_CHINESE.search(name):
            return False
        return name.endswith(self._words.endings) or "".join(self._places.chain(name)) == name

    def full_name(self, name: str, text: str) -> str:
        """The name of a body with the places above it and abbreviations spelt out, where ``text`` (unspaced) allows."""
        chain = self._places.chain(name)
        body = name.removeprefix("".join(chain))
        if not chain and self._places.is_unit(body[:1]) and self._is_body(body[1:]):
            body = body[1:]
        if not chain:
            chain = self._places.chain(self._seat(body, text) or "")
        while chain and not self._places.is_wide(chain[0]) and (above := self._above(chain[0], text)):
            chain = above + chain
        return "".join(chain) + (self._spelt_out(chain, body, text) if body else self._government(chain, text))

    def _is_body(self, name: str) -> bool:
        return name in self._words.abbreviations or (len(name) > 2 and name.endswith(self._words.endings))

    def _seat(self, body: str, text: str) -> str | None:
        """The places that stand most often right before ``body`` in the text."""
        seats: Counter[str] = Counter()
        for match in re.finditer(re.escape(body), text):
            seat = self._places.chain_before(text, match.start())
            if seat:
                seats[self._bare(seat, text)] += 1
        return max(seats, key=lambda seat: (seats[seat], len(seat)), default=None)

    def _bare(self, place: str, text: str) -> str:
        """``place`` without a word that only happens to stand before it (由东丽区)."""
        for word in self._head.before:
            rest = place.removeprefix(word)
            if rest != place and len(rest) > 2 and text.count(rest) >= text.count(place):
                return rest
        return place

    def _above(self, place: str, text: str) -> list[str]:
        """The wider places that the text puts right before ``place``, or the only city that it mentions."""
        above: Counter[str] = Counter()
        for match in re.finditer(re.escape(place), text):
            before = self._places.chain_before(text, match.start())
            found = self._bare(before, text) if before else ""
            if found and found != place and self._places.holds(self._places.chain(found)[-1], place):
                above[found] += 1
        if above:
            return self._places.chain(max(above, key=lambda chain: (above[chain], len(chain))))
        cities = self._places.cities(text)
        return list(cities) if len(cities) == 1 and self._places.is_district(place) else []

    def _spelt_out(self, chain: list[str], body: str, text: str) -> str:
        for unit in self._places.towns if chain else ():
            if chain[-1].endswith(unit) and unit + body in self._words.abbreviations:
                return self._words.abbreviations[unit + body].removeprefix(unit)
        full = self._words.abbreviations.get(body)
        if full is None:
            return body
        if not chain:
            return full
        gap, tail = "[\u4e00-\u9fff]{0,4}?", full[full.rfind(body[-1]) + 1 :]
        printed = re.findall(f"{chain[-1]}({gap.join(body)}{tail})", text)
        return max((name for name in printed if len(name) > len(body)), key=len, default=full)

    def _government(self, chain: list[str], text: str) -> str:
        """What follows a bare place: its government or office, where the text names it."""
        if not chain:
            return ""
        last, words = chain[-1], self._words
        if last + words.government in text:
            return words.government
        if self._places.is_town(last):
            return words.town_office if last + words.town_office in text else ""
        return words.government if last[-1] + words.short_government in text else ""


@cache
def agencies() -> Agencies:
    """The names of bodies, read once."""
    return Agencies(section_words(), places())


@cache
def places() -> Places:
    """The places, read once."""
    return Places(load("regions.yaml", RegionWords))
