//! Routes, parsed from the URL's hash and formatted as one.
use callboard_workspace::Listed;
use std::fmt::Write as _;

/// A page of the app.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Route {
    /// `#/`: figures, sessions that need attention, charts.
    #[default]
    Dashboard,
    /// `#/sessions`: the list of sessions.
    Sessions,
    /// `#/sessions/{id}`: one session.
    Session(String),
    /// `#/imported/{key}`: one session that is only read.
    Imported(String),
    /// `#/teach/{path}`: the shape of an imported file.
    Teach(String),
    /// `#/new`: the form for a new session.
    New,
    /// `#/import`: the result of the last import.
    Import,
    /// `#/changes`: changed files, ready to export.
    Changes,
    /// `#/timeline`: all sessions on one time axis.
    Timeline,
    /// `#/report`: the production report, to print or to send.
    Report,
    /// `#/schedule`: sessions by the week in which they are due.
    Schedule,
    /// `#/settings`: theme, policy, storage, about.
    Settings,
    /// Any other address, shown in the error.
    Unknown(String),
}

impl Route {
    /// Reads the part of an address after `#` (a leading `#` is ignored).
    pub fn parse(hash: &str) -> Self {
        let path = hash.trim_start_matches('#');
        let path = path.split('?').next().unwrap_or_default();
        let mut parts = path.trim_matches('/').split('/');
        match (parts.next().unwrap_or_default(), parts.next(), parts.next()) {
            ("", None, None) => Self::Dashboard,
            ("sessions", None, None) => Self::Sessions,
            ("sessions", Some(id), None) => match decode(id) {
                Some(id) => Self::Session(id),
                None => Self::Unknown(path.to_owned()),
            },
            ("imported", Some(key), None) => match decode(key) {
                Some(key) => Self::Imported(key),
                None => Self::Unknown(path.to_owned()),
            },
            ("teach", Some(file), None) => match decode(file) {
                Some(file) => Self::Teach(file),
                None => Self::Unknown(path.to_owned()),
            },
            ("new", None, None) => Self::New,
            ("import", None, None) => Self::Import,
            ("changes", None, None) => Self::Changes,
            ("timeline", None, None) => Self::Timeline,
            ("report", None, None) => Self::Report,
            ("schedule", None, None) => Self::Schedule,
            ("settings", None, None) => Self::Settings,
            _ => Self::Unknown(path.to_owned()),
        }
    }

    /// Returns the address, with its `#`.
    pub fn href(&self) -> String {
        match self {
            Self::Dashboard => "#/".into(),
            Self::Sessions => "#/sessions".into(),
            Self::Session(id) => format!("#/sessions/{}", encode(id)),
            Self::Imported(key) => format!("#/imported/{}", encode(key)),
            Self::Teach(path) => format!("#/teach/{}", encode(path)),
            Self::New => "#/new".into(),
            Self::Import => "#/import".into(),
            Self::Changes => "#/changes".into(),
            Self::Timeline => "#/timeline".into(),
            Self::Report => "#/report".into(),
            Self::Schedule => "#/schedule".into(),
            Self::Settings => "#/settings".into(),
            Self::Unknown(path) => format!("#{path}"),
        }
    }
}

impl Route {
    /// Returns the page of a session of a list.
    pub fn of(session: &Listed) -> Self {
        match session {
            Listed::Own(entry) => Self::Session(entry.id().to_owned()),
            Listed::ReadOnly(session) => Self::Imported(session.key.clone()),
        }
    }

    /// Returns the address of the list with one filter set; `values` are separated by commas.
    pub fn sessions_where(filter: &str, values: &str) -> String {
        format!("{}?{filter}={values}", Self::Sessions.href())
    }
}

/// Returns a parameter of an address's query.
pub fn parameter(address: &str, name: &str) -> Option<String> {
    let (_, query) = address.split_once('?')?;
    let value = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))?;
    decode(&value.replace('+', "%20"))
}

/// Percent-encodes all but the unreserved characters of RFC 3986.
pub(crate) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing into a String cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// Decodes percent-encoded text; `None` if an escape is malformed or the bytes are not UTF-8.
pub(crate) fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        if first == b'%' {
            let digits = std::str::from_utf8(tail.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &tail[2..];
        } else {
            bytes.push(first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(hash: &str, expected: &Route) {
        assert_eq!(&Route::parse(hash), expected);
        assert_eq!(&Route::parse(&expected.href()), expected);
    }

    #[test]
    fn routes_survive_a_round_trip() {
        check("", &Route::Dashboard);
        check("#/", &Route::Dashboard);
        check("#/?range=all", &Route::Dashboard);
        check("#/sessions", &Route::Sessions);
        check("/sessions/", &Route::Sessions);
        check("#/new", &Route::New);
        check("#/import", &Route::Import);
        check("#/changes", &Route::Changes);
        check("#/timeline?by=agent", &Route::Timeline);
        check("#/report", &Route::Report);
        check("#/schedule?owner=Mira", &Route::Schedule);
        check("#/settings", &Route::Settings);
        let id = Route::Session("ep_001_20240811_1430".into());
        check("#/sessions/ep_001_20240811_1430", &id);
        check("#/imported/show%2Fep_1", &Route::Imported("show/ep_1".into()));
        check("#/teach/show%2Fa.json", &Route::Teach("show/a.json".into()));
    }

    #[test]
    fn parameters_are_found_by_name() {
        let address = "/import?show=not-a-session&q=a%20b%26c+d&q=other&shown=1";
        assert_eq!(parameter(address, "show").as_deref(), Some("not-a-session"));
        assert_eq!(parameter(address, "q").as_deref(), Some("a b&c d"));
        assert_eq!(parameter(address, "sho"), None);
        assert_eq!(parameter("/import", "q"), None);
        assert_eq!(parameter("/import?q=%zz", "q"), None);
    }

    #[test]
    fn ids_are_escaped() {
        for id in ["a/b", "100 %", "<script>", "ep_batch_1-5", "?x=#y", "é🎙", "..", "%41"] {
            let route = Route::Session(id.into());
            assert_eq!(Route::parse(&route.href()), route, "{id}");
            assert!(route.href().is_ascii());
        }
    }

    #[test]
    fn unknown_addresses_are_kept() {
        check("#/nowhere/at/all", &Route::Unknown("/nowhere/at/all".into()));
        check("#/sessions/%zz", &Route::Unknown("/sessions/%zz".into()));
        check("#/sessions/a/b", &Route::Unknown("/sessions/a/b".into()));
    }
}
