import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { ConfigError, readConfig } from '../src/config.ts'

test('without settings everything has its default, and the model is simulated', () => {
  const config = readConfig({})

  expect(config).toMatchObject({
    host: '127.0.0.1',
    port: 8000,
    crewsDir: resolve('crews'),
    defaultCrew: null,
    databaseUrl: 'sqlite:./data/coxswain.db',
    dataDir: resolve('data'),
    tokens: null,
    webhookSecrets: null,
    webhookOrder: 'relaxed',
    encryptionKeys: null,
    maxConcurrentRuns: 100,
    maxQueuedRuns: 10_000,
    maxBodyBytes: 8_388_608,
    changedCode: 'continue',
    outboundAllowedHosts: [],
    corsOrigins: [],
    resultFormat: 'object',
    shutdownGraceMs: 8_000,
    retentionMs: null,
    logLevel: 'info',
    logFormat: null,
    models: { simulate: true, defaultModel: 'gpt-4o-mini', environment: {} },
  })
  expect(Object.isFrozen(config)).toBe(true)
})

test('an empty setting counts as absent', () => {
  expect(readConfig({ PORT: '', COXSWAIN_TOKEN: ' ', OPENAI_API_KEY: '' })).toEqual(readConfig({}))
})

test.each([
  [{ PORT: 'abc' }, 'PORT must be a whole number from 0 to 65535, got "abc".'],
  [{ LOG_FORMAT: 'pretty' }, 'LOG_FORMAT must be one of json, text, got "pretty".'],
  [{ PORT: '70000' }, 'PORT must be a whole number from 0 to 65535, got "70000".'],
  [
    { MAX_CONCURRENT_RUNS: '0' },
    'MAX_CONCURRENT_RUNS must be a whole number from 1 to 10000, got "0".',
  ],
  [
    { SHUTDOWN_GRACE_SECONDS: '1.5' },
    'SHUTDOWN_GRACE_SECONDS must be a whole number from 0 to 3600, got "1.5".',
  ],
  [
    { MAX_BODY_BYTES: '8MB' },
    'MAX_BODY_BYTES must be a whole number from 1024 to 268435456, got "8MB".',
  ],
  [
    { WORKER_MEMORY_MB: '128' },
    'WORKER_MEMORY_MB must be a whole number from 256 to 65536, got "128".',
  ],
  [
    { WORKER_IDLE_SECONDS: '0' },
    'WORKER_IDLE_SECONDS must be a whole number from 1 to 86400, got "0".',
  ],
  [{ CHANGED_CODE: 'stop' }, 'CHANGED_CODE must be one of continue, fail, got "stop".'],
  [{ RETENTION_DAYS: '-1' }, 'RETENTION_DAYS must be a number of days, got "-1".'],
  [{ RETENTION_DAYS: '0' }, 'RETENTION_DAYS must be above 0 and at most 36500, got "0".'],
  [{ RESULT_FORMAT: 'text' }, 'RESULT_FORMAT must be one of object, string, got "text".'],
  [
    { LOG_LEVEL: 'loud' },
    'LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent, got "loud".',
  ],
  [
    { COXSWAIN_URL: 'crews.example.com' },
    'COXSWAIN_URL must be an http or https URL, got "crews.example.com".',
  ],
  [{ WEBHOOK_ORDER: 'loose' }, 'WEBHOOK_ORDER must be one of relaxed, strict, got "loose".'],
  [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL must be sqlite: and the path of a file.'],
  [
    { COXSWAIN_SIMULATE: 'perhaps' },
    'COXSWAIN_SIMULATE must be one of on, off, true, false, 1, 0, got "perhaps".',
  ],
  [{ CORS_ORIGINS: '*' }, 'CORS_ORIGINS must be origins such as https://app.example.com, got "*".'],
  [{ COXSWAIN_TOKENS: 'a' }, 'COXSWAIN_TOKENS is not a setting.'],
])('%o is refused by name', (env, message) => {
  expect(() => readConfig(env)).toThrow(ConfigError)
  expect(() => readConfig(env)).toThrow(message)
})

test('variables that Kubernetes makes of a Service called coxswain are no settings', () => {
  const links = {
    COXSWAIN_SERVICE_HOST: '10.0.0.1',
    COXSWAIN_SERVICE_PORT_HTTP: '8000',
    COXSWAIN_PORT: 'tcp://10.0.0.1:8000',
    COXSWAIN_PORT_8000_TCP_ADDR: '10.0.0.1',
  }

  expect(readConfig(links)).toEqual(readConfig({}))
})

test('a database without a file is refused, because nothing would be kept', () => {
  expect(() => readConfig({ DATABASE_URL: 'sqlite:' })).toThrow('DATABASE_URL must be')
})

test('encryption keys are base64 of 32 bytes, and the first one comes first', () => {
  const keys = [1, 2].map((byte) => Buffer.alloc(32, byte))
  const config = readConfig({
    ENCRYPTION_KEY: keys.map((bytes) => bytes.toString('base64')).join(', '),
  })

  expect(config.encryptionKeys?.map(({ secret }) => secret.export())).toEqual(keys)
  for (const wrong of ['hunter2', ',', `${keys[0]?.toString('base64')},hunter2`]) {
    const attempt = () => readConfig({ ENCRYPTION_KEY: wrong })
    expect(attempt).toThrow('ENCRYPTION_KEY must be base64 of 32 bytes')
    expect(attempt).not.toThrow('hunter2')
  }
})

test('the value of a secret is not repeated', () => {
  const attempt = () => readConfig({ WEBHOOK_SECRET: 'hunter2' })

  expect(attempt).toThrow('WEBHOOK_SECRET must be')
  expect(attempt).not.toThrow('hunter2')
})

test('no token is needed only when the host is a loopback address', () => {
  expect(readConfig({ COXSWAIN_TOKEN: 'off' }).tokens).toBe('off')
  expect(readConfig({ COXSWAIN_TOKEN: 'off', HOST: '::1' }).tokens).toBe('off')
  expect(() => readConfig({ COXSWAIN_TOKEN: 'off', HOST: '0.0.0.0' })).toThrow('loopback')
  expect(() => readConfig({ COXSWAIN_TOKEN: 'off,abc' })).toThrow('either off or a list')
})

test('several tokens, secrets, hosts and origins are separated by commas', () => {
  const secret = `whsec_${Buffer.alloc(24).toString('base64')}`
  const config = readConfig({
    COXSWAIN_TOKEN: 'a, b',
    WEBHOOK_SECRET: `${secret},${secret}`,
    OUTBOUND_ALLOWED_HOSTS: '127.0.0.1,localhost',
    CORS_ORIGINS: 'https://a.example',
  })

  expect(config.tokens).toEqual(['a', 'b'])
  expect(config.webhookSecrets).toEqual([secret, secret])
  expect(config.outboundAllowedHosts).toEqual(['127.0.0.1', 'localhost'])
  expect(config.corsOrigins).toEqual(['https://a.example'])
})

test.each([
  [{}, true],
  [{ NODE_ENV: 'production' }, false],
  [{ OPENAI_API_KEY: 'k' }, false],
  [{ OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' }, false],
  [{ GROQ_API_KEY: 'k' }, false],
  [{ OPENAI_API_KEY: 'k', COXSWAIN_SIMULATE: 'on' }, true],
  [{ COXSWAIN_SIMULATE: 'off' }, false],
])('with %o the model is simulated: %s', (env, simulate) => {
  expect(readConfig(env).models.simulate).toBe(simulate)
})

test.each([
  [{}, 'http://127.0.0.1:8000'],
  [{ HOST: '0.0.0.0', PORT: '9000' }, 'http://127.0.0.1:9000'],
  [{ HOST: '::' }, 'http://[::1]:8000'],
  [{ HOST: 'localhost' }, 'http://localhost:8000'],
  [{ PORT: '0' }, null],
  [
    { PORT: '0', COXSWAIN_URL: 'https://crews.example.com/base/' },
    'https://crews.example.com/base',
  ],
])('with %o commands look for the server at %s', (env, url) => {
  expect(readConfig(env).serverUrl).toBe(url)
})

test('the default model is OPENAI_MODEL_NAME, or MODEL', () => {
  expect(readConfig({ MODEL: 'a' }).models.defaultModel).toBe('a')
  expect(readConfig({ MODEL: 'a', OPENAI_MODEL_NAME: 'b' }).models.defaultModel).toBe('b')
})
