import { WALLET } from '@sluice/admin-client/calls';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ActionButton } from '../../../actions/action-button.js';
import { readOf } from '../../../api/queries.js';
import { wallet } from '../../../api/services.js';
import { Address } from '../../../components/address.js';
import { Amount } from '../../../components/amount.js';
import { Facts } from '../../../components/facts.js';
import { Foreign } from '../../../components/foreign.js';
import { Message } from '../../../components/message.js';
import { Panel } from '../../../components/panel.js';
import { Reading } from '../../../components/reading.js';
import { Time } from '../../../components/time.js';
import type { DecisionSubject } from './subject.js';

/** Paying address that sends nothing: two people resume it with evidence. */
export function PausedWalletDecision({ service, id }: DecisionSubject): ReactNode {
  const query = useQuery(readOf(wallet.wallets()));
  const [network = '', address = ''] = id.split(':');
  return (
    <Reading query={query} what="The addresses of the wallet">
      {(wallets) => {
        const found = wallets.find((one) => one.network === network && one.address === address);
        if (found === undefined) return <Message>The wallet has no address {id}.</Message>;
        const facts = (
          <Facts
            facts={{
              Address: <Address address={address} label={`Paying address on ${network}`} />,
              Purpose: found.purpose,
              'Paused because': found.paused_because !== null && (
                <Foreign text={found.paused_because} />
              ),
              'Next nonce': found.next_nonce,
              'Signed, in no block': found.waiting,
              'In a block, not final': found.unconfirmed,
              'Last read': found.looked_at !== null && <Time at={found.looked_at} />,
              Funds: found.funds.map(({ asset, balance, under_way: underWay }) => (
                <div key={asset}>
                  <Amount value={balance} unit={asset} />, perhaps spent:{' '}
                  <Amount value={underWay} />
                </div>
              )),
            }}
          />
        );
        return (
          <Panel title="The address">
            {facts}
            <div className="actions">
              <ActionButton
                service={service}
                call={WALLET.resumeWallet}
                path={{ network, address }}
                label="Ask to resume the address"
                tone="danger"
                blocked={found.paused_because === null ? 'It is not paused.' : null}
                whereToLook="read this address, and the requests that wait at the service."
              >
                {facts}
                <p>
                  After the second person the address sends payments again, from the next nonce that
                  the chain has not used. Foreign transactions have to be final before.
                </p>
              </ActionButton>
            </div>
          </Panel>
        );
      }}
    </Reading>
  );
}
