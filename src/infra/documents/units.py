"""Units as programs read them: the codes of UN/ECE Recommendation 20 for what people write."""

from collections.abc import Mapping
from types import MappingProxyType

_ONE = "C62"
_WRITTEN: Mapping[str, str] = MappingProxyType(
    {
        "ANN": "year years año años",
        "C62": "unit units unidad unidades",
        "CMT": "cm centimetre centimetres centimeter centimeters centímetro centímetros",
        "DAY": "day days día días",
        "FOT": "ft foot feet",
        "GLL": "gal gallon gallons",
        "GRM": "g gram grams gramo gramos",
        "H87": "piece pieces pc pcs pieza piezas",
        "HUR": "hour hours h hr hrs hora horas",
        "INH": "in inch inches",
        "KGM": "kg kilo kilogram kilograms kilogramo kilogramos",
        "KMT": "km kilometre kilometres kilometer kilometers kilómetro kilómetros",
        "KWH": "kwh",
        "LBR": "lb lbs pound pounds",
        "LTR": "l litre litres liter liters litro litros",
        "MIN": "min minute minutes minuto minutos",
        "MON": "month months mes meses",
        "MTK": "m² m2 sqm",
        "MTQ": "m³ m3",
        "MTR": "m metre metres meter meters metro metros",
        "PR": "pair pairs par pares",
        "SET": "set sets juego juegos",
        "SMI": "mi mile miles milla millas",
        "TNE": "t tonne tonnes tonelada toneladas",
        "WEE": "week weeks semana semanas",
    }
)
_CODES: Mapping[str, str] = MappingProxyType(
    {word: code for code, words in _WRITTEN.items() for word in (code.casefold(), *words.split())}
)


def unit_code(unit: str | None) -> str:
    """The code of a unit, which may be written as its code; of what nobody knows, that of one."""
    return _CODES.get((unit or "").strip().casefold().rstrip("."), _ONE)
