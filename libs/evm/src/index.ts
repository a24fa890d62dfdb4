export type { Head, Log, Receipt } from './chain-facts.js';
export type { ChainSettings, FeePolicy, Token, Wallet } from './chain-settings.js';
export type { NodeErrorClass } from './node-errors.js';
