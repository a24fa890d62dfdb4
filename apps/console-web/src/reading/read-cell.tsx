import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { CallError } from '../api/call-error.js';
import type { PreparedCall } from '../api/prepared-call.js';
import { readOf } from '../api/queries.js';
import { visibleText } from '../format/visible-text.js';

/** Value of one read inside of a table. Without an answer it shows the cause. */
export function ReadCell<Data>({
  call,
  everyMs,
  children,
}: {
  readonly call: PreparedCall<Data>;
  /** Interval of an expensive read. */
  readonly everyMs?: number;
  readonly children: (data: Data) => ReactNode;
}): ReactNode {
  const { data, error } = useQuery({
    ...readOf(call),
    ...(everyMs !== undefined && { refetchInterval: everyMs, staleTime: everyMs }),
  });
  if (data === undefined)
    return error === null ? (
      <span className="muted">…</span>
    ) : (
      <span className="bad-text">
        not known: {error instanceof CallError ? `${error.service}, ` : ''}
        {visibleText(error.message)}
      </span>
    );
  return (
    <>
      {children(data)}
      {error !== null && <span className="small bad-text"> (an earlier answer)</span>}
    </>
  );
}
