import { killedConnectorMain } from '@sluice/connector-testing';
import { BYBIT_KIT } from './bybit-kit.js';

await killedConnectorMain(BYBIT_KIT);
