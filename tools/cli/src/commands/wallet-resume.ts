import { isAwaited } from '@sluice/admin-client';
import { connectorOf, WALLET } from '@sluice/messages';
import { orWhenMissing } from '../admin-faults.js';
import { awaitedText } from '../awaited-text.js';
import type { Command } from '../command.js';
import { cell } from '../render/cell.js';

export const walletResume: Command = {
  name: 'wallet resume',
  summary:
    'resumes a paused address of our own wallet; requires two people; kept permanently, with the evidence',
  operands: [],
  options: [
    { name: 'network', value: 'N', help: 'of which network, e.g. ETH', required: true },
    { name: 'address', value: 'A', help: 'as "sluice wallet show" shows it', required: true },
    { name: 'evidence', value: 'TEXT', help: 'what was found out; kept for good', required: true },
  ],
  notes: [
    'It counts when a second person approves it: sluice approve.',
    'It goes on behind all that its chain has used of it for good, and is paused again when somebody else uses one of its nonces again.',
  ],
  example:
    'wallet resume --network ETH --address 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266 --evidence "ticket 8830: a test had its key, and has another one now"',
  run: async (input, { services }) => {
    const [network, address] = [input.text('network'), input.text('address')];
    const resume = { evidence: input.text('evidence') };
    const resumed = await orWhenMissing(
      services.wallet.resumeWallet({ network, address }, resume),
      '"sluice wallet show" shows them',
    );
    return {
      json: resumed,
      text: () =>
        isAwaited(resumed)
          ? awaitedText(resumed, connectorOf(WALLET))
          : `${cell(resumed.address)} pays on ${cell(resumed.network)} again`,
    };
  },
};
