import { connectorOf, WALLET as WALLET_VENUE } from '@sluice/messages';
import { command } from '../language/command.js';
import { table } from '../render/table.js';
import { cell } from '../render/text.js';
import { TWO_PEOPLE } from '../language/shared-help.js';

const ADDRESS = '--network ETH --address 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const SEE_WALLET = '"sluice wallet show" shows them';

export const WALLET = [
  command('wallet show', {
    help: 'lists the addresses that our own wallet pays from, their funds and payments in progress',
    call: (_given, { wallet }) => wallet.wallets(),
    text: (wallets, style) =>
      table(
        'network, address, purpose, account_id as account, has, next_nonce:right, waiting:right, unconfirmed:right, head:right, looked_at, paused_because',
        wallets.map((wallet) => ({
          ...wallet,
          has: wallet.funds
            .map(({ asset, balance, under_way: underWay }) =>
              underWay === '0'
                ? `${balance} ${asset}`
                : `${balance} ${asset} (${underWay} under way)`,
            )
            .join(', '),
        })),
        style,
        'it has no address',
      ),
  }),
  command('wallet resume --network N --address A --evidence TEXT', {
    help: `resumes a paused address of our own wallet; requires two people; kept permanently, with the evidence
      ${TWO_PEOPLE}
      It goes on behind all that its chain has used of it for good, and is paused again when another sender uses one of its nonces again.`,
    example: `${ADDRESS} --evidence "ticket 8830: a test had its key, and has another one now"`,
    missing: SEE_WALLET,
    call: ({ network, address, evidence }, { wallet }) =>
      wallet.resumeWallet({ network, address }, { evidence }),
    approval: connectorOf(WALLET_VENUE),
    text: ({ address, network }) => `${cell(address)} pays on ${cell(network)} again`,
  }),
  command('wallet place-nonce --network N --address A --next NONCE --evidence TEXT', {
    help: `sets the nonce at which a blocked address of our own wallet continues; kept permanently, with the evidence
      --next: the next nonce of the address by its chain, as "sluice wallet show" shows it
      ${TWO_PEOPLE}
      For an address whose requests the signer refuses as final or too high, because a nonce far above those in use was signed. Revoke first the credential that had it signed.`,
    example: `${ADDRESS} --next 17 --evidence "ticket 9120: a stolen credential had nonce 9000 signed, and is revoked"`,
    missing: SEE_WALLET,
    call: ({ network, address, next: next_nonce, evidence }, { signer }) =>
      signer.placeNonce({ network, address }, { next_nonce, evidence }),
    approval: 'signer',
    text: ({ address, network, next_nonce: next }) =>
      `the nonces of ${cell(address)} on ${cell(network)} go on at ${cell(next)}`,
  }),
];
