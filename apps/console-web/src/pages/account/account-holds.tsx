import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { readOf } from '../../api/queries.js';
import { ledger } from '../../api/services.js';
import { HoldTable } from '../../reading/hold-table.js';
import { Section } from '../../reading/section.js';
import { Link } from '@tanstack/react-router';

/** Holds of the account that are placed; the page of the ledger has all states. */
export function AccountHolds({ id }: { readonly id: string }): ReactNode {
  const holds = useQuery(readOf(ledger.holds({ state: 'placed', account_id: id })));
  return (
    <Section
      title="Placed holds"
      what="The holds"
      read={holds}
      aside={
        <Link to="/ledger" search={{ part: 'holds', account: id }}>
          Holds in other states
        </Link>
      }
    >
      {({ data, next_cursor: next }) => (
        <>
          <HoldTable isOfOneAccount holds={data} empty="No hold of this account is placed." />
          {next !== null && <p className="muted">The newest are shown; there are more.</p>}
        </>
      )}
    </Section>
  );
}
