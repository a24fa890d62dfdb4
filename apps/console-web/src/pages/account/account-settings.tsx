import { useQuery } from '@tanstack/react-query';
import { INTAKE } from '@sluice/admin-client/calls';
import type { ReactNode } from 'react';
import { ActionButton } from '../../actions/action-button.js';
import { readOf } from '../../api/queries.js';
import { intake } from '../../api/services.js';
import { Facts } from '../../components/facts.js';
import { Section } from '../../reading/section.js';
import { Instant } from '../../reading/values.js';

export function AccountSettings({ id }: { readonly id: string }): ReactNode {
  const accounts = useQuery(readOf(intake.accounts()));
  return (
    <Section
      title="Settings"
      what="The settings"
      read={accounts}
      aside={
        <ActionButton
          service="intake-api"
          call={INTAKE.setAccount}
          path={{ account_id: id }}
          label="Change"
          title="Change the settings of this account"
        />
      }
    >
      {(rows) => {
        const account = rows.find(({ account_id: of }) => of === id);
        if (account === undefined) return <p className="muted">There is no such account.</p>;
        return (
          <Facts
            facts={{
              'Withdrawal without a reference': account.requires_reference
                ? 'refused'
                : 'taken: each repeated request pays again',
              'One reference is valid': account.keys_share_references
                ? 'once for all keys'
                : 'once for each key',
              'Keys that are not revoked': account.keys,
              Created: <Instant at={account.created_at} />,
            }}
          />
        );
      }}
    </Section>
  );
}
