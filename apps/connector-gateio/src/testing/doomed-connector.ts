import { runDoomed } from '@sluice/connector-testing';
import { GATEIO_KIT } from './gateio-kit.js';

await runDoomed(GATEIO_KIT);
