import { useQuery } from '@tanstack/react-query';
import { LEDGER } from '@sluice/admin-client/calls';
import type { SignerDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { ActionButton } from '../../actions/action-button.js';
import { readOf } from '../../api/queries.js';
import { ledger } from '../../api/services.js';
import { DataTable } from '../../components/data-table.js';
import { column } from '../../reading/columns.js';
import { Section } from '../../reading/section.js';
import { Badge, Code, Instant, Words } from '../../reading/values.js';

const COLUMNS = [
  column<SignerDto>('Public key', ({ public_key: key }) => <Code text={key} />, 'head'),
  column<SignerDto>('API key', ({ key_id: id }) => <Code text={id} />),
  column<SignerDto>('Change', ({ change }) => change),
  column<SignerDto>('Signs now', ({ in_force: isInForce }) =>
    isInForce ? <Badge tone="good">yes</Badge> : 'no',
  ),
  column<SignerDto>('At', ({ at }) => <Instant at={at} />),
  column<SignerDto>('Asked by', ({ requested_by: by }) => <Words text={by} />),
  column<SignerDto>('Approved by', ({ approved_by: by }) => <Words text={by} />),
  column<SignerDto>('Action', (signer) => signer.in_force && <Revoke of={signer} />),
];

/** Changes of the signers. From the first signer on, the ledger takes signed orders only. */
export function AccountSigners({ id }: { readonly id: string }): ReactNode {
  const signers = useQuery(readOf(ledger.signers(id)));
  return (
    <Section
      title="Signers of orders"
      what="The signers"
      read={signers}
      aside={
        <ActionButton
          service="ledger"
          call={LEDGER.addSigner}
          path={{ account_id: id }}
          label="Add a signer"
        >
          <p className="muted">
            From the first signer on, permanently, the ledger takes signed orders only. Have the
            public key from the customer, not from intake-api.
          </p>
        </ActionButton>
      }
    >
      {(rows) => (
        <>
          {rows.length > 0 && rows.every(({ in_force: isInForce }) => !isInForce) && (
            <p className="message message-bad">
              No signer is in force: the ledger takes no order of this account.
            </p>
          )}
          <DataTable
            label="Signers"
            columns={COLUMNS}
            rows={rows}
            keyOf={({ public_key: key, at, change }) => `${key} ${change} ${at}`}
            empty="The account has no signer: its orders need no signature at the ledger."
          />
        </>
      )}
    </Section>
  );
}

function Revoke({ of: { account_id, public_key } }: { readonly of: SignerDto }): ReactNode {
  return (
    <ActionButton
      service="ledger"
      call={LEDGER.revokeSigner}
      path={{ account_id }}
      fixed={{ public_key }}
      label="Revoke"
      title="Revoke this signer permanently"
      tone="danger"
    >
      <p className="muted">
        The account goes on taking signed orders only: without a signer it takes none.
      </p>
    </ActionButton>
  );
}
