//! Invented people and companies. None is meant to be anybody.

use super::random::Random;

/// Where a company is: its name, how often it occurs, its currency, its sales region, its language.
pub struct Country {
    pub name: &'static str,
    pub weight: f64,
    pub currency: &'static str,
    pub region: usize,
    language: usize,
}

const fn country(name: &'static str, weight: f64, currency: &'static str, region: usize, language: usize) -> Country {
    Country { name, weight, currency, region, language }
}

pub const COUNTRIES: &[Country] = &[
    country("Germany", 31.0, "EUR", 0, 0),
    country("Austria", 8.0, "EUR", 0, 0),
    country("Switzerland", 8.0, "CHF", 0, 0),
    country("United Kingdom", 14.0, "GBP", 1, 1),
    country("Ireland", 4.0, "EUR", 1, 1),
    country("Netherlands", 8.0, "EUR", 2, 2),
    country("Belgium", 3.0, "EUR", 2, 2),
    country("France", 8.0, "EUR", 2, 3),
    country("Denmark", 3.0, "EUR", 3, 4),
    country("Sweden", 3.0, "EUR", 3, 4),
    country("Poland", 4.0, "EUR", 3, 5),
    country("United States", 6.0, "USD", 4, 1),
];

/// Sales people by region: Germany, Austria and Switzerland; British Isles; Benelux and France; north and east;
/// America.
pub const OWNERS: &[&[&str]] = &[
    &["Annika Brandt", "Jonas Weidner", "Lea Hübscher"],
    &["Oliver Pemberton", "Niamh Gallagher"],
    &["Camille Lefèvre", "Daan Verhoeven"],
    &["Søren Vestergaard", "Zofia Łukasik"],
    &["Marcus Whitfield"],
];

/// How well each of them closes, against the others.
pub const SKILL: &[&[f64]] = &[&[1.12, 0.96, 1.05], &[0.92, 1.10], &[1.06, 0.88], &[1.0, 1.08], &[0.82]];

const FIRST: &[&[&str]] = &[
    &[
        "Anna",
        "Lukas",
        "Katharina",
        "Felix",
        "Jürgen",
        "Sabine",
        "Tobias",
        "Miriam",
        "Stefan",
        "Jörg",
        "Käthe",
        "Nils",
        "Verena",
        "Matthias",
        "Heike",
        "Björn",
        "Svenja",
        "Ruth",
        "Günther",
        "Carla",
    ],
    &[
        "Emily",
        "James",
        "Charlotte",
        "Harry",
        "Aoife",
        "George",
        "Sinéad",
        "Thomas",
        "Grace",
        "Ciarán",
        "Isla",
        "Edward",
        "Hannah",
        "Rhys",
        "Lucy",
        "Alistair",
        "Megan",
        "Theo",
    ],
    &["Sanne", "Bram", "Femke", "Joris", "Lotte", "Sven", "Maaike", "Ruben", "Noor", "Wouter", "Eline", "Thijs"],
    &["Élodie", "Julien", "Manon", "Aurélie", "Théo", "Chloé", "Bastien", "Inès", "Rémi", "Margaux", "François", "Zoé"],
    &["Freja", "Mads", "Åsa", "Göran", "Linnéa", "Rasmus", "Signe", "Håkan", "Ida", "Jørgen", "Astrid", "Nanna"],
    &["Agnieszka", "Michał", "Małgorzata", "Paweł", "Łucja", "Tomasz", "Grażyna", "Wojciech", "Ewa", "Stanisław"],
];

const LAST: &[&[&str]] = &[
    &[
        "Achterberg",
        "Bühler",
        "Clausnitzer",
        "Dörfler",
        "Eichwald",
        "Fährmann",
        "Grünhagen",
        "Hollweg",
        "Immenhof",
        "Jäckel",
        "Köstner",
        "Lindhorst",
        "Möllering",
        "Nettelbeck",
        "Osterloh",
        "Prückner",
        "Rautenstrauch",
        "Schönfelder",
        "Tiefensee",
        "Weißgerber",
    ],
    &[
        "Ashcombe",
        "Barrowclough",
        "Carmody",
        "Dunleavy",
        "Ellsworthy",
        "Fairbrother",
        "Greenhalgh",
        "Hathersage",
        "Inglewood",
        "Kilbride",
        "Langstaff",
        "Merriweather",
        "O’Dwyer",
        "Pennington-Hale",
        "Quigley",
        "Rosthwaite",
        "Stanhope",
        "Thistlewood",
    ],
    &[
        "Akkerdijk",
        "Brouwershof",
        "de Wilde",
        "Groeneveld",
        "Hoogstraat",
        "Kloosterman",
        "Meerdink",
        "Oudshoorn",
        "Rozenveld",
        "van der Linde",
        "Vinkenborg",
        "Zandstra",
    ],
    &[
        "Beauséjour",
        "Chastagnier",
        "Delacourt",
        "Fontenelle",
        "Guérandel",
        "Lamoureux",
        "Montclair",
        "Péronnet",
        "Roquebrune",
        "Saint-Aubin",
        "Thévenoux",
        "Valcourt",
    ],
    &[
        "Ågren",
        "Bjerregaard",
        "Dahlström",
        "Engelbrekt",
        "Fjellgren",
        "Højgaard",
        "Kjærbæk",
        "Lindqvist",
        "Mølgaard",
        "Sjöblad",
        "Thorsager",
        "Östlund",
    ],
    &[
        "Brzeziński",
        "Czarnota",
        "Dąbek",
        "Gajewicz",
        "Jagodziński",
        "Krępska",
        "Malczyk",
        "Nowosad",
        "Sokołów",
        "Żurawska",
    ],
];

const STEM: &[&[&str]] = &[
    &[
        "Nordhafen",
        "Ostermark",
        "Brückenthal",
        "Lindenfels",
        "Rheinwarte",
        "Sternau",
        "Waldkrone",
        "Hohenbrück",
        "Falkenried",
        "Mühlgrund",
        "Elbtor",
        "Kronwerk",
        "Silberau",
        "Grünwehr",
        "Tannhof",
        "Weserblick",
    ],
    &[
        "Brackwell",
        "Quillhaven",
        "Ashdown",
        "Thornbridge",
        "Merrowfield",
        "Kestrel Bay",
        "Harrowgate",
        "Fennimore",
        "Copperlane",
        "Wexcombe",
        "Halden",
        "Stonemere",
        "Larkspur",
        "Eastmoor",
        "Pinecrest",
        "Tidewell",
    ],
    &[
        "Zandvoorde",
        "Lichtmeer",
        "Polderwind",
        "Grachtwerk",
        "Duinhorst",
        "Vlietstad",
        "Roodhaven",
        "Waterpoort",
        "Meerhout",
        "Oosterdam",
    ],
    &[
        "Clairmont",
        "Valbrune",
        "Rivemarne",
        "Hautpré",
        "Belroche",
        "Fontagne",
        "Grandchêne",
        "Luneville-Nord",
        "Orfèvre",
        "Pontclair",
    ],
    &[
        "Nordvik",
        "Åkerby",
        "Fjordlys",
        "Havnegade",
        "Skovlund",
        "Björkdal",
        "Solvang",
        "Vestkyst",
        "Østerbro",
        "Granvik",
    ],
    &["Zielonka", "Wiślany", "Dębowa", "Kamienna", "Jasnogóra", "Srebrny", "Mazowia", "Północ", "Bukowina", "Orlik"],
];

const TRADE: &[&str] = &[
    "Logistics",
    "Analytics",
    "Robotics",
    "Energy",
    "Foods",
    "Medical",
    "Textiles",
    "Packaging",
    "Instruments",
    "Software",
    "Mobility",
    "Materials",
    "Printing",
    "Interiors",
    "Water",
    "Security",
];

const FORM: &[&[&str]] = &[
    &["GmbH", "GmbH & Co. KG", "AG", "SE"],
    &["Ltd", "Group", "plc", "Partners"],
    &["B.V.", "N.V.", "Groep"],
    &["SAS", "SARL", "S.A."],
    &["A/S", "AB", "ApS"],
    &["Sp. z o.o.", "S.A."],
];

/// A name for a person in a country.
pub fn person(random: &mut Random, country: usize) -> (&'static str, &'static str) {
    // One in ten bears a name from elsewhere, as people do.
    let language = if random.chance(0.1) { random.below(FIRST.len()) } else { COUNTRIES[country].language };
    (*random.pick(FIRST[language]), *random.pick(LAST[language]))
}

/// A name for a company in a country.
pub fn company(random: &mut Random, country: usize) -> String {
    let language = COUNTRIES[country].language;
    let (stem, trade) = (*random.pick(STEM[language]), *random.pick(TRADE));
    let form = if COUNTRIES[country].name == "United States" {
        *random.pick(&["Inc.", "LLC", "Corp."])
    } else {
        *random.pick(FORM[language])
    };
    format!("{stem} {trade} {form}")
}

/// A name as it stands in an e-mail address.
pub fn ascii(name: &str) -> String {
    name.chars()
        .flat_map(char::to_lowercase)
        .filter_map(|letter| {
            Some(match letter {
                'a'..='z' => letter,
                'ä' | 'á' | 'à' | 'å' | 'ą' | 'æ' => 'a',
                'ç' | 'ć' => 'c',
                'é' | 'è' | 'ê' | 'ë' | 'ę' => 'e',
                'í' | 'ï' => 'i',
                'ł' => 'l',
                'ń' => 'n',
                'ö' | 'ó' | 'ø' | 'ô' => 'o',
                'ß' | 'ś' => 's',
                'ü' | 'ú' => 'u',
                'ź' | 'ż' => 'z',
                _ => return None,
            })
        })
        .collect()
}
