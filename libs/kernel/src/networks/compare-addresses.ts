/** `cannot_tell`: a value is missing, masked or unreadable; such a value proves no difference. */
export type Likeness = 'same' | 'different' | 'cannot_tell';

const EVM = /^0x[0-9a-f]{40}$/i;

export function compareAddresses(
  _network: string | null,
  asked: string,
  recorded: string,
): Likeness {
  if (asked === recorded) return 'same';
  if (EVM.test(asked) && EVM.test(recorded))
    return asked.toLowerCase() === recorded.toLowerCase() ? 'same' : 'different';
  if (asked.toLowerCase() === recorded.toLowerCase()) return 'cannot_tell';
  return /^\w{20,}$/.test(asked) && /^\w{20,}$/.test(recorded) ? 'different' : 'cannot_tell';
}
