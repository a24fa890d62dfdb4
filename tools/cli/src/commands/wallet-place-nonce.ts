import { isAwaited } from '@sluice/admin-client';
import { orWhenMissing } from '../admin-faults.js';
import { awaitedText } from '../awaited-text.js';
import type { Command } from '../command.js';
import { cell } from '../render/cell.js';

export const walletPlaceNonce: Command = {
  name: 'wallet place-nonce',
  summary:
    'sets the nonce at which a blocked address of our own wallet continues; kept permanently, with the evidence',
  operands: [],
  options: [
    { name: 'network', value: 'N', help: 'of which network, e.g. ETH', required: true },
    { name: 'address', value: 'A', help: 'as "sluice wallet show" shows it', required: true },
    {
      name: 'next',
      value: 'NONCE',
      help: 'the next nonce of the address by its chain, as "sluice wallet show" shows it',
      required: true,
    },
    { name: 'evidence', value: 'TEXT', help: 'what was found out; kept for good', required: true },
  ],
  notes: [
    'It counts when a second person approves it: sluice approve.',
    'For an address whose requests the signer refuses as final or too high, because a nonce far above those in use was signed. Take away first what had it signed.',
  ],
  example:
    'wallet place-nonce --network ETH --address 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266 --next 17 --evidence "ticket 9120: a stolen credential had nonce 9000 signed, and is revoked"',
  run: async (input, { services }) => {
    const [network, address] = [input.text('network'), input.text('address')];
    const order = { next_nonce: input.text('next'), evidence: input.text('evidence') };
    const placed = await orWhenMissing(
      services.signer.placeNonce({ network, address }, order),
      '"sluice wallet show" shows them',
    );
    return {
      json: placed,
      text: () =>
        isAwaited(placed)
          ? awaitedText(placed, 'signer')
          : `the nonces of ${cell(placed.address)} on ${cell(placed.network)} go on at ${cell(placed.next_nonce)}`,
    };
  },
};
