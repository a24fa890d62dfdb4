import { compareAmounts, compareShares } from '../../format/amount.js';
import type { Tone } from '../../format/states.js';

/** From this share on a limit is near. */
const NEAR = ['8', '10'] as const;

/** How near a count is to its limit, in words. */
export function nearness(
  used: string,
  max: string,
): { readonly tone: Tone; readonly text: string } {
  if (compareAmounts(used, max) >= 0) return { tone: 'bad', text: 'used up' };
  return compareShares([used, max], NEAR) >= 0
    ? { tone: 'wait', text: 'near' }
    : { tone: 'quiet', text: 'far' };
}

/** Values of the counted properties in the key of a count. Only a recipient may have spaces. */
export function countedParts(
  per: readonly string[],
  key: string,
): readonly { readonly property: string; readonly value: string }[] {
  const words = key.split(' ');
  const recipientAt = per.indexOf('destination');
  const more = words.length - per.length;
  const parts = per.map((property, at) => {
    const from = recipientAt >= 0 && at > recipientAt ? at + more : at;
    const length = at === recipientAt ? more + 1 : 1;
    return { property, value: words.slice(from, from + length).join(' ') };
  });
  return parts.filter(
    ({ property }, at) => parts.findIndex((part) => part.property === property) === at,
  );
}
