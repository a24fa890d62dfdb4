import { runDoomed } from '@sluice/connector-testing';
import { BITMART_KIT } from './bitmart-kit.js';

await runDoomed(BITMART_KIT);
