import { Get, Param, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  AnswersList,
  AnswersNumberedPage,
  NumberedPageOf,
  WITHDRAWAL_TIMES,
} from '@sluice/http-api';
import { Amount, assetOf, currencyOf, networkOf, recipientText } from '@sluice/kernel';
import { requestIsAbout } from '@sluice/runtime/tracing';
import { PUBLIC_VIEW, WALLET } from '@sluice/withdrawal-core';
import { Caller, RequiresPermission } from '../../api-keys/authenticated-request.js';
import type { ApiKey } from '../../api-keys/key-store.js';
import { PublicController } from '../../api-keys/public-controller.js';
import { MayRefuse, Ours } from '../../http/public-error.js';
import { restTimes } from '../../http/rest-time.js';
import type { StoredWithdrawal } from '../../rows/withdrawal-store.js';
import { valueOrRefusal } from '../answers/refusal-response.js';
import {
  inBlock,
  statusShape,
  WithdrawalNumberParams,
  WithdrawalStatusDto,
} from '../answers/withdrawal.dto.js';
import {
  ListTransactions,
  ListWithdrawals,
  type Numbered,
  type Page,
  type TopUp,
  type Transaction,
} from './list-withdrawals.js';
import { momentOf, TransactionDto, TransactionsQuery, WithdrawalsQuery } from './listing.dto.js';
import { ShowTimeline, TimelineStepDto } from './timeline.js';

const DEFAULT_LIMIT = 50;

@PublicController('v1/withdrawals')
export class WithdrawalListController {
  constructor(
    private readonly listWithdrawals: ListWithdrawals,
    private readonly showTimeline: ShowTimeline,
  ) {}

  @Get()
  @RequiresPermission('read_withdrawal_status')
  @Ours()
  @ApiOperation({
    operationId: 'listWithdrawals',
    summary: 'List withdrawals',
    description:
      'Newest first. Pass `next_cursor` of the response as `cursor` of the next request.',
  })
  @AnswersNumberedPage(WithdrawalStatusDto)
  async list(
    @Caller() { accountId }: ApiKey,
    @Query() query: WithdrawalsQuery,
  ): Promise<NumberedPageOf<WithdrawalStatusDto>> {
    const { stage, venue, client_reference: reference } = query;
    const { requested_since: since, requested_before: before } = query;
    const page = await this.listWithdrawals.run({
      ...pageOf(query, accountId),
      stage,
      venue: given(venue),
      clientReference: given(reference),
      since: momentOf(since),
      before: momentOf(before),
    });
    return numbered(page, page.rows.map(statusShape));
  }

  @Get(':withdrawal_id/timeline')
  @RequiresPermission('read_withdrawal_status')
  @Ours()
  @ApiOperation({
    operationId: 'getTimeline',
    summary: 'List the steps of a withdrawal',
    description: 'Each step with its time and its evidence, oldest first.',
  })
  @AnswersList(TimelineStepDto)
  @MayRefuse('withdrawal_not_found')
  async timeline(
    @Param() { withdrawal_id }: WithdrawalNumberParams,
    @Caller() { accountId }: ApiKey,
  ): Promise<readonly TimelineStepDto[]> {
    const { stored, steps } = valueOrRefusal(await this.showTimeline.run(withdrawal_id, accountId));
    requestIsAbout(stored.withdrawal.order.id);
    return steps;
  }
}

@PublicController('v1/transactions')
export class TransactionsController {
  constructor(private readonly listTransactions: ListTransactions) {}

  @Get()
  @RequiresPermission('list_transactions')
  @ApiOperation({
    operationId: 'listTransactions',
    summary: 'List transactions',
    description:
      'Newest first. Pass `next_cursor` of the response as `cursor` of the next request.',
  })
  @AnswersNumberedPage(TransactionDto)
  async list(
    @Caller() { accountId }: ApiKey,
    @Query() query: TransactionsQuery,
  ): Promise<NumberedPageOf<TransactionDto>> {
    const { direction } = query;
    const page = await this.listTransactions.run({ ...pageOf(query, accountId), direction });
    return numbered(page, page.rows.map(transactionShape));
  }
}

function pageOf(query: TransactionsQuery | WithdrawalsQuery, accountId: string) {
  const { status, currency, network, cursor, limit = DEFAULT_LIMIT } = query;
  return {
    accountId,
    status,
    limit,
    currency: given(currency),
    network: given(network),
    below: cursor,
  };
}

/** An empty filter is ignored. */
function given(text: string | null | undefined): string | undefined {
  return text || undefined;
}

function numbered<T>(
  { nextBelow }: Pick<Page<Numbered>, 'nextBelow'>,
  items: readonly T[],
): NumberedPageOf<T> {
  return new NumberedPageOf(items, nextBelow === null ? null : Number(nextBelow));
}

/**
 * Converts a movement to the contract's form. Data known only to a node of the chain is available
 * only for payments of our own wallet.
 */
function transactionShape(transaction: Transaction): TransactionDto {
  return 'withdrawal' in transaction ? withdrawalShape(transaction) : topUpShape(transaction);
}

function withdrawalShape({ number, decimals, withdrawal }: StoredWithdrawal): TransactionDto {
  const { order, state, txHash } = withdrawal;
  const times = { ...order, ...withdrawal };
  return {
    id: Number(number),
    tx_hash: txHash,
    direction: 'withdrawal',
    status: PUBLIC_VIEW[state].status,
    currency: currencyOf(order.asset),
    network: networkOf(order.asset),
    from_address: payerOf(withdrawal),
    to_address: recipientText(order),
    amount_decimal: order.amount.toFixed(decimals),
    ...inBlock(withdrawal),
    ...restTimes(WITHDRAWAL_TIMES.transaction, (time) => times[time]),
  };
}

/** Connectors report only final top-ups: each time is the time of the block. */
function topUpShape(topUp: TopUp): TransactionDto {
  const { currency, network } = topUp;
  return {
    id: Number(topUp.number),
    tx_hash: topUp.txHash,
    direction: 'gas_topup',
    status: 'confirmed',
    currency,
    network,
    from_address: topUp.fromAddress,
    to_address: topUp.toAddress,
    amount_decimal: Amount.of(topUp.amount, assetOf(currency, network)).toFixed(topUp.decimals),
    ...inBlock({ confirmations: null, blockNumber: topUp.blockNumber }),
    ...restTimes(WITHDRAWAL_TIMES.transaction, () => topUp.at),
  };
}

/** Our wallet's reference is `network:address:nonce`, and stays the same when a transaction is replaced. */
function payerOf({ venue, venueReference }: StoredWithdrawal['withdrawal']): string | null {
  return venue === WALLET ? (venueReference?.split(':')[1] ?? null) : null;
}
