import { SIGNER, WALLET } from '@sluice/admin-client/calls';
import type { WalletDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { ActionButton } from '../../actions/action-button.js';
import { wallet } from '../../api/services.js';
import { Address } from '../../components/address.js';
import { DataTable } from '../../components/data-table.js';
import { Facts } from '../../components/facts.js';
import { Message } from '../../components/message.js';
import { Panel } from '../../components/panel.js';
import { column } from '../../reading/columns.js';
import { useServices } from '../../reading/use-services.js';
import { AccountLink, Badge, Code, Instant, Sum, Words } from '../../reading/values.js';

type Funds = WalletDto['funds'][number];

const FUNDS = [
  column<Funds>('Asset', ({ asset }) => asset, 'head'),
  column<Funds>('Balance by the chain', ({ balance }) => <Sum value={balance} />, 'right'),
  column<Funds>('In flight', ({ under_way: underWay }) => <Sum value={underWay} />, 'right'),
];

const PURPOSES: Readonly<Record<string, string>> = {
  hot: 'pays withdrawals',
  tank: 'pays gas into the paying addresses',
};

/** An address with balances, nonces and the cause of a pause. */
export function WalletPanel({ of }: { readonly of: WalletDto }): ReactNode {
  const { network, address, purpose, paused_because: pause } = of;
  return (
    <Panel
      title={`${network}: ${PURPOSES[purpose] ?? purpose}`}
      aside={pause === null ? <Badge tone="good">sends</Badge> : <Badge tone="bad">paused</Badge>}
    >
      <Address address={address} label="Address" />
      {pause !== null && (
        <Message tone="bad">
          <Words text={pause} />
        </Message>
      )}
      <DataTable
        label={`Balances of ${address}`}
        columns={FUNDS}
        rows={of.funds}
        keyOf={({ asset }) => asset}
        empty="The balances are not known: the chain could not be read."
      />
      <Facts
        facts={{
          'Next nonce': <Code text={of.next_nonce} />,
          'Signed, in no block': of.waiting,
          'In a block that is not final': of.unconfirmed,
          'Pays only for': of.account_id === null ? null : <AccountLink id={of.account_id} />,
          'Last polled block': of.head ?? 'none',
          'Polled at': <Instant at={of.looked_at} />,
        }}
      />
      <WalletActions of={of} />
    </Panel>
  );
}

function WalletActions({
  of: { network, address, next_nonce: next, paused_because: pause },
}: {
  readonly of: WalletDto;
}): ReactNode {
  const hasSigner = useServices().includes('signer');
  const path = { network, address };
  return (
    <div className="actions">
      <ActionButton
        service={wallet.wallets().service}
        call={WALLET.resumeWallet}
        path={path}
        label="Resume"
        title={`Resume ${address}`}
        blocked={pause === null ? 'The address is not paused.' : null}
      >
        <p>
          Cause of the pause: <Words text={pause} />
        </p>
        <p className="muted">
          It resumes after the final nonces of the chain. Foreign transactions have to be final.
        </p>
      </ActionButton>
      <ActionButton
        service="signer"
        call={SIGNER.placeNonce}
        path={path}
        label="Place the nonce at the signer"
        title={`Place the next nonce of ${address}`}
        tone="danger"
        blocked={hasSigner ? null : 'The console does not reach the signer.'}
      >
        <p>
          The connector goes on with nonce <Code text={next} />. Take the next nonce from the chain,
          by a node that you trust.
        </p>
      </ActionButton>
    </div>
  );
}
