// Width of a text on a terminal.
import { stripVTControlCharacters } from "node:util";

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** A text of letters, digits and signs that take one column each, as most texts are. */
const NARROW = /^[\u0020-\u02ff\u2010-\u2027\u2500-\u259f]*$/u;

/** Blocks whose letters take two columns (East Asian Wide and Fullwidth). */
const WIDE =
  /[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{16fe0}-\u{18dff}\u{1aff0}-\u{1b2ff}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]/u;

/** Emoji shown as pictures, by themselves or by a selector, and flags. */
const PICTURE = /\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|\p{Regional_Indicator}{2}|[0-9#*]\ufe0f?\u20e3/u;

/** Characters that take no column of their own. */
const ZERO_WIDTH = /^[\p{Mark}\p{Cf}\u115f\u1160\u3164]+$/u;

const columnsOf = (grapheme) => {
  if (ZERO_WIDTH.test(grapheme)) return 0;
  return WIDE.test(grapheme) || PICTURE.test(grapheme) ? 2 : 1;
};

/** Returns the columns that a text takes, without its colours. */
export function width(text) {
  const bare = stripVTControlCharacters(text);
  if (NARROW.test(bare)) return bare.length;
  let sum = 0;
  for (const { segment } of graphemes.segment(bare)) sum += columnsOf(segment);
  return sum;
}

/** Escape sequence of a colour, as `styles` writes it. */
const COLOUR = /(\u001b\[\d+m)/u;

/** Cuts a line to the given columns, with … at the cut; colours are ended. */
export function clip(line, columns) {
  if (width(line) <= columns) return line;
  let room = columns - 1;
  if (room < 0) return "";
  let result = "";
  let coloured = false;
  for (const part of line.split(COLOUR)) {
    if (COLOUR.test(part)) {
      result += part;
      coloured = part !== "\u001b[0m";
      continue;
    }
    for (const { segment } of graphemes.segment(part)) {
      room -= columnsOf(segment);
      if (room < 0) return `${result}${coloured ? "\u001b[0m" : ""}…`;
      result += segment;
    }
  }
  return result;
}
