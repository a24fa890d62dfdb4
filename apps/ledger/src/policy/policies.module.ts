import { Module } from '@nestjs/common';
import { Policies } from './policies.js';

/** Rule sets in force, for the decisions on holds. */
@Module({ providers: [Policies], exports: [Policies] })
export class PoliciesModule {}
