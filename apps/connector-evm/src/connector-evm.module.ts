import { Module } from '@nestjs/common';
import { ConnectorEngineModule, VENUE_ENDINGS } from '@sluice/connector-engine';
import { CoinCount } from './balances/coin-count.js';
import { WalletBalances } from './balances/wallet-balances.js';
import { WalletChains } from './chain/wallet-chains.js';
import type { EvmConfig } from './config.js';
import { WalletEvents, WalletReport } from './events/wallet-events.js';
import { FinalLooks, FollowChain } from './following/follow-chain.js';
import { FollowedNonces } from './following/followed-nonces.js';
import { Followers, FollowerTurns } from './following/followers.js';
import { ReadWalletRecords } from './venue/wallet.records.js';
import { WalletAdapter, WalletPayments, WalletStartCheck } from './venue/wallet.adapter.js';
import { FindingsStore } from './following/findings-store.js';
import { ForgottenTransactions } from './following/forgotten-transactions.js';
import { FollowingSteps } from './following/steps.js';
import { TransferTrials, TransferTrialsController } from './http/transfer-trials.controller.js';
import { WalletInbox } from './http/wallet-inbox.js';
import { WalletsController } from './http/wallets.controller.js';
import { NonceLanes } from './lanes/lanes.js';
import { ResumeWallet } from './lanes/resume-wallet.js';
import { WalletCode, WalletFunds } from './lanes/wallet-funds.js';
import { WithdrawalsClosedAtSigner } from './sending/closed-withdrawals.js';
import { LeasedTransfers } from './sending/leased-transfers.js';
import { LetGoPayments, SentNotes } from './sending/let-go.js';
import { RememberedPayments } from './sending/remembered-payments.js';
import { SignedTransfers } from './sending/signed-transfers.js';
import { WalletSelfChecks } from './self-check/wallet-self-checks.js';
import { Signer } from './sending/signer.js';
import { TransferPreparer } from './sending/transfer-preparer.js';
import { GasTank } from './top-ups/gas-tank.js';
import { WALLET_RATE_RULES, walletCapabilities } from './venue/wallet.capabilities.js';

@Module({
  imports: [
    ConnectorEngineModule.forRoot({
      capabilities: (config: EvmConfig) =>
        walletCapabilities(config.chains, config.absenceAfterMs, config),
      rateRules: WALLET_RATE_RULES,
      adapter: WalletAdapter,
      startCheck: WalletStartCheck,
      withoutHttp: true,
      providers: [
        WalletChains,
        WalletFunds,
        WalletCode,
        WalletEvents,
        Signer,
        NonceLanes,
        LeasedTransfers,
        SignedTransfers,
        TransferPreparer,
        SentNotes,
        LetGoPayments,
        RememberedPayments,
        FindingsStore,
        FollowChain,
        FollowedNonces,
        FollowerTurns,
        ReadWalletRecords,
        WalletPayments,
        FollowingSteps,
        FinalLooks,
        WalletBalances,
        WalletSelfChecks,
        ResumeWallet,
        WalletInbox,
        TransferTrials,
        ForgottenTransactions,
        WithdrawalsClosedAtSigner,
        { provide: VENUE_ENDINGS, useExisting: WithdrawalsClosedAtSigner },
      ],
      loops: [Followers, WalletReport, GasTank, CoinCount, WalletCode],
      controllers: [WalletsController, TransferTrialsController],
    }),
  ],
})
export class ConnectorEvmModule {}
