import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Code } from '../../reading/values.js';

export function EntryLink({ id }: { readonly id: string }): ReactNode {
  return (
    <Link to="/ledger" search={{ part: 'entries', entry: id }}>
      <Code text={id} />
    </Link>
  );
}
