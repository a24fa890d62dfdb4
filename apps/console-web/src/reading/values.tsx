import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Amount } from '../components/amount.js';
import { Foreign } from '../components/foreign.js';
import { Time } from '../components/time.js';
import { visibleText } from '../format/visible-text.js';
import type { Tone } from '../format/states.js';

type Text = string | null | undefined;

const NOTHING = <span className="muted">–</span>;

export function Instant({ at }: { readonly at: Text }): ReactNode {
  return isEmpty(at) ? NOTHING : <Time at={at} />;
}

/** Text of a venue, a customer or a person. */
export function Words({ text }: { readonly text: Text }): ReactNode {
  return isEmpty(text) ? NOTHING : <Foreign text={text} />;
}

/** An id, a hash or a key: complete, in letters of equal width. */
export function Code({ text }: { readonly text: Text }): ReactNode {
  return isEmpty(text) ? NOTHING : <bdi className="mono foreign">{visibleText(text)}</bdi>;
}

export function Sum({ value, unit }: { readonly value: Text; readonly unit?: string }): ReactNode {
  if (isEmpty(value)) return NOTHING;
  return unit === undefined ? <Amount value={value} /> : <Amount value={value} unit={unit} />;
}

export function Badge({
  tone = 'quiet',
  children,
}: {
  readonly tone?: Tone;
  readonly children: ReactNode;
}): ReactNode {
  return <span className={`badge badge-${tone}`}>{children}</span>;
}

/** A JSON document as text. */
export function JsonText({ value }: { readonly value: unknown }): ReactNode {
  return <pre tabIndex={0}>{visibleText(JSON.stringify(value, null, 2))}</pre>;
}

export function AccountLink({
  id,
  children,
}: {
  readonly id: string;
  readonly children?: ReactNode;
}): ReactNode {
  return (
    <Link to="/accounts/$id" params={{ id }}>
      {children ?? <Code text={id} />}
    </Link>
  );
}

export function WithdrawalLink({ id }: { readonly id: Text }): ReactNode {
  return isEmpty(id) ? (
    NOTHING
  ) : (
    <Link to="/withdrawals/$ref" params={{ ref: id }}>
      <Code text={id} />
    </Link>
  );
}

function isEmpty(text: Text): text is null | undefined | '' {
  return text === null || text === undefined || text === '';
}
