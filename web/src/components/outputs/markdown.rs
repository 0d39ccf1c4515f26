//! Reads Markdown into a tree of what may be shown. Pure.
//!
//! Raw HTML becomes text, and only addresses of the web become links: nothing in a file can run, load or navigate by
//! itself.
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag};
use std::hash::{DefaultHasher, Hash, Hasher};

/// Most levels of elements in each other; deeper ones are put into the last level.
const DEPTH: usize = 24;

/// Blocks of a text that are rendered together.
const GROUP: usize = 16;

/// A node of a Markdown text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum MarkdownNode {
    /// Text.
    Text(String),
    /// Code within a line.
    Code(String),
    /// A line break.
    Break,
    /// A horizontal rule.
    Rule,
    /// The box of a task, and whether it is checked.
    Task(bool),
    /// An element with its content.
    Element(MarkdownElement, Vec<MarkdownNode>),
}

/// The kind of an element.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum MarkdownElement {
    /// A paragraph.
    Paragraph,
    /// A heading of this level, from 1.
    Heading(u8),
    /// A quotation.
    Quote,
    /// A block of code, also of raw HTML and of a document's metadata.
    CodeBlock,
    /// A list without numbers.
    List,
    /// A list with numbers from this one.
    Numbered(u64),
    /// An item of a list.
    Item,
    /// A table.
    Table,
    /// The row of a table's headings.
    HeadRow,
    /// A row of a table.
    Row,
    /// A cell of a table.
    Cell,
    /// Emphasis.
    Emphasis,
    /// Strong emphasis.
    Strong,
    /// Struck-out text.
    Struck,
    /// A link to the web.
    Link(String),
    /// The text of a link to elsewhere, with its target.
    Unlinked(String),
    /// A picture of the same source, by its path; its content is the alternative text.
    Picture(String),
    /// A picture of elsewhere, which is not loaded.
    Unloaded(String),
}

/// A Markdown text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MarkdownText {
    /// Blocks that are rendered together, each group with the hash of its content.
    pub groups: Vec<(u64, Vec<MarkdownNode>)>,
    /// Number of words, without metadata.
    pub words: usize,
}

impl MarkdownText {
    /// Parses a text.
    pub fn parse(text: &str) -> Self {
        let options = Options::ENABLE_TABLES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_TASKLISTS
            | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
        let mut tree = Tree::default();
        for event in Parser::new_ext(text, options) {
            tree.add(event);
        }
        while !tree.open.is_empty() {
            tree.close();
        }
        let group = |nodes: &[MarkdownNode]| {
            let mut hasher = DefaultHasher::new();
            nodes.hash(&mut hasher);
            (hasher.finish(), nodes.to_vec())
        };
        Self { groups: tree.nodes.chunks(GROUP).map(group).collect(), words: tree.words }
    }
}

/// A tree that is being read.
#[derive(Default)]
struct Tree {
    nodes: Vec<MarkdownNode>,
    /// The open elements, outermost first; none for one that is too deep or has none of its own.
    open: Vec<Option<(MarkdownElement, Vec<MarkdownNode>)>>,
    words: usize,
    is_metadata: bool,
}

impl Tree {
    fn add(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => {
                self.is_metadata = matches!(tag, Tag::MetadataBlock(_));
                let depth = self.open.iter().flatten().count();
                self.open.push(element(tag).filter(|_| depth < DEPTH).map(|element| (element, Vec::new())));
            }
            Event::End(_) => {
                self.is_metadata = false;
                self.close();
            }
            Event::Text(text) => {
                if !self.is_metadata {
                    self.words += text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count();
                }
                self.push_text(&text);
            }
            Event::Code(text) => {
                self.words += text.split_whitespace().count();
                self.push(MarkdownNode::Code(text.into_string()));
            }
            Event::Html(text)
            | Event::InlineHtml(text)
            | Event::FootnoteReference(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text) => self.push_text(&text),
            Event::SoftBreak => self.push_text("\n"),
            Event::HardBreak => self.push(MarkdownNode::Break),
            Event::Rule => self.push(MarkdownNode::Rule),
            Event::TaskListMarker(is_done) => self.push(MarkdownNode::Task(is_done)),
        }
    }

    fn close(&mut self) {
        if let Some(Some((element, nodes))) = self.open.pop() {
            self.push(MarkdownNode::Element(element, nodes));
        }
    }

    fn target(&mut self) -> &mut Vec<MarkdownNode> {
        let open = self.open.iter_mut().rev().flatten().next();
        open.map_or(&mut self.nodes, |(_, nodes)| nodes)
    }

    fn push(&mut self, node: MarkdownNode) {
        self.target().push(node);
    }

    /// Appends text to the text before it: the parser splits a line at each special character.
    fn push_text(&mut self, text: &str) {
        let nodes = self.target();
        match nodes.last_mut() {
            Some(MarkdownNode::Text(before)) => before.push_str(text),
            _ => nodes.push(MarkdownNode::Text(text.to_owned())),
        }
    }
}

/// Returns the element of a tag; none for one whose content is shown without it.
fn element(tag: Tag<'_>) -> Option<MarkdownElement> {
    Some(match tag {
        Tag::Paragraph => MarkdownElement::Paragraph,
        Tag::Heading { level, .. } => MarkdownElement::Heading(match level {
            HeadingLevel::H1 => 1,
            HeadingLevel::H2 => 2,
            HeadingLevel::H3 => 3,
            _ => 4,
        }),
        Tag::BlockQuote(_) => MarkdownElement::Quote,
        Tag::CodeBlock(CodeBlockKind::Indented | CodeBlockKind::Fenced(_)) | Tag::HtmlBlock | Tag::MetadataBlock(_) => {
            MarkdownElement::CodeBlock
        }
        Tag::List(None) => MarkdownElement::List,
        Tag::List(Some(first)) => MarkdownElement::Numbered(first),
        Tag::Item => MarkdownElement::Item,
        Tag::Table(_) => MarkdownElement::Table,
        Tag::TableHead => MarkdownElement::HeadRow,
        Tag::TableRow => MarkdownElement::Row,
        Tag::TableCell => MarkdownElement::Cell,
        Tag::Emphasis => MarkdownElement::Emphasis,
        Tag::Strong => MarkdownElement::Strong,
        Tag::Strikethrough => MarkdownElement::Struck,
        Tag::Link { dest_url, .. } => {
            let url = dest_url.into_string();
            if is_web(&url) { MarkdownElement::Link(url) } else { MarkdownElement::Unlinked(url) }
        }
        Tag::Image { dest_url, .. } => {
            let url = dest_url.into_string();
            if has_scheme(&url) || url.starts_with("//") {
                MarkdownElement::Unloaded(url)
            } else {
                MarkdownElement::Picture(url)
            }
        }
        _ => return None,
    })
}

/// Returns true for an address that a link may lead to.
fn is_web(url: &str) -> bool {
    let start = url.split(':').next().unwrap_or_default();
    has_scheme(url) && ["http", "https", "mailto"].iter().any(|scheme| start.eq_ignore_ascii_case(scheme))
}

fn has_scheme(url: &str) -> bool {
    let scheme = url.split_once(':').map_or("", |(scheme, _)| scheme);
    !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use MarkdownElement as E;
    use MarkdownNode as N;

    fn nodes(text: &str) -> Vec<MarkdownNode> {
        MarkdownText::parse(text).groups.into_iter().flat_map(|(_, nodes)| nodes).collect()
    }

    fn text(text: &str) -> MarkdownNode {
        N::Text(text.into())
    }

    fn paragraph(inner: Vec<MarkdownNode>) -> Vec<MarkdownNode> {
        vec![N::Element(E::Paragraph, inner)]
    }

    #[test]
    fn a_script_is_read_into_its_elements() {
        assert_eq!(
            nodes("# Tides\n\n**[OPENING]** The *sea* `x`\nrises.\n\n3. one\n4. two\n\n- [x] done\n\n---\n"),
            [
                N::Element(E::Heading(1), vec![text("Tides")]),
                N::Element(
                    E::Paragraph,
                    vec![
                        N::Element(E::Strong, vec![text("[OPENING]")]),
                        text(" The "),
                        N::Element(E::Emphasis, vec![text("sea")]),
                        text(" "),
                        N::Code("x".into()),
                        text("\nrises."),
                    ]
                ),
                N::Element(
                    E::Numbered(3),
                    vec![N::Element(E::Item, vec![text("one")]), N::Element(E::Item, vec![text("two")])]
                ),
                N::Element(E::List, vec![N::Element(E::Item, vec![N::Task(true), text("done")])]),
                N::Rule,
            ]
        );
        let table = nodes("| a | b |\n|---|---|\n| 1 | 2 |\n");
        let row = |element, cells: [&str; 2]| {
            N::Element(element, cells.map(|cell| N::Element(E::Cell, vec![text(cell)])).to_vec())
        };
        assert_eq!(table, [N::Element(E::Table, vec![row(E::HeadRow, ["a", "b"]), row(E::Row, ["1", "2"])])]);
    }

    #[test]
    fn raw_html_is_text() {
        assert_eq!(
            nodes("<script>alert(1)</script>\n"),
            [N::Element(E::CodeBlock, vec![text("<script>alert(1)</script>\n")])]
        );
        assert_eq!(
            nodes("a <img src=x onerror=alert(1)> b"),
            paragraph(vec![text("a <img src=x onerror=alert(1)> b")])
        );
    }

    #[test]
    fn only_addresses_of_the_web_are_links() {
        let link = |url: &str| nodes(&format!("[words](<{url}>)"));
        for url in ["https://example.org/a", "HTTP://example.org", "mailto:a@example.org"] {
            assert_eq!(link(url), paragraph(vec![N::Element(E::Link(url.into()), vec![text("words")])]), "{url}");
        }
        for url in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "blob:https://example.org/1",
            "//example.org/a",
            "#/sessions/other",
            "../other.md",
            "java\u{1}script:alert(1)",
            " https://x",
            "vbscript:x",
        ] {
            let [N::Element(E::Paragraph, inner)] = &link(url)[..] else { panic!("{url}") };
            let is_link = inner.iter().any(|node| matches!(node, N::Element(E::Link(target), _) if !is_web(target)));
            assert!(!is_link, "{url}: {inner:?}");
            assert!(!is_web(url), "{url}");
        }
    }

    #[test]
    fn only_pictures_of_the_same_source_are_loaded() {
        let picture = |url: &str| nodes(&format!("![alt]({url})"));
        let alt = || vec![text("alt")];
        for url in ["cover.png", "../a/cover.png", "/cover.png"] {
            assert_eq!(picture(url), paragraph(vec![N::Element(E::Picture(url.into()), alt())]), "{url}");
        }
        for url in ["https://example.org/a.png", "//example.org/a.png", "data:image/png;base64,AAAA", "file:///a.png"] {
            assert_eq!(picture(url), paragraph(vec![N::Element(E::Unloaded(url.into()), alt())]), "{url}");
        }
    }

    #[test]
    fn deep_and_broken_texts_are_shown_too() {
        fn depth(nodes: &[MarkdownNode]) -> usize {
            let inner = |node: &MarkdownNode| if let N::Element(_, nodes) = node { 1 + depth(nodes) } else { 0 };
            nodes.iter().map(inner).max().unwrap_or_default()
        }
        let deep = nodes(&format!("{} end", ">".repeat(5_000)));
        assert!(depth(&deep) <= DEPTH, "{}", depth(&deep));
        for text in ["", "\n\n", "**", "[a](", "| a\n|-", "```\nopen", "---\na: b\n---\n", "\u{0}", "<!-- open"] {
            MarkdownText::parse(text);
        }
    }

    #[test]
    fn words_are_counted_without_metadata_and_signs() {
        assert_eq!(MarkdownText::parse("---\ntitle: a b c\n---\n# One two\n\nthree - **four** `five`\n").words, 5);
    }

    #[test]
    fn groups_before_a_change_keep_their_hash() {
        let before = "a\n\n".repeat(60);
        let (one, two) = (MarkdownText::parse(&before), MarkdownText::parse(&format!("{before}more\n")));
        assert_eq!(one.groups.len(), 4);
        assert_eq!(one.groups[..3], two.groups[..3]);
        assert_ne!(one.groups[3].0, two.groups[3].0);
    }
}
