/** Address of a payment, with the memo; empty without. */
interface PaidAddress {
  readonly address: string;
  readonly memo: string;
}

/**
 * Reads the address in a connector's key of a recipient, such as `address:0xab:memo` with encoded
 * parts; null for other recipients, such as an account of the venue.
 */
export function addressInKey(key: string): PaidAddress | null {
  const [kind, address = '', memo = '', ...others] = key.split(':');
  if (kind !== 'address' || address === '' || others.length > 0) return null;
  try {
    return { address: decodeURIComponent(address), memo: decodeURIComponent(memo) };
  } catch {
    return null;
  }
}
