export { type Configuration, readConfiguration } from './configuration.ts';
export { type Holdfast, startHoldfast } from './holdfast.ts';
