import { runDoomed } from '@sluice/connector-testing';
import { BYBIT_KIT } from './bybit-kit.js';

await runDoomed(BYBIT_KIT);
