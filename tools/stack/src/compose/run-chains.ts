// Program of the container `chains` in docker-compose.yml: runs the wallet's local chains, and
// writes chain settings and sealed keys for the services. Answers with the chains' addresses when
// every chain is ready.
import { createServer } from 'node:http';
import { networkInterfaces } from 'node:os';
import { startGuard, type SupervisedProcess } from '@sluice/test-servers';
import { listenForStop } from '../cli/command.js';
import { layoutOf } from '../layout/layout.js';
import {
  CHAIN_PORTS,
  CHAINS_CONTAINER,
  CHAINS_HOME,
  CHAINS_PORT,
  WALLET_KEY_VARIABLES,
} from '../chains/composed-chains.js';
import { provideChains } from '../chains/provide-chains.js';

const stop = listenForStop();
const nodes: SupervisedProcess[] = [];
const chains = await provideChains({
  // The only writable folder besides both volumes is /tmp.
  layout: { ...layoutOf(CHAINS_HOME), logOf: (name) => `/tmp/${name}.log` },
  ports: CHAIN_PORTS,
  guard: startGuard(),
  events: {},
  host: ownAddress(),
  hostName: CHAINS_CONTAINER,
  walletKeys: WALLET_KEY_VARIABLES.map(keyOf),
  walletKek: required('SIGNER_KEYS_KEK'),
  pace: 'real',
  options: { hotWallets: WALLET_KEY_VARIABLES.length - 1 },
  adopt: (node) => void nodes.push(node),
});
const server = createServer((_, response) => response.end(JSON.stringify(chains)));
stop.orderly();
server.listen(CHAINS_PORT, '0.0.0.0', () => console.log('the chains are ready'));
await stop.asked;
server.close();
await Promise.all(nodes.map((node) => node.stop()));
process.exit(0);

/** Address of the container for the other containers; anvil already uses 127.0.0.1. */
function ownAddress(): string {
  const own = Object.values(networkInterfaces())
    .flatMap((entries) => entries ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal);
  if (own === undefined) throw new Error('the container has no IPv4 address besides 127.0.0.1');
  return own.address;
}

/** Returns a private key in hex; the variable contains 32 random bytes in base64. */
function keyOf(variable: string): string {
  return Buffer.from(required(variable), 'base64').toString('hex');
}

function required(variable: string): string {
  const value = process.env[variable] ?? '';
  if (value === '') throw new Error(`${variable} is missing: run write-env.mjs (README)`);
  return value;
}
