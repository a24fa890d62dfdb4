import { useQuery } from '@tanstack/react-query';
import { INTAKE } from '@sluice/admin-client/calls';
import type { ApiKeyDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { ActionButton } from '../../actions/action-button.js';
import { readOf } from '../../api/queries.js';
import { intake } from '../../api/services.js';
import { DataTable } from '../../components/data-table.js';
import { Facts } from '../../components/facts.js';
import { column } from '../../reading/columns.js';
import { Section } from '../../reading/section.js';
import { Badge, Code, Instant, Words } from '../../reading/values.js';
import { keyState } from './key-state.js';
import { PERMISSIONS } from './permissions.js';

const COLUMNS = [
  column<ApiKeyDto>(
    'Key',
    ({ key_id: id, label, algorithm }) => (
      <>
        <Code text={id} />
        <br />
        <Words text={label} /> <span className="muted small">{algorithm}</span>
      </>
    ),
    'head',
  ),
  column<ApiKeyDto>('State', (key) => {
    const { text, tone } = keyState(key);
    return <Badge tone={tone}>{text}</Badge>;
  }),
  column<ApiKeyDto>('Permissions', ({ permissions }) => (
    <ul className="chips">
      {permissions.map((permission) => (
        <li key={permission}>
          <Badge tone={permission === 'withdraw' ? 'wait' : 'quiet'}>{permission}</Badge>
        </li>
      ))}
    </ul>
  )),
  column<ApiKeyDto>('From', ({ allowed_ips: ips, permissions }) => {
    if (ips.length > 0) return <Code text={ips.join(', ')} />;
    return permissions.includes('withdraw') ? <Badge tone="bad">any address</Badge> : 'any address';
  }),
  column<ApiKeyDto>('Per minute', ({ rate_limit_per_min: rate }) => rate, 'right'),
  column<ApiKeyDto>('Times', (key) => <Times of={key} />),
  column<ApiKeyDto>('Actions', (key) => <KeyActions of={key} />),
];

/** API keys of the account. Secrets are never shown again. */
export function AccountKeys({ id }: { readonly id: string }): ReactNode {
  const keys = useQuery(readOf(intake.keys(id)));
  return (
    <Section
      title="API keys"
      what="The keys"
      read={keys}
      aside={
        <ActionButton
          service="intake-api"
          call={INTAKE.createKey}
          path={{ account_id: id }}
          label="Create a key"
        >
          <p className="muted">
            The answer shows the secret once. A key that may withdraw needs allowed addresses, or
            works from any address, where a thief can withdraw from anywhere.
          </p>
          <p className="muted">Permissions: {PERMISSIONS.join(', ')}.</p>
        </ActionButton>
      }
    >
      {(rows) => (
        <DataTable
          label="API keys"
          columns={COLUMNS}
          rows={rows}
          keyOf={({ key_id: key }) => key}
          empty="The account has no key."
        />
      )}
    </Section>
  );
}

function Times({ of }: { readonly of: ApiKeyDto }): ReactNode {
  return (
    <Facts
      facts={{
        Expires: of.expires_at === null ? 'never' : <Instant at={of.expires_at} />,
        'Both secrets until': of.overlap_until === null ? null : <Instant at={of.overlap_until} />,
        Revoked: of.revoked_at === null ? null : <Instant at={of.revoked_at} />,
        'Last used': of.last_used_at === null ? 'never' : <Instant at={of.last_used_at} />,
        Created: <Instant at={of.created_at} />,
      }}
    />
  );
}

function KeyActions({
  of: { key_id, label, algorithm, revoked_at: revokedAt },
}: {
  readonly of: ApiKeyDto;
}): ReactNode {
  if (revokedAt !== null) return null;
  const about = (
    <p>
      <Code text={key_id} /> <Words text={label} />
    </p>
  );
  return (
    <span className="action-cell">
      <ActionButton
        service="intake-api"
        call={INTAKE.rotateKey}
        path={{ key_id }}
        label="Rotate"
        title={`Rotate ${key_id}`}
        omit={algorithm === 'ed25519' ? [] : ['public_key']}
      >
        {about}
        <p className="muted">
          The key keeps its id and references: a repeated request stays the same request.
        </p>
      </ActionButton>
      <ActionButton
        service="intake-api"
        call={INTAKE.revokeKey}
        path={{ key_id }}
        label="Revoke"
        title={`Revoke ${key_id} permanently`}
        tone="danger"
      >
        {about}
      </ActionButton>
    </span>
  );
}
