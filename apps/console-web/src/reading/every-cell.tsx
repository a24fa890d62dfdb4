import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { EveryAnswer } from '../api/queries.js';
import { visibleText } from '../format/visible-text.js';

/** A read of every service. */
export type EveryRead<Data> = Pick<UseQueryResult<readonly EveryAnswer<Data>[]>, 'data' | 'error'>;

/** Answer of one service to a read of every service; without an answer the cause. */
export function EveryCell<Data>({
  read: { data, error },
  service,
  children,
}: {
  readonly read: EveryRead<Data>;
  readonly service: string;
  readonly children: (data: Data) => ReactNode;
}): ReactNode {
  if (data === undefined)
    return error === null ? <span className="muted">…</span> : <Unknown because={error.message} />;
  const answer = data.find(({ service: of }) => of === service);
  if (answer?.data === undefined)
    return <Unknown because={answer?.message ?? 'the service is not among the answers'} />;
  return (
    <>
      {children(answer.data)}
      {error !== null && <span className="small bad-text"> (an earlier answer)</span>}
    </>
  );
}

function Unknown({ because }: { readonly because: string }): ReactNode {
  return <span className="bad-text">not known: {visibleText(because)}</span>;
}
