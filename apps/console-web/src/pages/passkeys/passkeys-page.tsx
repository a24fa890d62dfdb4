import { LEDGER } from '@sluice/admin-client/calls';
import type { PasskeyDto } from '@sluice/http-api';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ActionButton } from '../../actions/action-button.js';
import { readOf } from '../../api/queries.js';
import { ledger } from '../../api/services.js';
import { DataTable, type TableColumn } from '../../components/data-table.js';
import { Facts } from '../../components/facts.js';
import { Foreign } from '../../components/foreign.js';
import { Message } from '../../components/message.js';
import { Page } from '../../components/page.js';
import { Panel } from '../../components/panel.js';
import { Reading } from '../../components/reading.js';
import { StateBadge } from '../../components/state-badge.js';
import { Time } from '../../components/time.js';
import { isSamePerson } from '../../session/same-person.js';
import { useSession } from '../../session/session-provider.js';
import { useServerTime } from '../../time/use-server-time.js';
import { passkeyState, passkeyWords, sortedPasskeys } from './passkey-words.js';
import { RegisterPasskey } from './register-passkey.js';

const RENEWED_MS = 10_000;

/** Passkeys of everybody, the person's own first; a new one needs a second person and a waiting time. */
export function PasskeysPage(): ReactNode {
  const { session } = useSession();
  const query = useQuery(readOf(ledger.passkeys()));
  const isOwn = ({ person }: PasskeyDto): boolean => isSamePerson(person, session.name);
  return (
    <Page title="Passkeys">
      <Panel title="A new passkey of yours">
        <RegisterPasskey />
        <AwaitedPasskeys />
      </Panel>
      <Panel title="Registered passkeys" isFlush>
        <Reading query={query} what="The passkeys">
          {(passkeys) => (
            <DataTable
              label="Passkeys by person"
              columns={COLUMNS}
              rows={sortedPasskeys(passkeys, isOwn)}
              keyOf={({ credential_id: id }) => id}
              empty="No person has a passkey yet."
            />
          )}
        </Reading>
      </Panel>
    </Page>
  );
}

const COLUMNS: readonly TableColumn<PasskeyDto>[] = [
  {
    id: 'person',
    name: 'Person',
    isRowHeader: true,
    cell: ({ person }) => <Foreign text={person} />,
  },
  {
    id: 'id',
    name: 'Passkey',
    cell: ({ credential_id: id }) => <code className="digest">{id}</code>,
  },
  { id: 'state', name: 'State', cell: (passkey) => <State passkey={passkey} /> },
  { id: 'added', name: 'Added', cell: ({ added_at: at }) => <Time at={at} /> },
  { id: 'by', name: 'Approved by', cell: ({ approved_by: by }) => <Foreign text={by} /> },
  { id: 'revoke', name: 'Revoke', cell: (passkey) => <Revoke passkey={passkey} /> },
];

function State({ passkey }: { readonly passkey: PasskeyDto }): ReactNode {
  const now = useServerTime(RENEWED_MS) ?? 0;
  return (
    <>
      <StateBadge state={passkeyState(passkey, now)} />
      <div className="small muted">{passkeyWords(passkey, now)}</div>
    </>
  );
}

function Revoke({ passkey }: { readonly passkey: PasskeyDto }): ReactNode {
  const { credential_id, person, added_at: at, revoked_at: revokedAt } = passkey;
  if (revokedAt !== null) return <Time at={revokedAt} />;
  return (
    <ActionButton
      service="ledger"
      call={LEDGER.revokePasskey}
      fixed={{ credential_id }}
      label="Revoke"
      title={`Revoke a passkey of ${person}`}
      tone="danger"
      whereToLook="read the list of passkeys again."
    >
      <Facts facts={{ Person: <Foreign text={person} />, Added: <Time at={at} /> }} />
      <Message tone="wait">
        It ends at once and for good. Votes with it on payments that still wait are void.
      </Message>
    </ActionButton>
  );
}

/** Registrations without a second person. */
function AwaitedPasskeys(): ReactNode {
  const query = useQuery(readOf(ledger.approvals()));
  return (
    <Reading query={query} what="The registrations that wait">
      {(approvals) => {
        const awaited = approvals.filter(
          ({ action, state }) => action === 'add passkey' && state === 'awaited',
        );
        return awaited.map(({ id, requested_by: person, expires_at: until }) => (
          <Message key={id} tone="wait">
            <span>
              A passkey of <Foreign text={person} /> waits for a second person until{' '}
              <Time at={until} />:{' '}
              <Link
                to="/decide/$service/$kind/$id"
                params={{ service: 'ledger', kind: 'approval', id }}
              >
                request {id}
              </Link>
            </span>
          </Message>
        ));
      }}
    </Reading>
  );
}
