import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { readOf } from '../../api/queries.js';
import { ledger } from '../../api/services.js';
import { CursorLinks } from '../../reading/cursor-links.js';
import { FilterForm } from '../../reading/filter-form.js';
import { HoldTable } from '../../reading/hold-table.js';
import { Section } from '../../reading/section.js';
import { useSearchText } from '../../reading/use-search-text.js';
import { HOLD_STATES, holdsQuery } from './holds-search.js';

/** Holds in one state, newest withdrawal first. */
export function Holds(): ReactNode {
  const query = holdsQuery(useSearchText());
  const holds = useQuery(readOf(ledger.holds(query)));
  return (
    <>
      <FilterForm
        fields={[
          {
            name: 'state',
            label: 'State',
            choices: HOLD_STATES.map((state) => [state, state] as const),
          },
          { name: 'account', label: 'Account id', isWide: true },
        ]}
      />
      <Section title={`Holds: ${query.state}`} what="The holds" read={holds}>
        {({ data, next_cursor: next }) => (
          <>
            <HoldTable holds={data} empty={`No hold is ${query.state}.`} />
            <CursorLinks next={next} />
          </>
        )}
      </Section>
    </>
  );
}
