import { Module, type DynamicModule } from '@nestjs/common';
import { ControlController, SIMULATION, VENUE_NAME } from './control.controller.js';
import type { VenueSimulation } from './sim/venue-simulation.js';

@Module({})
export class SimulatorModule {
  static of(venue: string, simulation: VenueSimulation): DynamicModule {
    return {
      module: SimulatorModule,
      controllers: [ControlController],
      providers: [
        { provide: VENUE_NAME, useValue: venue },
        { provide: SIMULATION, useValue: simulation },
      ],
    };
  }
}
