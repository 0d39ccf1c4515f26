//! Configuration file of a production, kept beside its sessions.

use crate::document::{Document, Kind, NodeId, ROOT, decode_utf8};
use crate::names::{closest, shorten};
use crate::{ParseError, ParseErrorCode, Policy, Refusal};

/// Configuration of a production: the contents of its [`Config::FILE`].
///
/// ```
/// use callboard_core::Config;
/// let config = Config::parse(r#"{"policy": {"retry_limit": 5}, "sessions": "output/sessions"}"#).unwrap();
/// assert_eq!((config.policy.retry_limit, config.sessions.as_deref()), (5, Some("output/sessions")));
/// let error = Config::parse("{\n  \"policy\": {\"retry_limits\": 5}}").unwrap_err();
/// assert_eq!((error.code().name(), error.line(), error.column()), ("invalid_config", 2, 14));
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Config {
    /// The policy; values that the file does not set are the defaults.
    pub policy: Policy,
    /// JSON text of the policy in the file: only values that differ from the defaults.
    pub policy_json: String,
    /// Folder of the sessions, relative to the file's own folder.
    pub sessions: Option<String>,
}

/// Keys of the file.
const KEYS: [&str; 2] = ["policy", "sessions"];

impl Config {
    /// Name of the file.
    ///
    /// ```
    /// assert_eq!(callboard_core::Config::FILE, "callboard.json");
    /// ```
    pub const FILE: &str = "callboard.json";

    /// Parses the text of a configuration file.
    ///
    /// # Errors
    /// The code of a syntax error, or `invalid_config` for an unknown or repeated key or an invalid value, with line and
    /// column.
    ///
    /// See the example at [`Config`].
    pub fn parse(text: impl Into<String>) -> Result<Config, ParseError> {
        let text = text.into();
        if text.trim_start_matches('\u{feff}').trim().is_empty() {
            let message = format!("{} is empty: it holds one JSON object", Config::FILE);
            return Err(ParseError::new(ParseErrorCode::Empty, message, &text, 0));
        }
        let document = Document::parse(text)?;
        let reader = ConfigReader { document: &document };
        if document.kind(ROOT) != Kind::Object {
            let actual = document.kind(ROOT).name();
            return Err(reader.error(ROOT, format!("{} must be a JSON object, and is {actual}", Config::FILE)));
        }
        reader.known(ROOT, "callboard.json", &KEYS)?;
        let mut config = Config { policy_json: "{}".to_owned(), ..Config::default() };
        if let Some(policy) = document.find_set(ROOT, "policy") {
            reader.policy(policy)?;
            document.raw(policy).clone_into(&mut config.policy_json);
            config.policy =
                Policy::from_json(&config.policy_json).map_err(|refusal| reader.refused(policy, &refusal))?;
        }
        if let Some(sessions) = document.find_set(ROOT, "sessions") {
            match document.string(sessions).filter(|_| document.kind(sessions) == Kind::String) {
                Some(path) if !path.trim().is_empty() && !path.contains('\0') => {
                    config.sessions = Some(path.into_owned())
                }
                _ => {
                    let shown = shorten(document.raw(sessions));
                    return Err(reader.error(sessions, format!("sessions must be the path of a folder, not {shown}")));
                }
            }
        }
        Ok(config)
    }

    /// Parses the bytes of a configuration file, which must be UTF-8. A byte order mark is allowed.
    ///
    /// # Errors
    /// The errors of [`Config::parse`], and `not_utf8`.
    ///
    /// ```
    /// use callboard_core::{Config, Policy};
    /// assert_eq!(Config::from_bytes("\u{feff}{}".as_bytes()).unwrap().policy, Policy::default());
    /// assert_eq!(Config::from_bytes(b"{\"\xff\"}").unwrap_err().code().name(), "not_utf8");
    /// ```
    pub fn from_bytes(bytes: impl Into<Vec<u8>>) -> Result<Config, ParseError> {
        decode_utf8(bytes.into()).and_then(Config::parse)
    }
}

struct ConfigReader<'a> {
    document: &'a Document,
}

impl ConfigReader<'_> {
    fn error(&self, at: NodeId, message: String) -> ParseError {
        let offset = self.document.node(at).start as usize;
        ParseError::new(ParseErrorCode::InvalidConfig, message, self.document.text(), offset)
    }

    fn refused(&self, at: NodeId, refusal: &Refusal) -> ParseError {
        let message = match &refusal.hint {
            Some(hint) => format!("{} {hint}", refusal.message),
            None => refusal.message.clone(),
        };
        self.error(at, message)
    }

    /// Refuses unknown and repeated keys of an object.
    fn known(&self, object: NodeId, of: &str, known: &[&str]) -> Result<(), ParseError> {
        let mut seen: Vec<&str> = Vec::new();
        for (key, _) in self.document.members(object) {
            let name = self.document.string(key).unwrap_or_default();
            let Some(known) = known.iter().copied().find(|known| *known == name) else {
                let meant = closest(&name, known.iter().copied());
                let meant = meant.map_or_else(
                    || format!("Known are {}", known.join(" and ")),
                    |meant| format!("Did you mean \"{meant}\"?"),
                );
                return Err(self.error(key, format!("Unknown key \"{}\" in {of}. {meant}", shorten(&name))));
            };
            if seen.contains(&known) {
                return Err(self.error(key, format!("Duplicate key \"{known}\" in {of}")));
            }
            seen.push(known);
        }
        Ok(())
    }

    /// Checks the policy member by member, so that an error has the place of the member.
    fn policy(&self, policy: NodeId) -> Result<(), ParseError> {
        let document = self.document;
        if document.kind(policy) != Kind::Object {
            let actual = document.kind(policy).name();
            return Err(self.error(policy, format!("policy must be an object, and is {actual}")));
        }
        let mut seen: Vec<String> = Vec::new();
        for (key, value) in document.members(policy) {
            let name = document.raw(key);
            self.once(&mut seen, self.name(key), key)?;
            self.accepts(&format!("{{{name}:null}}"), key)?;
            if document.kind(value) != Kind::Object {
                self.accepts(&format!("{{{name}:{}}}", document.raw(value)), value)?;
                continue;
            }
            self.accepts(&format!("{{{name}:{{}}}}"), value)?;
            for (inner, value) in document.members(value) {
                let inner_name = document.raw(inner);
                self.once(&mut seen, format!("{}.{}", self.name(key), self.name(inner)), inner)?;
                self.accepts(&format!("{{{name}:{{{inner_name}:null}}}}"), inner)?;
                self.accepts(&format!("{{{name}:{{{inner_name}:{}}}}}", document.raw(value)), value)?;
            }
        }
        Ok(())
    }

    /// A key's name with case and hyphens folded, as the policy's keys are found.
    fn name(&self, key: NodeId) -> String {
        self.document.string(key).unwrap_or_default().to_ascii_lowercase().replace('-', "_")
    }

    fn once(&self, seen: &mut Vec<String>, name: String, key: NodeId) -> Result<(), ParseError> {
        if seen.contains(&name) {
            return Err(self.error(key, format!("Duplicate key \"{}\" in policy", shorten(&name))));
        }
        seen.push(name);
        Ok(())
    }

    /// Checks a part of the policy, which is at this place.
    fn accepts(&self, policy: &str, at: NodeId) -> Result<(), ParseError> {
        Policy::from_json(policy).map(|_| ()).map_err(|refusal| self.refused(at, &refusal))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let found = Config::parse(text).map_err(|error| format!("{}: {error}", error.code().name()));
        assert_eq!(found.map(|_| ()), Err(expected.to_owned()), "{text}");
    }

    #[test]
    fn the_policy_and_the_folder_are_read() {
        let text = "\u{feff}{\"policy\": {\"retry_limit\": 5, \"shares\": {\"writing\": 3}, \"wait_limit\": 60},\r\n\"sessions\": \"out\"}";
        let config = Config::parse(text).unwrap_or_default();
        assert_eq!((config.policy.retry_limit, config.policy.wait_limit), (5, 60));
        assert_eq!(config.sessions.as_deref(), Some("out"));
        assert_eq!(Policy::from_json(&config.policy_json).ok(), Some(config.policy));
        let empty = Config::parse("{\"policy\": null, \"sessions\": null}").unwrap_or_default();
        assert_eq!((empty.policy, empty.policy_json.as_str(), empty.sessions), (Policy::default(), "{}", None));
    }

    #[test]
    fn an_error_has_its_place() {
        check(
            "{\n \"polcy\": {}}",
            "invalid_config: Unknown key \"polcy\" in callboard.json. Did you mean \"policy\"? (line 2, column 2).",
        );
        check(
            "{\"x\": 1}",
            "invalid_config: Unknown key \"x\" in callboard.json. Known are policy and sessions (line 1, column 2).",
        );
        check(
            "{\"policy\": {\n  \"retry_limits\": 5}}",
            "invalid_config: The policy has an unknown field \"retry_limits\". Did you mean \"retry_limit\"? (line 2, column 3).",
        );
        check(
            "{\"policy\": {\"thresholds\": {\n\"overal\": 0.9}}}",
            "invalid_config: The policy has an unknown field \"overal\". Did you mean \"overall\"? (line 2, column 1).",
        );
        check(
            "{\"policy\": {\"thresholds\": {\"overall\": 85}}}",
            "invalid_config: overall must be between 0 and 1, not 85 (line 1, column 39).",
        );
        check(
            "{\"policy\": {\"retry_limit\": \"3\"}}",
            "invalid_config: retry_limit must be a whole number, not \"3\" (line 1, column 28).",
        );
        check(
            "{\"policy\": {\"wait_limit\": {\"a\": 1}}}",
            "invalid_config: wait_limit must be a whole number, not {} (line 1, column 27).",
        );
        check("{\"policy\": 3}", "invalid_config: policy must be an object, and is a number (line 1, column 12).");
        check("[]", "invalid_config: callboard.json must be a JSON object, and is a list (line 1, column 1).");
        check(
            "{\"sessions\": \"\"}",
            "invalid_config: sessions must be the path of a folder, not \"\" (line 1, column 14).",
        );
        check("{\"sessions\": 1}", "invalid_config: sessions must be the path of a folder, not 1 (line 1, column 14).");
        check(
            "{\"policy\": {\"budget\": 1, \"Budget\": 2}}",
            "invalid_config: Duplicate key \"budget\" in policy (line 1, column 26).",
        );
        check(
            "{\"policy\": {}, \"policy\": {}}",
            "invalid_config: Duplicate key \"policy\" in callboard.json (line 1, column 16).",
        );
        check(
            "{\"policy\": {,}}",
            "unexpected_character: Expected a key in double quotes or \"}\", found \",\" (line 1, column 13).",
        );
        check("", "empty: callboard.json is empty: it holds one JSON object (line 1, column 1).");
    }
}
