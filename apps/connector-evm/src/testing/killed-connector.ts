import { killedConnectorMain } from '@sluice/connector-testing';
import { WALLET_KIT } from './wallet-kit.js';

await killedConnectorMain(WALLET_KIT);
