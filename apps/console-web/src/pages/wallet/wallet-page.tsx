import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { readOf } from '../../api/queries.js';
import { wallet } from '../../api/services.js';
import { Page } from '../../components/page.js';
import { Reading } from '../../components/reading.js';
import { useServices } from '../../reading/use-services.js';
import { WalletPanel } from './wallet-panel.js';

/** Our own paying addresses and their gas tanks. */
export function WalletPage(): ReactNode {
  const hasWallet = useServices().includes(wallet.wallets().service);
  return (
    <Page title="Wallet">
      {hasWallet ? (
        <Wallets />
      ) : (
        <p className="message">
          The console knows no connector of an own wallet: {wallet.wallets().service} is not among
          its services.
        </p>
      )}
    </Page>
  );
}

function Wallets(): ReactNode {
  const wallets = useQuery(readOf(wallet.wallets()));
  return (
    <Reading query={wallets} what="The addresses">
      {(rows) =>
        rows.length === 0 ? (
          <p className="muted">The wallet has no address.</p>
        ) : (
          <div className="columns columns-wide">
            {rows.map((one) => (
              <WalletPanel key={`${one.network} ${one.address}`} of={one} />
            ))}
          </div>
        )
      }
    </Reading>
  );
}
