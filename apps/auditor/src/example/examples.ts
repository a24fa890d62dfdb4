import { Injectable } from '@nestjs/common';
import { Database } from '@sluice/postgres';
import { ExampleEntity } from './example.entity.js';

@Injectable()
export class Examples {
  constructor(private readonly database: Database) {}

  /** The newest first. */
  list(limit: number): Promise<ExampleEntity[]> {
    return this.database
      .repository(ExampleEntity)
      .find({ order: { beganAt: 'DESC', id: 'DESC' }, take: limit });
  }
}
