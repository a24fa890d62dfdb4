// A connector process driven and killed by `KillableConnector` in another process.
import { TestConnector } from '@sluice/connector-testing';
import { byTwo } from '@sluice/test-kit';
import type { WalletCredentials, WalletReply, WalletRequest } from './killable-connector.js';
import { WALLET_KIT } from './wallet-kit.js';

const { DATABASE_URL = '', WALLET_CREDENTIALS = '{}' } = process.env;
const credentials = JSON.parse(WALLET_CREDENTIALS) as WalletCredentials;
process.once('disconnect', () => process.exit());
const venue = { credentials: () => Promise.resolve({ ...credentials }) };
const connector = await TestConnector.start(WALLET_KIT, DATABASE_URL, venue, {
  voidAfterMs: 20_000, // a busy machine needs longer than the default
  honouredForMs: 3_000, // delay before the lookup of an order placed right after a restore
});

process.on('message', (request: WalletRequest) => {
  void answer(request).then((reply) => process.send?.(reply));
});
process.send?.({ id: 0, result: 'ready' } satisfies WalletReply);

async function answer(request: WalletRequest): Promise<WalletReply> {
  try {
    return { id: request.id, result: (await ask(request)) ?? null };
  } catch (error) {
    return { id: request.id, error: error instanceof Error ? error.message : String(error) };
  }
}

function ask(request: WalletRequest): Promise<unknown> {
  switch (request.call) {
    case 'submit':
      return connector.submit(request.args[0], null, request.args[1]);
    case 'askFor':
      return connector.askFor(request.args[0]);
    case 'cancel':
      return connector.cancel(request.args[0]);
    case 'submission':
      return connector.submission(request.args[0]);
    case 'violations':
      return connector.violations();
    case 'breaks':
      return connector.takeBreaks();
    case 'liftHalts':
      return liftHalts();
  }
}

async function liftHalts(): Promise<void> {
  for (const { id } of await connector.halts.inForce())
    await byTwo((caller) => connector.halts.lift(id, 'a test', caller));
}
