import type { ReactNode } from 'react';
import { Address } from '../components/address.js';
import { Foreign } from '../components/foreign.js';
import { isAddressField } from '../format/address-fields.js';
import { visibleText } from '../format/visible-text.js';

/** Shows any answer of a service: each value as its exact text, nothing left out. */
export function FactsOf({ value }: { readonly value: object }): ReactNode {
  return (
    <dl className="facts">
      {Object.entries(value).map(([name, part]: [string, unknown]) => (
        <Fact key={name} name={name} value={part} />
      ))}
    </dl>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: unknown }): ReactNode {
  return (
    <>
      <dt>{visibleText(name.replaceAll('_', ' '))}</dt>
      <dd>
        {typeof value === 'string' && isAddressField(name) ? (
          <Address address={value} label="Complete address" />
        ) : (
          valueView(value)
        )}
      </dd>
    </>
  );
}

function valueView(value: unknown): ReactNode {
  if (value === null || value === undefined) return <span className="muted">none</span>;
  if (Array.isArray(value)) return <List values={value} />;
  if (typeof value === 'object') return <FactsOf value={value} />;
  return <Foreign text={String(value)} />;
}

function List({ values }: { readonly values: readonly unknown[] }): ReactNode {
  if (values.length === 0) return <span className="muted">none</span>;
  return (
    <ul className="fact-list">
      {values.map((value, at) => (
        <li key={at}>{valueView(value)}</li>
      ))}
    </ul>
  );
}
