//! Names of time zones: today's names, and the search for them. Pure.
use crate::order;

/// Zones that were renamed, as browsers may list them, with today's names in the time zone database.
const RENAMED: [(&str, &str); 27] = [
    ("Africa/Asmera", "Africa/Asmara"),
    ("America/Buenos_Aires", "America/Argentina/Buenos_Aires"),
    ("America/Catamarca", "America/Argentina/Catamarca"),
    ("America/Coral_Harbour", "America/Atikokan"),
    ("America/Cordoba", "America/Argentina/Cordoba"),
    ("America/Fort_Wayne", "America/Indiana/Indianapolis"),
    ("America/Godthab", "America/Nuuk"),
    ("America/Indianapolis", "America/Indiana/Indianapolis"),
    ("America/Jujuy", "America/Argentina/Jujuy"),
    ("America/Knox_IN", "America/Indiana/Knox"),
    ("America/Louisville", "America/Kentucky/Louisville"),
    ("America/Mendoza", "America/Argentina/Mendoza"),
    ("Asia/Calcutta", "Asia/Kolkata"),
    ("Asia/Dacca", "Asia/Dhaka"),
    ("Asia/Katmandu", "Asia/Kathmandu"),
    ("Asia/Macao", "Asia/Macau"),
    ("Asia/Rangoon", "Asia/Yangon"),
    ("Asia/Saigon", "Asia/Ho_Chi_Minh"),
    ("Asia/Thimbu", "Asia/Thimphu"),
    ("Asia/Ujung_Pandang", "Asia/Makassar"),
    ("Asia/Ulan_Bator", "Asia/Ulaanbaatar"),
    ("Atlantic/Faeroe", "Atlantic/Faroe"),
    ("Europe/Kiev", "Europe/Kyiv"),
    ("Pacific/Enderbury", "Pacific/Kanton"),
    ("Pacific/Ponape", "Pacific/Pohnpei"),
    ("Pacific/Samoa", "Pacific/Pago_Pago"),
    ("Pacific/Truk", "Pacific/Chuuk"),
];

/// Returns today's name of a zone.
pub fn todays_name(zone: &str) -> &str {
    RENAMED.iter().find(|(old, _)| *old == zone).map_or(zone, |(_, name)| name)
}

/// A time zone that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ZoneName {
    /// Today's name.
    pub name: String,
    /// The name by which the browser lists it.
    pub listed: String,
    /// Both names in lower case with spaces between their words.
    text: String,
}

impl ZoneName {
    fn new(listed: &str) -> Self {
        let name = todays_name(listed);
        let old = RENAMED.iter().filter(|(_, today)| *today == name).map(|(old, _)| *old);
        let text = std::iter::once(name).chain(old).map(plain).collect::<Vec<_>>().join(" ");
        Self { name: name.to_owned(), listed: listed.to_owned(), text }
    }

    /// Returns the place, in lower case: `ho chi minh`.
    fn city(&self) -> String {
        plain(self.name.rsplit('/').next().unwrap_or_default())
    }
}

/// Returns the zones that a browser lists, by today's names: UTC first, then in alphabetical order.
pub fn zone_names(listed: &[String]) -> Vec<ZoneName> {
    let zones: Vec<ZoneName> = listed.iter().map(|zone| ZoneName::new(zone)).chain([ZoneName::new("UTC")]).collect();
    let mut zones =
        order::partition_first(&order::sorted_by_text(&zones, |zone| &zone.name), |zone| zone.name == "UTC");
    zones.dedup_by(|one, other| one.name == other.name);
    zones
}

/// Returns the zones of which every word of a search is a part, those whose place begins with it first.
pub fn find<'a>(zones: &'a [ZoneName], search: &str) -> Vec<&'a ZoneName> {
    let search = plain(search);
    let words: Vec<&str> = search.split_whitespace().collect();
    let found = zones.iter().filter(|zone| words.iter().all(|word| zone.text.contains(word)));
    order::partition_first(&found.collect::<Vec<_>>(), |zone| zone.city().starts_with(search.trim()))
}

/// Returns the zones whose names are nearest to a wrong one, nearest first.
pub fn nearest<'a>(zones: &'a [ZoneName], search: &str, number: usize) -> Vec<&'a ZoneName> {
    let search = plain(search);
    let search = search.trim();
    let distance = |zone: &ZoneName| {
        let names = [plain(&zone.name), zone.city(), plain(zone.listed.rsplit('/').next().unwrap_or_default())];
        names.iter().map(|name| strsim::osa_distance(name, search)).min().unwrap_or(usize::MAX)
    };
    let distances = zones.iter().map(|zone| (i64::try_from(distance(zone)).unwrap_or(i64::MAX), 0));
    order::ascending(distances).into_iter().take(number).map(|at| &zones[at]).collect()
}

/// Returns a name in lower case, with spaces between its words.
fn plain(name: &str) -> String {
    name.to_lowercase().replace(['/', '_', '-'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zones() -> Vec<ZoneName> {
        let listed = [
            "America/New_York",
            "Asia/Calcutta",
            "Asia/Saigon",
            "Asia/Tokyo",
            "Europe/Berlin",
            "Europe/Kiev",
            "Atlantic/Bermuda",
        ];
        zone_names(&listed.map(str::to_owned))
    }

    fn names(found: &[&ZoneName]) -> Vec<String> {
        found.iter().map(|zone| zone.name.clone()).collect()
    }

    #[test]
    fn any_part_of_either_name_finds_a_zone_by_todays_name() {
        let check = |search, expected: &[&str]| assert_eq!(names(&find(&zones(), search)), expected, "{search}");
        check("kolk", &["Asia/Kolkata"]);
        check("Calcutta", &["Asia/Kolkata"]);
        check("kyiv", &["Europe/Kyiv"]);
        check("kiev", &["Europe/Kyiv"]);
        check("Europe/Kyiv", &["Europe/Kyiv"]);
        check("new york", &["America/New_York"]);
        check("york new", &["America/New_York"]);
        check("ho chi", &["Asia/Ho_Chi_Minh"]);
        check("ber", &["Atlantic/Bermuda", "Europe/Berlin"]);
        check("utc", &["UTC"]);
        check("atlantis", &[]);
        assert_eq!(find(&zones(), " ").len(), 8);
    }

    #[test]
    fn zones_are_listed_once_by_todays_names() {
        let listed = ["Asia/Kolkata", "Asia/Calcutta", "UTC"].map(str::to_owned);
        let all = zone_names(&listed);
        assert_eq!(names(&all.iter().collect::<Vec<_>>()), ["UTC", "Asia/Kolkata"]);
    }

    #[test]
    fn the_nearest_names_are_offered_for_a_wrong_one() {
        let check = |search, expected: &str| assert_eq!(nearest(&zones(), search, 1)[0].name, expected, "{search}");
        check("Brelin", "Europe/Berlin");
        check("Kolkatta", "Asia/Kolkata");
        check("Calcuta", "Asia/Kolkata");
        check("America/NewYork", "America/New_York");
    }

    #[test]
    fn renamed_zones_lead_to_names_that_are_not_renamed_again() {
        for (_, name) in RENAMED {
            assert_eq!(todays_name(name), name);
        }
    }
}
