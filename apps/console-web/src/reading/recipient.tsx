import type { ReactNode } from 'react';
import { Address } from '../components/address.js';
import { Foreign } from '../components/foreign.js';
import { addressInKey } from '../format/recipient-key.js';

/** Recipient in a connector's own notation. An address is complete, and is copied without the notation. */
export function Recipient({ text }: { readonly text: string | null }): ReactNode {
  if (text === null) return <span className="muted">–</span>;
  const found = addressInKey(text);
  if (found === null) return <Foreign text={text} />;
  return (
    <>
      <Address address={found.address} />
      {found.memo !== '' && (
        <div>
          <span className="muted">memo </span>
          <Foreign text={found.memo} />
        </div>
      )}
    </>
  );
}
