import { Inject, Injectable } from '@nestjs/common';
import { HaltLifts } from '@sluice/service-shell';
import { Ceilings } from '../ceilings/ceilings.js';

/** Rules for every claim: the ceilings, and the halts that people have lifted. */
@Injectable()
export class SendingRules {
  constructor(
    readonly ceilings: Ceilings,
    @Inject(HaltLifts) readonly lifts: Pick<HaltLifts, 'verified'>,
  ) {}
}
