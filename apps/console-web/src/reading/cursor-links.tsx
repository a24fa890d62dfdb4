import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useSearchText } from './use-search-text.js';

/** Links to the first and the next page of a list. */
export function CursorLinks({ next }: { readonly next: string | null }): ReactNode {
  const { cursor, ...search } = useSearchText();
  if (cursor === undefined && next === null) return null;
  return (
    <p className="actions">
      {cursor !== undefined && (
        <Link to="." search={search} className="button button-small">
          First page
        </Link>
      )}
      {next === null ? (
        <span className="muted">This is the last page.</span>
      ) : (
        <Link to="." search={{ ...search, cursor: next }} className="button button-small">
          Next page
        </Link>
      )}
    </p>
  );
}
