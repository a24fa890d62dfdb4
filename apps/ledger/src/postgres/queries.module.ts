import { Module } from '@nestjs/common';
import { LedgerQueries } from './ledger-queries.js';

@Module({ providers: [LedgerQueries], exports: [LedgerQueries] })
export class QueriesModule {}
