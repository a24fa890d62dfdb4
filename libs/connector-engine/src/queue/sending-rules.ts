import { Inject, Injectable } from '@nestjs/common';
import { HaltLifts } from '@sluice/service-shell';
import { Ceilings } from '../ceilings/ceilings.js';
import { PermitWatch } from '../permits/permit-watch.js';

/** Rules for every claim: the ceilings, the halts that people have lifted, and the auditor's permit. */
@Injectable()
export class SendingRules {
  constructor(
    readonly ceilings: Ceilings,
    @Inject(HaltLifts) readonly lifts: Pick<HaltLifts, 'verified'>,
    @Inject(PermitWatch) readonly permits: Pick<PermitWatch, 'parameter' | 'fault'>,
  ) {}
}
