/** Merges two policies, also within thresholds, durations and shares: `above` wins, key by key. */
export function withPolicy(below, above) {
  if (below === undefined || above === undefined) return above ?? below;
  if (!isObject(above)) return above;
  const both = { ...below };
  for (const [key, value] of Object.entries(above)) {
    if (value !== undefined) both[key] = isObject(value) && isObject(both[key]) ? withPolicy(both[key], value) : value;
  }
  return both;
}

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
