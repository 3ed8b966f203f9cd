export { type Projector, ProjectorStopped, startProjector } from './projector.ts';
