import type { ReactNode } from 'react';
import { addressGroups, lookAlikes } from '../format/address.js';
import { visibleText } from '../format/visible-text.js';
import { CopyButton } from './copy-button.js';
import { Message } from './message.js';

/** Complete address in groups of four, never shortened, with a warning of known look-alikes. */
export function Address({
  address,
  label,
  known = [],
}: {
  readonly address: string;
  readonly label?: string;
  /** Addresses paid before, or usable by the address book. */
  readonly known?: readonly string[];
}): ReactNode {
  const alike = lookAlikes(address, known);
  return (
    <>
      <span className="address">
        {label !== undefined && <span className="address-label">{label}</span>}
        {addressGroups(visibleText(address)).map((group, at) => (
          <span key={at}>{group}</span>
        ))}
        <CopyButton text={address} what={label ?? 'address'} />
      </span>
      {alike.map((other) => (
        <Message key={other} tone="bad">
          This is another address than a known one with equal ends: compare each group.
          <Address address={other} label="Known address" />
        </Message>
      ))}
    </>
  );
}
