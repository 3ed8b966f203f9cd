import { describeLocation } from '@holdfast/journal';
import { describe, expect, test } from 'vitest';
import {
  readAuthorizerConfiguration,
  readConfiguration,
  readIssuingConfiguration,
  readLocation,
  readProjectorConfiguration,
} from './configuration.ts';

const flags = { sandbox: true, newKey: false };
const key = Buffer.alloc(32, 7);

describe('the configuration', () => {
  test('has a default for everything but secrets', () => {
    expect(readConfiguration(flags, {})).toEqual({
      ...{ data: './data', host: '127.0.0.1', port: 2600, mode: 'sandbox', bin: '999999' },
      ...{ log: { directory: './data' }, logLevel: 'warn', sandbox: true, newKey: false },
      ...{ decides: true, shared: undefined },
    });
  });

  test('comes from the environment, and from flags before that', () => {
    const environment = { HOLDFAST_PORT: '1', HOLDFAST_HOST: 'localhost', HOLDFAST_BIN: '12345678', HOLDFAST_DATA: '' };
    expect(readConfiguration({ ...flags, port: '2' }, environment)).toMatchObject({
      ...{ port: 2, host: 'localhost', bin: '12345678', data: './data' },
    });
  });

  test.each([
    ['hex', key.toString('hex')],
    ['base64', key.toString('base64')],
    ['base64url', key.toString('base64url')],
  ])('takes a key in %s', (_, text) => {
    const environment = { HOLDFAST_MODE: 'production', HOLDFAST_FINGERPRINT_KEY: text };
    const { fingerprintKey, sandbox, logLevel } = readConfiguration(flags, environment);
    expect(Buffer.from(fingerprintKey ?? [])).toEqual(key);
    expect({ sandbox, logLevel }).toEqual({ sandbox: false, logLevel: 'info' });
  });

  test.each([
    ['HOLDFAST_PORT', '65536', /HOLDFAST_PORT \(--port\) must be a number from 0 to 65535/],
    ['HOLDFAST_PORT', '-1', /HOLDFAST_PORT/],
    ['HOLDFAST_HOST', 'two words', /HOLDFAST_HOST \(--host\) must be/],
    ['HOLDFAST_MODE', 'demo', /HOLDFAST_MODE \(--mode\) must be sandbox or production/],
    ['HOLDFAST_BIN', '12345', /HOLDFAST_BIN must be 6 to 8 digits/],
    ['HOLDFAST_BIN', '123456789', /HOLDFAST_BIN/],
    ['HOLDFAST_EVENTSTORE', 'http://secret@host', /^HOLDFAST_EVENTSTORE must be like esdb:(?!.*secret)/],
    ['HOLDFAST_STREAM_PREFIX', 'one', /HOLDFAST_STREAM_PREFIX needs HOLDFAST_EVENTSTORE/],
    ['HOLDFAST_LOG_LEVEL', 'loud', /HOLDFAST_LOG_LEVEL \(--log-level\) must be one of fatal/],
    ['HOLDFAST_FINGERPRINT_KEY', Buffer.alloc(31).toString('base64'), /at least 32 bytes in base64 or hex; make one/],
    ['HOLDFAST_FINGERPRINT_KEY', 'not a key!', /at least 32 bytes/],
  ])('refuses %s=%s in one sentence', (name, value, sentence) => {
    expect(() => readConfiguration(flags, { [name]: value })).toThrow(sentence);
    expect(() => readConfiguration(flags, { [name]: value })).not.toThrow(/\n/);
  });

  const eventStore = {
    HOLDFAST_EVENTSTORE: 'esdb://user:secret@one:2113,two:2113?tls=true',
    HOLDFAST_STREAM_PREFIX: 'prod',
    HOLDFAST_APPENDERS: '2',
  };

  test('names an event store, and shows it without its password', () => {
    const { log, data } = readConfiguration(flags, eventStore);
    expect(data).toBe('./data');
    expect(log).toEqual({
      eventStore: { connectionString: eventStore.HOLDFAST_EVENTSTORE, streamPrefix: 'prod', appenders: 2 },
    });
    expect(describeLocation(log)).toBe('EventStoreDB at one:2113,two:2113, streams prod.*');
  });

  test('a command reads the folder that it is given, else the event store, else the folder of the environment', () => {
    expect(readLocation('./copy', eventStore)).toEqual({ directory: './copy' });
    expect(readLocation(undefined, { ...eventStore, HOLDFAST_DATA: './d', HOLDFAST_APPENDERS: '' })).toEqual({
      eventStore: { connectionString: eventStore.HOLDFAST_EVENTSTORE, streamPrefix: 'prod' },
    });
    expect(readLocation(undefined, { HOLDFAST_DATA: './d' })).toEqual({ directory: './d' });
    expect(readLocation(undefined, {})).toEqual({ directory: './data' });
  });

  test('on an event store has a name among the authorizers', () => {
    expect(readConfiguration(flags, eventStore).shared).toEqual({ authorizer: 'holdfast' });
    const named = { ...eventStore, HOLDFAST_AUTHORIZER: 'eu-1' };
    expect(readConfiguration(flags, named).shared).toEqual({ authorizer: 'eu-1' });
    expect(readConfiguration({ ...flags, name: 'eu-2' }, named).shared).toEqual({ authorizer: 'eu-2' });
    expect(() => readConfiguration({ ...flags, name: 'EU' }, named)).toThrow(/HOLDFAST_AUTHORIZER \(--name\) must be/);
  });

  test('lists all that is wrong at once', () => {
    const wrong = { HOLDFAST_PORT: 'x', HOLDFAST_MODE: 'y' };
    expect(() => readConfiguration(flags, wrong)).toThrow(
      /^the configuration is wrong:\n {2}HOLDFAST_PORT.*\n {2}HOLDFAST_MODE/,
    );
  });

  test('of an authorizer alone needs a log that others can write too, a name and the key', () => {
    expect(() => readAuthorizerConfiguration({}, {})).toThrow(
      /wrong:\n {2}HOLDFAST_EVENTSTORE is needed.*\n {2}HOLDFAST_AUTHORIZER.*\n {2}HOLDFAST_FINGERPRINT_KEY is needed/,
    );
    const environment = { ...eventStore, HOLDFAST_FINGERPRINT_KEY: key.toString('hex') };
    const { name, port, log, logLevel } = readAuthorizerConfiguration({ name: 'a-1' }, environment);
    expect({ name, port, logLevel }).toEqual({ name: 'a-1', port: 2601, logLevel: 'info' });
    expect(log).toMatchObject({ eventStore: { streamPrefix: 'prod' } });
    expect(() => readAuthorizerConfiguration({ name: 'a_1' }, environment)).toThrow(/^HOLDFAST_AUTHORIZER .*small/);
  });

  test('of issuing alone needs such a log, and says whose read models it reads', () => {
    expect(() => readIssuingConfiguration(flags, {})).toThrow(/^HOLDFAST_EVENTSTORE is needed.*holdfast start/);
    const environment = { ...eventStore, HOLDFAST_READ_MODELS: './r' };
    expect(readIssuingConfiguration(flags, environment)).toMatchObject({
      ...{ decides: false, shared: {}, readModels: './r', port: 2600 },
    });
  });

  test('of a projector has defaults', () => {
    expect(readProjectorConfiguration({}, {})).toMatchObject({ port: 2603, log: { directory: './data' } });
  });

  test('needs a key in production', () => {
    expect(() => readConfiguration(flags, { HOLDFAST_MODE: 'production' })).toThrow(
      /is needed in production.*openssl rand/,
    );
  });
});
