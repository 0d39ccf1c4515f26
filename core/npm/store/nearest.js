/**
 * Finds the candidate that is nearest to a misspelt name; undefined if none is near. Case and the kind of dash do not
 * count, and a longer name may have more letters wrong.
 * @param {string} name
 * @param {Iterable<string>} candidates
 */
export function nearest(name, candidates) {
  const wanted = folded(name);
  let best;
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(wanted, folded(candidate), least);
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** Suggests the nearest candidate in a sentence; undefined if none is near. */
export function didYouMean(name, candidates, spelt = (candidate) => `"${candidate}"`) {
  const meant = nearest(name, candidates);
  return meant === undefined ? undefined : `Did you mean ${spelt(meant)}?`;
}

const folded = (name) => name.toLowerCase().replace(/[-_\s]+/gu, "_");

/** Counts the letters added, left out, replaced or swapped with their neighbour, up to `limit`. */
function editDistance(one, other, limit) {
  if (Math.abs(one.length - other.length) >= limit) return limit;
  let before = [];
  let last = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let row = 1; row <= one.length; row += 1) {
    const next = [row];
    for (let at = 1; at <= other.length; at += 1) {
      const same = one[row - 1] === other[at - 1];
      next[at] = Math.min(last[at] + 1, next[at - 1] + 1, last[at - 1] + (same ? 0 : 1));
      const swapped = row > 1 && at > 1 && one[row - 1] === other[at - 2] && one[row - 2] === other[at - 1];
      if (swapped) next[at] = Math.min(next[at], before[at - 2] + 1);
    }
    [before, last] = [last, next];
  }
  return Math.min(limit, last[other.length]);
}
