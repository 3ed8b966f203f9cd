// arbitraries.ts: fast-check arbitraries for whoever tests with events and messages. Test support: not for services.

export { anyEvent, eventArbitraries } from './arbitraries/event.ts';
export { balances, controls, currency, entry, instant, metadata, minor, text } from './arbitraries/fields.ts';
export { hostileWireMessage, networkMessage, wireMessage } from './arbitraries/message.ts';
