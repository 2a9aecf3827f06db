"""The words of which the customers of the demo business are made."""

import msgspec


class People(msgspec.Struct, frozen=True):
    """Names that go together, the language that goes with them, and how many of a hundred customers have them."""

    language: str
    share: int
    firsts: str
    lasts: str

    @property
    def first(self) -> list[str]:
        return self.firsts.split()

    @property
    def last(self) -> list[str]:
        return self.lasts.split()


class Home(msgspec.Struct, frozen=True):
    """An address elsewhere; `street` has a place for the number."""

    street: str
    city: str
    zip_code: str
    country: str


PEOPLE = (
    People(
        "en",
        52,
        "Alice Benjamin Carol Daniel Eleanor Frank Georgia Henry Isabel James Katherine Leonard Margaret"
        " Nathan Olive Patrick Quentin Rachel Samuel Theresa Ursula Victor Wendy Zachary Denise Marcus Imani"
        " Tyrone Yolanda",
        "Abbott Barnes Callahan Dawson Ellison Fletcher Garrison Hadley Irving Jennings Keller Langford"
        " Mercer Norwood Osborne Prescott Quigley Rowland Sheffield Thornton Underwood Vance Whitaker Yates"
        " Washington Freeman",
    ),
    People(
        "es",
        22,
        "Alejandra Beatriz Carlos Dolores Emilio Fernanda Gustavo Inés Javier Lucía Mateo Nuria Óscar Pilar"
        " Rafael Sofía Tomás Ximena",
        "Álvarez Benítez Castillo Domínguez Espinoza Fuentes Guzmán Herrera Ibáñez Jiménez Luna Morales Núñez"
        " Ortega Peña Quiroga Rosario Santiago Vélez",
    ),
    People(
        "fr",
        6,
        "Amélie Baptiste Céline Étienne Françoise Gérard Hélène Jérôme Léa Mathieu Noëlle Rémi",
        "Beaulieu Charpentier Deschamps Fontaine Girard Lefèvre Moreau Pelletier Rousseau Tremblay",
    ),
    People(
        "de",
        6,
        "Anneliese Bernd Dörte Friedrich Günther Heike Jürgen Käthe Lothar Mechthild Rüdiger Ulrike",
        "Bäcker Dietrich Gläser Hoffmann Köhler Lindemann Müller Schröder Vogt Weiß",
    ),
    People(
        "pt-BR",
        7,
        "Antônio Bruna Caetano Débora Fábio Helena João Letícia Márcia Otávio Renata Tânia",
        "Araújo Barbosa Cardoso Figueiredo Gonçalves Magalhães Nascimento Ribeiro Siqueira Vasconcelos",
    ),
    People(
        "pl",
        7,
        "Agnieszka Bogdan Dorota Grzegorz Jadwiga Krzysztof Łucja Małgorzata Paweł Stanisław Wojciech Zofia",
        "Adamczyk Dąbrowska Grabowski Jankowska Kamiński Lewandowska Nowak Szymański Wiśniewska Zieliński",
    ),
)  # fmt: skip
QUARTERS = (
    ("New York", "10004"), ("New York", "10025"), ("New York", "10031"), ("Brooklyn", "11201"), ("Brooklyn", "11215"),
    ("Brooklyn", "11222"), ("Bronx", "10463"), ("Queens", "11101"), ("Astoria", "11103"), ("Flushing", "11354"),
    ("Staten Island", "10301"), ("Yonkers", "10701"),
)  # fmt: skip
STREETS = (
    "Pier Road", "Water Street", "Cooper Lane", "Foundry Street", "Juniper Avenue", "Ferry Street", "Orchard Row",
    "Linden Place", "Gansevoort Walk", "Mill Street", "Chandler Avenue", "Hawthorne Street", "Quarry Road",
    "Bell Court", "Old Post Road", "Canal View", "Cedar Terrace", "Market Lane",
)  # fmt: skip
HOMES = {
    "en": (
        Home("{number} Bayside Drive", "Miami", "33139", "US"),
        Home("{number} Harbour Lane", "Halifax", "B3J 1A1", "CA"),
    ),
    "es": (
        Home("Calle Luna {number}", "San Juan", "00901", "PR"),
        Home("Calle del Olivo {number}", "Sevilla", "41001", "ES"),
    ),
    "fr": (
        Home("{number} rue des Érables", "Montréal", "H2X 1Y4", "CA"),
        Home("{number} quai du Port", "Marseille", "13002", "FR"),
    ),
    "de": (
        Home("Lindenstraße {number}", "Köln", "50674", "DE"),
        Home("Am Hafen {number}", "Hamburg", "20457", "DE"),
    ),
    "pt-BR": (Home("Rua das Palmeiras, {number}", "São Paulo", "01226-010", "BR"),),
    "pl": (Home("ul. Długa {number}", "Kraków", "31-147", "PL"),),
}
COMPANIES = (
    "{last} & Sons", "{last} Bakery", "{last} Property Management", "{place} Dental Care", "{last} Architects",
    "{place} Laundromat", "{last} Café", "{place} Tenants' Association", "{last} Catering", "{place} Fitness Club",
    "{last} Realty Group", "Hotel {last}",
)  # fmt: skip
TAGS = ("vip", "maintenance", "emergency", "landlord", "net 30", "senior", "referral", "do not call before 9")
SOURCES = ("website", "referral", "phone", "walk-in", "newspaper")
SOURCE_SHARES = (38, 30, 20, 8, 4)
NOTES = (
    "Key is with the neighbour on the second floor.",
    "Main valve is behind the washing machine.\nTurn it slowly.",
    "Dog is friendly, cat is not.",
    "Parking in the yard only; ring twice.",
    "Old galvanised pipes in the basement: replace rather than repair.",
    "Prefers estimates in writing.",
    "Pays by check. Invoice goes to the landlord.",
    "Boiler room is locked; the superintendent opens from eight to four.",
)
HAPPENED = (
    "Called about a dripping faucet in the kitchen.",
    "Estimate for a new water heater was accepted on the phone.",
    "Toilet on the upper floor runs again. Will send somebody on Tuesday.",
    "Asked for a copy of last year's invoice.",
    "Radiator valves checked, two replaced.",
    "Not at home at the time agreed. New appointment wanted.",
    "Very happy with the bathroom; will tell the neighbours.",
    "Pidió presupuesto para cambiar la caldera.",
    "Rappeler la semaine prochaine pour la fuite.",
    "Water pressure is low in the mornings. Suspect the street main.",
    "Wants a maintenance contract from next winter on.",
)
BOILERS = ("Harbor 200", "Harbor 350", "Northwind C4", "Ember Compact", "Kestrel 24i")
AREAS = (
    "212", "718", "917", "646", "347", "929", "516", "631", "914", "845",
    "201", "551", "732", "848", "862", "973", "908", "203", "475", "860",
)  # fmt: skip
PLAIN = str.maketrans("ąćęłńóśźżáéíúñüöäßàâçèêëîïôûùãõ", "acelnoszzaeiunuoasaaceeeiiouuao")

COMPANIES_SHARE, NAMED_SHARE, SECOND_SHARE, NOTES_SHARE = 0.24, 0.6, 0.12, 0.3
CODES_SHARE, BOILERS_SHARE, CONTRACTS_SHARE = 0.15, 0.25, 0.1
CHANGED_SHARE, ARCHIVED_SHARE = 0.12, 0.03
