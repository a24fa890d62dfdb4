const GROUP = 4;
/** Equal characters at both ends that make two addresses look alike. */
const ALIKE = 4;

/** Splits an address into groups of four; joined they are the address again. */
export function addressGroups(address: string): readonly string[] {
  const characters = Array.from(address);
  const groups: string[] = [];
  for (let at = 0; at < characters.length; at += GROUP)
    groups.push(characters.slice(at, at + GROUP).join(''));
  return groups;
}

/**
 * Returns different known addresses with equal beginning and end. Such an address may be made to be
 * confused with a known address.
 */
export function lookAlikes(address: string, known: readonly string[]): readonly string[] {
  const mine = significant(address);
  return [...new Set(known)].filter((other) => {
    const theirs = significant(other);
    return (
      theirs !== mine &&
      theirs.length >= 3 * ALIKE &&
      mine.length >= 3 * ALIKE &&
      theirs.slice(0, ALIKE) === mine.slice(0, ALIKE) &&
      theirs.slice(-ALIKE) === mine.slice(-ALIKE)
    );
  });
}

/** The characters that people compare: without a common prefix, and in one case. */
function significant(address: string): string {
  return address.toLowerCase().replace(/^(?:0x|bc1|tb1|ltc1)/, '');
}
