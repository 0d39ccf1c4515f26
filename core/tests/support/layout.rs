//! A session's text as a tree of spelt values, to be laid out again in any way a writer might choose.

/// A JSON value whose scalars and keys keep their spelling, quotes included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    Scalar(String),
    Array(Vec<Node>),
    Object(Vec<(String, Node)>),
}

/// Layout of a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// One step of indentation; none puts everything on one line.
    pub indent: Option<String>,
    pub newline: &'static str,
    /// True if a space follows commas and colons on one line.
    pub spaced: bool,
    pub bom: bool,
    pub final_newline: bool,
    /// True if an array of scalars is on one line.
    pub inline_arrays: bool,
}

impl Layout {
    pub fn indented(indent: &str) -> Layout {
        Layout {
            indent: Some(indent.to_owned()),
            newline: "\n",
            spaced: true,
            bom: false,
            final_newline: true,
            inline_arrays: true,
        }
    }

    pub fn one_line(spaced: bool) -> Layout {
        Layout { indent: None, spaced, final_newline: false, ..Layout::indented("") }
    }
}

/// The layouts that conformance vectors go through in turn.
pub fn named_layouts() -> Vec<(&'static str, Layout)> {
    let crlf = Layout { newline: "\r\n", bom: true, ..Layout::indented("  ") };
    vec![
        ("four spaces", Layout::indented("    ")),
        ("tabs, no final newline", Layout { final_newline: false, ..Layout::indented("\t") }),
        ("CRLF with BOM", crlf),
        ("minified", Layout::one_line(false)),
        ("one line, spaced", Layout::one_line(true)),
        ("every element on a line", Layout { inline_arrays: false, ..Layout::indented("  ") }),
        ("no indentation", Layout::indented("")),
    ]
}

impl Node {
    /// Parses valid JSON without a limit of recursion; only for the tests' own texts.
    pub fn parse(text: &str) -> Node {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = Reader { text, at: 0 };
        let node = reader.value();
        reader.space();
        assert_eq!(reader.at, text.len(), "something stands after the document");
        node
    }

    pub fn render(&self, layout: &Layout) -> String {
        let mut out = if layout.bom { "\u{feff}".to_owned() } else { String::new() };
        self.write(layout, 0, &mut out);
        if layout.final_newline {
            out.push_str(layout.newline);
        }
        out
    }

    fn write(&self, layout: &Layout, depth: usize, out: &mut String) {
        let line = |out: &mut String, depth: usize| {
            if let Some(indent) = &layout.indent {
                out.push_str(layout.newline);
                out.push_str(&indent.repeat(depth));
            }
        };
        let (open, close, items): (char, char, Vec<(Option<&String>, &Node)>) = match self {
            Node::Scalar(text) => return out.push_str(text),
            Node::Array(items) => ('[', ']', items.iter().map(|item| (None, item)).collect()),
            Node::Object(items) => ('{', '}', items.iter().map(|(key, item)| (Some(key), item)).collect()),
        };
        let scalars = items.iter().all(|(_, item)| matches!(item, Node::Scalar(_)));
        let broken = !items.is_empty() && (open == '{' || !scalars || !layout.inline_arrays);
        out.push(open);
        for (at, (key, item)) in items.into_iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            if broken {
                line(out, depth + 1);
            }
            if at > 0 && layout.spaced && (!broken || layout.indent.is_none()) {
                out.push(' ');
            }
            if let Some(key) = key {
                out.push_str(key);
                out.push_str(if layout.spaced { ": " } else { ":" });
            }
            item.write(layout, depth + 1, out);
        }
        if broken {
            line(out, depth);
        }
        out.push(close);
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn space(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
    }

    fn next(&mut self) -> u8 {
        self.space();
        self.text.as_bytes()[self.at]
    }

    fn value(&mut self) -> Node {
        match self.next() {
            b'{' => {
                let mut items = Vec::new();
                self.items(b'}', |reader| {
                    reader.space();
                    let key = reader.string();
                    assert_eq!(reader.next(), b':');
                    reader.at += 1;
                    items.push((key, reader.value()));
                });
                Node::Object(items)
            }
            b'[' => {
                let mut items = Vec::new();
                self.items(b']', |reader| items.push(reader.value()));
                Node::Array(items)
            }
            b'"' => Node::Scalar(self.string()),
            _ => {
                let rest = &self.text[self.at..];
                let length = rest.find(|c: char| ",]}".contains(c) || c.is_whitespace()).unwrap_or(rest.len());
                self.at += length;
                Node::Scalar(rest[..length].to_owned())
            }
        }
    }

    fn items(&mut self, close: u8, mut item: impl FnMut(&mut Self)) {
        self.at += 1;
        while self.next() != close {
            item(self);
            if self.next() == b',' {
                self.at += 1;
            }
        }
        self.at += 1;
    }

    fn string(&mut self) -> String {
        let from = self.at;
        let bytes = self.text.as_bytes();
        self.at += 1;
        while bytes[self.at] != b'"' {
            self.at += if bytes[self.at] == b'\\' { 2 } else { 1 };
        }
        self.at += 1;
        self.text[from..self.at].to_owned()
    }
}
