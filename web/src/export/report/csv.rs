//! Tables as CSV files (RFC 4180) with a header row: one table a file.
use super::table::{Cell, ReportTable};
use csv::{Terminator, WriterBuilder};

/// Formats a table as CSV. Units are in the header; unknown values are empty.
///
/// # Errors
/// One sentence about why it cannot be written.
pub fn csv(table: &ReportTable) -> Result<String, String> {
    let error = |error: &dyn std::fmt::Display| format!("{}.csv cannot be written: {error}.", table.name);
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(table.for_programs().map(|(_, column)| column.key)).map_err(|why| error(&why))?;
    for row in &table.rows {
        let values = table.for_programs().map(|(at, _)| row.cells.get(at).map(value).unwrap_or_default());
        writer.write_record(values).map_err(|why| error(&why))?;
    }
    let bytes = writer.into_inner().map_err(|why| error(&why))?;
    String::from_utf8(bytes).map_err(|why| error(&why))
}

/// Returns a value as text. An apostrophe keeps spreadsheets from reading text of a file as a formula.
fn value(cell: &Cell) -> String {
    let text = cell.raw().unwrap_or_default();
    let is_formula = matches!(cell, Cell::Text(_)) && text.trim_start().starts_with(['=', '+', '-', '@', '\u{ff1d}']);
    if is_formula || text.starts_with(['\t', '\r', '\n']) { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::super::table::ReportColumn;
    use super::*;
    use callboard_core::Money;

    const COLUMNS: &[ReportColumn] = &[ReportColumn::text("topic", "Topic"), ReportColumn::figure("cost_usd", "Cost")];

    /// Returns the second line of a table with this topic and cost.
    fn line(topic: Cell, cost: Cell) -> String {
        let mut table = ReportTable::new("sessions", "Sessions", COLUMNS);
        table.push(None, vec![topic, cost]);
        let text = csv(&table).unwrap();
        text.strip_prefix("topic,cost_usd\r\n").and_then(|text| text.strip_suffix("\r\n")).unwrap().to_owned()
    }

    #[test]
    fn text_is_quoted_and_no_formula() {
        for (text, expected) in [
            ("plain", "plain"),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            (" =1", "' =1"),
            ("=HYPERLINK(\"x\"), |", "\"'=HYPERLINK(\"\"x\"\"), |\""),
        ] {
            assert_eq!(line(Cell::Text(text.into()), Cell::Unknown), format!("{expected},"), "{text}");
        }
    }

    #[test]
    fn figures_stay_figures() {
        let refund = Cell::money(Money::parse("-1.5"));
        assert_eq!(line(Cell::Unknown, refund), ",-1.50");
    }
}
