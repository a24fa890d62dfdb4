import { useQuery } from '@tanstack/react-query';
import { LEDGER } from '@sluice/admin-client/calls';
import type { ReactNode } from 'react';
import { ActionButton } from '../../actions/action-button.js';
import { readOf } from '../../api/queries.js';
import { ledger } from '../../api/services.js';
import { FreezeTable } from '../../reading/freeze-table.js';
import { Section } from '../../reading/section.js';

export function AccountFreezes({ id }: { readonly id: string }): ReactNode {
  const freezes = useQuery(readOf(ledger.freezes()));
  return (
    <Section
      title="Freezes"
      what="The freezes"
      read={freezes}
      aside={
        <ActionButton
          service="ledger"
          call={LEDGER.freeze}
          path={{ account_id: id }}
          label="Freeze"
          title="Freeze this account"
          tone="danger"
        >
          <p className="muted">
            New holds are refused; existing holds end normally. A lifted case never returns: another
            freeze needs another case.
          </p>
        </ActionButton>
      }
    >
      {(rows) => (
        <FreezeTable
          freezes={rows.filter(({ account_id: of }) => of === id)}
          empty="The account is not frozen."
        />
      )}
    </Section>
  );
}
