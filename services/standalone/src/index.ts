export { type Configuration, readConfiguration } from './configuration.ts';
export { type EngineThreadGiven, startEngineThread } from './engineThread.ts';
export { type Holdfast, startHoldfast } from './holdfast.ts';
