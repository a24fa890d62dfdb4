import {
  CHAIN_PORTS,
  CHAINS_CONTAINER,
  CHAINS_HOME,
  CHAINS_PORT,
  WALLET_KEY_VARIABLES,
} from '../chains/composed-chains.js';
import { layoutOf } from '../layout/layout.js';
import { specOf, type ServiceName } from '../tables/services.js';
import { healthLines, line, required, type Lines } from './compose-lines.js';

/** Folder of the chain settings and of the wallet's sealed keys; only the signer can open the keys. */
export const KEYS = `${CHAINS_HOME}/keys`;

export function readsWallet(name: ServiceName): boolean {
  const { readsChains = false, auditsVenues = false } = specOf(name);
  return readsChains || auditsVenues;
}

/** Chain settings of a service, and the key store of the signer. */
export function walletLines(name: ServiceName): Lines {
  const { readsChains, auditsVenues, keepsWalletKeys } = specOf(name);
  const layout = layoutOf(CHAINS_HOME);
  return [
    ...(readsChains ? [line('EVM_CHAINS_FILE', layout.chainsFor(name))] : []),
    ...(auditsVenues ? [line('AUDITOR_EVM_CHAINS_FILE', layout.chainsFor(name))] : []),
    ...(keepsWalletKeys
      ? [
          line('SIGNER_KEY_STORE', 'file'),
          line('SIGNER_KEYS_FILE', layout.walletKeys),
          line('SIGNER_KEYS_KEK', required('SIGNER_KEYS_KEK')),
        ]
      : []),
  ];
}

/** The local chains of the wallet. The image is the build stage with its programs and packages. */
export function chainsContainer(): Lines {
  const ports = [...Object.values(CHAIN_PORTS), CHAINS_PORT];
  const variables = [...WALLET_KEY_VARIABLES, 'SIGNER_KEYS_KEK'];
  return [
    `${CHAINS_CONTAINER}:`,
    '  <<: *service',
    `  image: \${IMAGE_PREFIX:-}sluice-${CHAINS_CONTAINER}:\${IMAGE_TAG:-compose}`,
    `  build: { context: ., args: { NODE_IMAGE: *node }, target: ${CHAINS_CONTAINER} }`,
    '  init: true',
    '  environment:',
    ...variables.map((variable) => `  ${line(variable, required(variable))}`),
    '  tmpfs: [/tmp]',
    '  volumes:',
    `    - wallet:${KEYS}`,
    `    - chains:${CHAINS_HOME}/chains`,
    `  ports: [${ports.map((port) => `'127.0.0.1:${port}:${port}'`).join(', ')}]`,
    ...healthLines(`http://127.0.0.1:${CHAINS_PORT}/`),
  ];
}
