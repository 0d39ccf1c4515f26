//! Patterns of file and folder names, and of texts that hold more than one value.

/// The longest name that is matched: matching takes the product of both lengths.
const LONGEST: usize = 512;

/// A pattern of a name: `*` is any run of characters, `{}` one that is captured, `{#}` a captured run of digits. Letter
/// case does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// In lower case.
    Byte(u8),
    Any,
    Text,
    Digits,
}

/// The captured parts of a name that matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Captured<'a> {
    pub(crate) text: Option<&'a str>,
    pub(crate) digits: Option<&'a str>,
}

impl Pattern {
    /// Reads a pattern; an error says what is wrong with it.
    pub(crate) fn parse(text: &str) -> Result<Pattern, String> {
        let mut parts = Vec::new();
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(&first) = bytes.get(at) {
            let (part, length) = match first {
                b'*' => (Part::Any, 1),
                b'{' if bytes[at..].starts_with(b"{}") => (Part::Text, 2),
                b'{' if bytes[at..].starts_with(b"{#}") => (Part::Digits, 3),
                b'{' => return Err("a pattern captures with {} or {#}".to_owned()),
                byte => (Part::Byte(byte.to_ascii_lowercase()), 1),
            };
            if matches!(part, Part::Text | Part::Digits) && parts.contains(&part) {
                return Err(format!("a pattern has one {} at most", if part == Part::Text { "{}" } else { "{#}" }));
            }
            let wild = |part: &Part| matches!(part, Part::Any | Part::Text);
            if wild(&part) && parts.last().is_some_and(wild) {
                return Err("two wildcards of a pattern need something between them".to_owned());
            }
            parts.push(part);
            at += length;
        }
        if parts.is_empty() { Err("a pattern must not be empty".to_owned()) } else { Ok(Pattern { parts }) }
    }

    /// Specificity of the pattern: more spelt-out characters weigh more.
    pub(crate) fn weight(&self) -> u32 {
        let spelt = self.parts.iter().filter(|part| matches!(part, Part::Byte(_))).count();
        1 + u32::from(spelt >= 5) + u32::from(spelt == self.parts.len())
    }

    /// Matches a whole name. A wildcard takes as little as it can, a run of digits as much.
    pub(crate) fn matches<'a>(&self, name: &'a str) -> Option<Captured<'a>> {
        let bytes = name.as_bytes();
        if bytes.len() > LONGEST {
            return None;
        }
        let mut captured = Captured::default();
        let (mut part, mut at) = (0, 0);
        // The last wildcard, and the run that it takes by now: where the rest fails, it takes one more.
        let mut wild: Option<(usize, usize, usize)> = None;
        loop {
            let step = match self.parts.get(part) {
                Some(Part::Byte(byte)) if bytes.get(at).is_some_and(|at| at.to_ascii_lowercase() == *byte) => Some(1),
                Some(Part::Digits) => {
                    let length = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
                    captured.digits = name.get(at..at + length);
                    (length > 0).then_some(length)
                }
                Some(kind @ (Part::Any | Part::Text)) => {
                    // What is captured holds something.
                    let least = usize::from(*kind == Part::Text);
                    wild = Some((part, at, at + least));
                    (at + least <= bytes.len()).then_some(least)
                }
                None if at == bytes.len() => return Some(captured),
                _ => None,
            };
            match (step, &mut wild) {
                (Some(step), _) => (part, at) = (part + 1, at + step),
                (None, Some((index, _, to))) if *to < bytes.len() => {
                    *to += 1;
                    (part, at) = (*index + 1, *to);
                }
                (None, _) => return None,
            }
            if let Some((index, from, to)) = wild
                && self.parts[index] == Part::Text
            {
                captured.text = name.get(from..to);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_match_and_give_what_is_captured() {
        let check = |pattern: &str, name: &str, expected: Option<(Option<&str>, Option<&str>)>| {
            let pattern = Pattern::parse(pattern).unwrap();
            let found = pattern.matches(name).map(|captured| (captured.text, captured.digits));
            assert_eq!(found, expected, "{pattern:?} {name}");
        };
        check("ep{#}", "ep001", Some((None, Some("001"))));
        check("ep{#}", "EP7", Some((None, Some("7"))));
        check("ep{#}", "ep001_x", None);
        check("ep{#}", "ep", None);
        check("ep_*", "ep_a_b", Some((None, None)));
        check("{#}_{}_complete.json", "05_script_writing_complete.json", Some((Some("script_writing"), Some("05"))));
        check("{}_cost", "audio_synthesis_cost", Some((Some("audio_synthesis"), None)));
        check("{}_cost", "_cost", None);
        check("{}_cost", "a_cost_b_cost", Some((Some("a_cost_b"), None)));
        check("*_{#}_*.json", "x_y_12_z.json", Some((None, Some("12"))));
        check("*.json", "über.json", Some((None, None)));
        check("über*", "ÜBER", None);
        check("über*", "über.json", Some((None, None)));
        check("{}", "", None);
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        for (pattern, message) in [
            ("", "a pattern must not be empty"),
            ("a**b", "two wildcards of a pattern need something between them"),
            ("a*{}b", "two wildcards of a pattern need something between them"),
            ("{}-{}", "a pattern has one {} at most"),
            ("{#}-{#}", "a pattern has one {#} at most"),
            ("{id}", "a pattern captures with {} or {#}"),
        ] {
            assert_eq!(Pattern::parse(pattern), Err(message.to_owned()), "{pattern}");
        }
    }
}
