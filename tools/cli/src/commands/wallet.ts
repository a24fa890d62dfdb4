import { connectorOf, WALLET as WALLET_VENUE } from '@sluice/messages';
import { command } from '../language/command.js';
import { table } from '../render/table.js';
import { cell } from '../render/text.js';

export const WALLET = [
  command('wallet show', {
    help: 'lists the addresses that our own wallet pays from, their funds and payments in progress',
    call: (_given, { wallet }) => wallet.wallets(),
    text: (wallets, style) => {
      const lines = wallets.map((wallet) => ({
        ...wallet,
        has: wallet.funds.map(({ asset, balance, under_way: moving }) =>
          moving === '0' ? `${balance} ${asset}` : `${balance} ${asset} (${moving} under way)`,
        ),
      }));
      return table(
        'network, address, purpose, account_id as account, has, next_nonce:right, waiting:right, unconfirmed:right, head:right, looked_at, paused_because',
        lines,
        style,
        'it has no address',
      );
    },
  }),
  command('wallet resume --network N --address A --evidence TEXT', {
    help: `resumes a paused address of our own wallet; requires two people; kept permanently, with the evidence
      It goes on behind the final nonces of its chain, and is paused again when another sender uses one of its nonces again.`,
    missing: '"sluice wallet show" shows them',
    call: ({ network, address, evidence }, { wallet }) =>
      wallet.resumeWallet({ network, address }, { evidence }),
    approval: connectorOf(WALLET_VENUE),
    text: ({ address, network }) =>
      `${cell(address)} on ${cell(network)} is not paused any more; see: sluice wallet show`,
  }),
  command('wallet place-nonce --network N --address A --next NONCE --evidence TEXT', {
    help: `sets the nonce at which a blocked address of our own wallet continues; kept permanently, with the evidence
      --next: the next nonce of the address by its chain, as "sluice wallet show" shows it, e.g. 17
      For an address whose requests the signer refuses as final or too high, because a nonce far above those in use was signed. Revoke first the credential that had it signed.`,
    call: ({ network, address, next: next_nonce, evidence }, { signer }) =>
      signer.placeNonce({ network, address }, { next_nonce, evidence }),
    approval: 'signer',
    text: ({ address, network, next_nonce: next }) =>
      `the nonces of ${cell(address)} on ${cell(network)} go on at ${cell(next)}`,
  }),
];
