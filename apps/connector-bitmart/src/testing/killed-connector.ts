import { killedConnectorMain } from '@sluice/connector-testing';
import { BITMART_KIT } from './bitmart-kit.js';

await killedConnectorMain(BITMART_KIT);
