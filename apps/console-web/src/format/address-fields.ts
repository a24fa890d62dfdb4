/** Names of fields that hold the complete address of a recipient. */
const ADDRESS_NAMES = ['address', 'to_address', 'recipient', 'destination', 'contract_address'];

export function isAddressField(name: string): boolean {
  return ADDRESS_NAMES.includes(name);
}

/** Every address in a content: the texts of fields named like an address, at any depth. */
export function addressesIn(content: unknown): readonly string[] {
  if (typeof content !== 'object' || content === null) return [];
  return Object.entries(content).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'string' ? (isAddressField(name) ? [value] : []) : addressesIn(value),
  );
}
