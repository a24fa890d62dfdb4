import { INTAKE } from '@sluice/admin-client/calls';
import type { AccountTermsDto, CurrencyTermsDto, NetworkTermsDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { ActionButton } from '../../actions/action-button.js';
import { presetOf } from './preset-of.js';

const LATER = (
  <p className="muted">
    Without a time the terms hold in 15 seconds. Withdrawals on record keep their fee.
  </p>
);

/** Next version of the terms of a currency, or a new currency. A next version states all terms. */
export function SetCurrencyTerms({
  newest,
}: {
  readonly newest: CurrencyTermsDto | null;
}): ReactNode {
  if (newest === null)
    return (
      <ActionButton
        service="intake-api"
        call={INTAKE.setCurrencyTerms}
        label="Add a currency"
        omit={['after_version']}
      >
        <p className="muted">
          It needs a network, a route, and its name at the venue before a withdrawal can be paid.
        </p>
      </ActionButton>
    );
  const { currency, network, version } = newest;
  return (
    <ActionButton
      service="intake-api"
      call={INTAKE.setCurrencyTerms}
      fixed={{ currency, network, after_version: version }}
      preset={presetOf(newest)}
      label="Change"
      title={`Next terms of ${currency}.${network}`}
    >
      {LATER}
    </ActionButton>
  );
}

/** Next version of a network, or a new network. The family of a network never changes. */
export function SetNetworkTerms({
  newest,
}: {
  readonly newest: NetworkTermsDto | null;
}): ReactNode {
  if (newest === null)
    return (
      <ActionButton
        service="intake-api"
        call={INTAKE.setNetworkTerms}
        label="Add a network"
        omit={['after_version']}
        preset={{ active: 'true' }}
      >
        <p className="muted">
          The family decides how addresses and memos are checked. It never changes.
        </p>
      </ActionButton>
    );
  const { network, family, version } = newest;
  return (
    <ActionButton
      service="intake-api"
      call={INTAKE.setNetworkTerms}
      fixed={{ network, family, after_version: version }}
      preset={presetOf(newest)}
      label="Change"
      title={`Next terms of the network ${network}`}
    >
      {LATER}
    </ActionButton>
  );
}

/** Next version of an account's own terms for an asset, or its first. */
export function SetAccountTerms({
  account,
  newest,
}: {
  readonly account: string;
  readonly newest: AccountTermsDto | null;
}): ReactNode {
  const call = {
    service: 'intake-api',
    call: INTAKE.setAccountTerms,
    path: { account_id: account },
    children: LATER,
  };
  if (newest === null)
    return <ActionButton {...call} label="Set terms of an asset" omit={['after_version']} />;
  const { currency, network, version } = newest;
  return (
    <ActionButton
      {...call}
      fixed={{ currency, network, after_version: version }}
      preset={presetOf(newest)}
      label="Change"
      title={`Next own terms for ${currency}.${network}`}
    />
  );
}
