import type { ReactNode } from 'react';
import { Address } from '../components/address.js';
import { Foreign } from '../components/foreign.js';

/** Recipient with every field; an address is complete. */
export function Destination({ of }: { readonly of: object }): ReactNode {
  const fields = Object.entries(of).filter(
    (field): field is [string, string] => field[0] !== 'type' && typeof field[1] === 'string',
  );
  return (
    <ul className="plain-list">
      {fields.map(([name, text]) => (
        <li key={name}>
          {name === 'address' ? (
            <Address address={text} />
          ) : (
            <>
              <span className="muted">{name} </span>
              <Foreign text={text} />
            </>
          )}
        </li>
      ))}
    </ul>
  );
}
