/**
 * Returns the origin of our reference at a venue: the client's own reference or the withdrawal;
 * null for text not written by us.
 */
export function originOf(reference: string): 'client_reference' | 'withdrawal' | null {
  if (!/^[cw][0-9A-Za-z]{22,31}$/.test(reference)) return null;
  return reference.startsWith('c') ? 'client_reference' : 'withdrawal';
}
